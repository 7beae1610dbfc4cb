"""How cards show their code, and what a till does by itself after a scan."""

from passerelle.kit.schema import run_script

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    """Create it."""
    run_script("""
CREATE TABLE code_rules (
    organization_id UUID NOT NULL,
    program_id UUID NOT NULL,
    code_kind TEXT NOT NULL,
    copies_may TEXT NOT NULL,
    single_use BOOLEAN NOT NULL,
    CONSTRAINT pk_code_rules PRIMARY KEY (organization_id, program_id),
    CONSTRAINT ck_code_rules_code_kind CHECK (code_kind IN ('static', 'signed', 'rotating')),
    CONSTRAINT ck_code_rules_copies_may CHECK (copies_may IN ('everything', 'earn', 'look_up'))
);
ALTER TABLE code_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE code_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON code_rules USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON code_rules TO passerelle_app;
CREATE TABLE spent_codes (
    organization_id UUID NOT NULL,
    pass_id UUID NOT NULL,
    step BIGINT NOT NULL,
    spent_by TEXT NOT NULL,
    reference TEXT NOT NULL,
    spent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_spent_codes PRIMARY KEY (organization_id, pass_id, step),
    CONSTRAINT fk_spent_codes_organization_id_pass_id FOREIGN KEY(organization_id, pass_id) REFERENCES passes (organization_id, id)
);
CREATE INDEX ix_spent_codes_spent_at ON spent_codes (organization_id, spent_at);
ALTER TABLE spent_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE spent_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON spent_codes USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON spent_codes TO passerelle_app;
ALTER TABLE organizations ADD COLUMN scan_action TEXT DEFAULT 'ask' NOT NULL;
ALTER TABLE organizations ADD CONSTRAINT ck_organizations_scan_action CHECK (scan_action IN ('ask', 'visit', 'amount', 'redeem', 'check_in', 'look_up'));
ALTER TABLE locations ADD COLUMN scan_action TEXT;
ALTER TABLE locations ADD CONSTRAINT ck_locations_scan_action CHECK (scan_action IN ('ask', 'visit', 'amount', 'redeem', 'check_in', 'look_up'));
ALTER TABLE devices ADD COLUMN scan_action TEXT;
ALTER TABLE devices ADD CONSTRAINT ck_devices_scan_action CHECK (scan_action IN ('ask', 'visit', 'amount', 'redeem', 'check_in', 'look_up'));
""")
