"""Terms of memberships: until when each is good, and the payments and gifts that say so."""

from passerelle.kit.schema import run_script

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Create it."""
    run_script("""
ALTER TABLE memberships ADD COLUMN valid_from TIMESTAMP WITH TIME ZONE;
ALTER TABLE memberships ADD COLUMN valid_until TIMESTAMP WITH TIME ZONE;
ALTER TABLE memberships ADD COLUMN term_told SMALLINT DEFAULT 0 NOT NULL;
ALTER TABLE memberships ADD COLUMN term_due_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE memberships ADD CONSTRAINT ck_memberships_valid CHECK (valid_from <= valid_until);
CREATE INDEX ix_memberships_valid_until ON memberships (organization_id, program_id, valid_until);
CREATE INDEX ix_memberships_term_due_at ON memberships (organization_id, term_due_at) WHERE term_due_at IS NOT NULL;
CREATE TABLE membership_terms (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    input_digest BYTEA NOT NULL,
    terms JSONB NOT NULL,
    amount_minor BIGINT,
    currency TEXT,
    method TEXT,
    reason TEXT,
    location_id UUID,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    voided_at TIMESTAMP WITH TIME ZONE,
    voided_by TEXT,
    void_reason TEXT,
    set_aside BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_membership_terms PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_membership_terms_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT fk_membership_terms_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_membership_terms_organization_id_reference UNIQUE (organization_id, reference),
    CONSTRAINT ck_membership_terms_kind CHECK (kind IN ('joining', 'payment', 'gift')),
    CONSTRAINT ck_membership_terms_amount CHECK ((kind = 'payment') = (amount_minor IS NOT NULL)),
    CONSTRAINT ck_membership_terms_payment CHECK ((amount_minor IS NULL) = (currency IS NULL) AND (amount_minor IS NULL) = (method IS NULL)),
    CONSTRAINT ck_membership_terms_amount_minor CHECK (amount_minor >= 0),
    CONSTRAINT ck_membership_terms_method CHECK (method IN ('cash', 'card', 'transfer', 'other')),
    CONSTRAINT ck_membership_terms_span CHECK (starts_at <= ends_at)
);
CREATE INDEX ix_membership_terms_membership_id ON membership_terms (organization_id, membership_id, id);
CREATE INDEX ix_membership_terms_occurred_at ON membership_terms (organization_id, occurred_at) WHERE kind = 'payment';
ALTER TABLE membership_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership_terms FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON membership_terms USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON membership_terms TO passerelle_app;
""")
