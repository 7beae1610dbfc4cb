"""Where people find a program: links that are archived and framed, posters, kiosks."""

from passerelle.kit.schema import run_script

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Add them."""
    run_script("""
ALTER TABLE join_links
    ADD COLUMN embed_origins TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN poster JSONB,
    ADD COLUMN archived_at TIMESTAMP WITH TIME ZONE;

ALTER TABLE link_facts
    ADD COLUMN wallet TEXT,
    ADD CONSTRAINT ck_link_facts_wallet CHECK (wallet IN ('apple', 'google'));
CREATE INDEX ix_link_facts_join_link_id ON link_facts (organization_id, join_link_id, occurred_at);

CREATE TABLE kiosks (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    join_link_id UUID NOT NULL,
    name TEXT NOT NULL,
    digest BYTEA NOT NULL,
    language TEXT,
    seen_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_kiosks PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_kiosks_organization_id_join_link_id FOREIGN KEY(organization_id, join_link_id)
        REFERENCES join_links (organization_id, id),
    CONSTRAINT uq_kiosks_organization_id_digest UNIQUE (organization_id, digest)
);
CREATE INDEX ix_kiosks_join_link_id ON kiosks (organization_id, join_link_id);
ALTER TABLE kiosks ENABLE ROW LEVEL SECURITY;
ALTER TABLE kiosks FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON kiosks USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON kiosks TO passerelle_app;
""")
