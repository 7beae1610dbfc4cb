"""Tables of privacy."""

from passerelle.kit.schema import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE consents (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    wording TEXT,
    wording_version TEXT,
    language TEXT,
    source TEXT NOT NULL,
    actor TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_consents PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_consents_organization_id_customer_id
        FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT ck_consents_channel
        CHECK (channel IN ('none', 'sms', 'whatsapp', 'email', 'push', 'telegram', 'messenger')),
    CONSTRAINT ck_consents_state CHECK (state IN ('granted', 'withdrawn')),
    CONSTRAINT ck_consents_source CHECK (source IN ('form', 'till', 'import', 'api', 'erasure')),
    CONSTRAINT ck_consents_granted_with_wording
        CHECK (state = 'withdrawn' OR num_nulls(wording, wording_version, language) = 0)
);
CREATE INDEX ix_consents_customer_id ON consents (organization_id, customer_id, id);
ALTER TABLE consents ENABLE ROW LEVEL SECURITY;
ALTER TABLE consents FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consents USING (organization_id = current_setting('app.organization_id')::uuid);
-- Superseded, never changed: the application can neither rewrite nor remove what a person said.
GRANT SELECT, INSERT ON consents TO passerelle_app;

CREATE TABLE consent_evidence (
    organization_id UUID NOT NULL,
    consent_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    network BYTEA NOT NULL,
    CONSTRAINT pk_consent_evidence PRIMARY KEY (organization_id, consent_id),
    CONSTRAINT fk_consent_evidence_organization_id_consent_id
        FOREIGN KEY(organization_id, consent_id) REFERENCES consents (organization_id, id)
);
CREATE INDEX ix_consent_evidence_customer_id ON consent_evidence (organization_id, customer_id);
ALTER TABLE consent_evidence ENABLE ROW LEVEL SECURITY;
ALTER TABLE consent_evidence FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consent_evidence USING (organization_id = current_setting('app.organization_id')::uuid);
-- What could tell who it was: erasure deletes it.
GRANT SELECT, INSERT, DELETE ON consent_evidence TO passerelle_app;
""")
