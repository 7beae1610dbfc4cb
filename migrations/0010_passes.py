"""Tables of passes."""

from passerelle.kit.schema import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE apple_devices (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    device_library_identifier TEXT NOT NULL,
    pass_type_identifier TEXT NOT NULL,
    push_token TEXT NOT NULL,
    registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    update_tag BIGINT DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_apple_devices PRIMARY KEY (organization_id, id),
    CONSTRAINT uq_apple_devices_organization_id_device_library_identif_abea UNIQUE (organization_id, device_library_identifier, pass_type_identifier)
)
 WITH (fillfactor = 60);
ALTER TABLE apple_devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE apple_devices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON apple_devices USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON apple_devices TO passerelle_app;

CREATE TABLE google_classes (
    organization_id UUID NOT NULL,
    template_id UUID NOT NULL,
    template_version INTEGER NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_google_classes PRIMARY KEY (organization_id, template_id)
);
ALTER TABLE google_classes ENABLE ROW LEVEL SECURITY;
ALTER TABLE google_classes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON google_classes USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON google_classes TO passerelle_app;

CREATE TABLE google_nonces (
    organization_id UUID NOT NULL,
    nonce TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_google_nonces PRIMARY KEY (organization_id, nonce)
);
ALTER TABLE google_nonces ENABLE ROW LEVEL SECURITY;
ALTER TABLE google_nonces FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON google_nonces USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON google_nonces TO passerelle_app;

CREATE TABLE pass_updates (
    organization_id UUID NOT NULL,
    pass_id UUID NOT NULL,
    wallet TEXT NOT NULL,
    version BIGINT NOT NULL,
    bulk BOOLEAN NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_pass_updates PRIMARY KEY (organization_id, pass_id, wallet),
    CONSTRAINT ck_pass_updates_attempts CHECK (attempts >= 0)
)
 WITH (fillfactor = 60);
CREATE INDEX ix_pass_updates_due_at ON pass_updates (wallet, bulk, due_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON pass_updates TO passerelle_app;

CREATE TABLE passes (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    program_id UUID NOT NULL,
    template_id UUID NOT NULL,
    template_version INTEGER NOT NULL,
    serial_number TEXT NOT NULL,
    code TEXT NOT NULL,
    state TEXT DEFAULT 'active' NOT NULL,
    version BIGINT DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    downloaded_version BIGINT,
    downloaded_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_passes PRIMARY KEY (organization_id, id),
    CONSTRAINT uq_passes_organization_id_membership_id UNIQUE (organization_id, membership_id),
    CONSTRAINT uq_passes_organization_id_code UNIQUE (organization_id, code),
    CONSTRAINT ck_passes_state CHECK (state IN ('active', 'revoked'))
)
 WITH (fillfactor = 60);
CREATE INDEX ix_passes_customer_id ON passes (organization_id, customer_id);
CREATE INDEX ix_passes_template_id ON passes (organization_id, template_id, template_version);
ALTER TABLE passes ENABLE ROW LEVEL SECURITY;
ALTER TABLE passes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON passes USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON passes TO passerelle_app;

CREATE TABLE installations (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    pass_id UUID NOT NULL,
    wallet TEXT NOT NULL,
    device_id UUID,
    told_version BIGINT DEFAULT 0 NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    fetched_version BIGINT DEFAULT 0 NOT NULL,
    fetched_at TIMESTAMP WITH TIME ZONE,
    fetched_modified TIMESTAMP WITH TIME ZONE,
    update_tag BIGINT DEFAULT 0 NOT NULL,
    last_error TEXT,
    installed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_installations PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_installations_organization_id_pass_id FOREIGN KEY(organization_id, pass_id) REFERENCES passes (organization_id, id),
    CONSTRAINT fk_installations_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES apple_devices (organization_id, id),
    CONSTRAINT uq_installations_organization_id_pass_id_device_id UNIQUE NULLS NOT DISTINCT (organization_id, pass_id, device_id),
    CONSTRAINT ck_installations_wallet CHECK (wallet IN ('apple', 'google')),
    CONSTRAINT ck_installations_device CHECK ((wallet = 'apple') = (device_id IS NOT NULL))
)
 WITH (fillfactor = 60);
CREATE INDEX ix_installations_device_id ON installations (organization_id, device_id);
ALTER TABLE installations ENABLE ROW LEVEL SECURITY;
ALTER TABLE installations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON installations USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON installations TO passerelle_app;

""")
