"""How operators come in: second factors, passkeys, invitations, new passwords. An organization's own wallet identities."""

from passerelle.kit.schema import run_script

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make the tables; sessions get an id, and know how they were opened and in which browser."""
    run_script("""
ALTER TABLE operator_sessions
    ADD COLUMN id UUID DEFAULT gen_random_uuid() NOT NULL,
    ADD COLUMN method TEXT DEFAULT 'password' NOT NULL,
    ADD COLUMN browser TEXT,
    ADD CONSTRAINT ck_operator_sessions_method CHECK (method IN ('password', 'second_factor', 'passkey', 'link'));
ALTER TABLE operator_sessions
    ALTER COLUMN id DROP DEFAULT,
    ALTER COLUMN method DROP DEFAULT,
    ADD CONSTRAINT uq_operator_sessions_organization_id_id UNIQUE (organization_id, id);
CREATE TABLE second_factors (
    organization_id UUID NOT NULL,
    operator_id UUID NOT NULL,
    secret BYTEA NOT NULL,
    last_step BIGINT,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_second_factors PRIMARY KEY (organization_id, operator_id),
    CONSTRAINT fk_second_factors_organization_id_operator_id FOREIGN KEY(organization_id, operator_id) REFERENCES operators (organization_id, id)
);
ALTER TABLE second_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE second_factors FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON second_factors USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors TO passerelle_app;

CREATE TABLE recovery_codes (
    organization_id UUID NOT NULL,
    operator_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (organization_id, operator_id, digest),
    CONSTRAINT fk_recovery_codes_organization_id_operator_id FOREIGN KEY(organization_id, operator_id) REFERENCES second_factors (organization_id, operator_id)
);
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON recovery_codes USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_codes TO passerelle_app;

CREATE TABLE spent_challenges (
    organization_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_spent_challenges PRIMARY KEY (organization_id, digest)
);
ALTER TABLE spent_challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE spent_challenges FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON spent_challenges USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON spent_challenges TO passerelle_app;

CREATE TABLE passkeys (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    operator_id UUID NOT NULL,
    name TEXT NOT NULL,
    credential_id BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_passkeys PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_passkeys_organization_id_operator_id FOREIGN KEY(organization_id, operator_id) REFERENCES operators (organization_id, id),
    CONSTRAINT uq_passkeys_organization_id_credential_id UNIQUE (organization_id, credential_id)
);
CREATE INDEX ix_passkeys_operator_id ON passkeys (organization_id, operator_id);
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkeys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON passkeys USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys TO passerelle_app;

CREATE TABLE invitations (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    email BYTEA NOT NULL,
    email_index BYTEA NOT NULL,
    role TEXT NOT NULL,
    invited_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_invitations PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_invitations_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id),
    CONSTRAINT ck_invitations_role CHECK (role IN ('owner', 'manager', 'cashier', 'analyst')),
    CONSTRAINT ck_invitations_closed_once CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX ix_invitations_email_index ON invitations (organization_id, email_index);
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO passerelle_app;

CREATE TABLE password_resets (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    operator_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_password_resets PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_password_resets_organization_id_operator_id FOREIGN KEY(organization_id, operator_id) REFERENCES operators (organization_id, id),
    CONSTRAINT uq_password_resets_organization_id_operator_id UNIQUE (organization_id, operator_id)
);
ALTER TABLE password_resets ENABLE ROW LEVEL SECURITY;
ALTER TABLE password_resets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON password_resets USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON password_resets TO passerelle_app;

CREATE TABLE apple_identities (
    organization_id UUID NOT NULL,
    pass_type_identifier TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    in_use BOOLEAN NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_apple_identities PRIMARY KEY (organization_id, pass_type_identifier),
    CONSTRAINT fk_apple_identities_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id)
);
CREATE UNIQUE INDEX uq_apple_identities_in_use ON apple_identities (organization_id) WHERE in_use;
ALTER TABLE apple_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE apple_identities FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON apple_identities USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON apple_identities TO passerelle_app;

CREATE TABLE apple_requests (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    key BYTEA NOT NULL,
    request TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_apple_requests PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_apple_requests_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id)
);
ALTER TABLE apple_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE apple_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON apple_requests USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON apple_requests TO passerelle_app;

CREATE TABLE google_identities (
    organization_id UUID NOT NULL,
    issuer_id TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    stored_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_google_identities PRIMARY KEY (organization_id),
    CONSTRAINT fk_google_identities_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id)
);
ALTER TABLE google_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE google_identities FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON google_identities USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON google_identities TO passerelle_app;
""")
