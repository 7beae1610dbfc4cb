"""Tables of templates."""

from passerelle.kit.schema import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Images, templates and their versions, which nobody may change."""
    run_script("""
CREATE TABLE images (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    digest TEXT NOT NULL,
    png BYTEA NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    size_bytes INTEGER NOT NULL,
    uploaded BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_images PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_images_organization_id FOREIGN KEY(organization_id)
        REFERENCES organizations (organization_id),
    CONSTRAINT uq_images_organization_id_digest UNIQUE (organization_id, digest),
    CONSTRAINT ck_images_digest CHECK (digest ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_images_size CHECK (octet_length(png) <= 20000000)
);
CREATE INDEX ix_images_uploaded ON images (organization_id, id) WHERE uploaded;
ALTER TABLE images ENABLE ROW LEVEL SECURITY;
ALTER TABLE images FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON images USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON images TO passerelle_app;

CREATE TABLE pass_templates (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    latest_version INTEGER NOT NULL,
    published_version INTEGER,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_pass_templates PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_pass_templates_organization_id FOREIGN KEY(organization_id)
        REFERENCES organizations (organization_id),
    CONSTRAINT ck_pass_templates_published_version CHECK (published_version BETWEEN 1 AND latest_version)
);
ALTER TABLE pass_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE pass_templates FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pass_templates USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON pass_templates TO passerelle_app;

CREATE TABLE pass_template_versions (
    organization_id UUID NOT NULL,
    template_id UUID NOT NULL,
    version INTEGER NOT NULL,
    content JSONB NOT NULL,
    files JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by TEXT NOT NULL,
    CONSTRAINT pk_pass_template_versions PRIMARY KEY (organization_id, template_id, version),
    CONSTRAINT fk_pass_template_versions_organization_id_template_id FOREIGN KEY(organization_id, template_id)
        REFERENCES pass_templates (organization_id, id),
    CONSTRAINT ck_pass_template_versions_version CHECK (version >= 1)
);
ALTER TABLE pass_template_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE pass_template_versions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pass_template_versions USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON pass_template_versions TO passerelle_app;

REVOKE UPDATE ON pass_template_versions FROM passerelle_app;
""")
