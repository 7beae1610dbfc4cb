"""Tables of programs."""

from passerelle.kit.schema import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE programs (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    version UUID NOT NULL,
    name TEXT NOT NULL,
    names JSONB DEFAULT '{}' NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    state TEXT NOT NULL,
    goal INTEGER,
    starts_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    template_id UUID,
    settings JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_programs PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_programs_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id),
    CONSTRAINT ck_programs_kind CHECK (kind IN ('stamps', 'points', 'membership')),
    CONSTRAINT ck_programs_state CHECK (state IN ('draft', 'active', 'paused', 'ended')),
    CONSTRAINT ck_programs_goal CHECK (goal > 0),
    CONSTRAINT ck_programs_stamps_goal CHECK (kind <> 'stamps' OR goal IS NOT NULL),
    CONSTRAINT ck_programs_window CHECK (starts_at < ends_at),
    CONSTRAINT ck_programs_settings CHECK (octet_length(settings::text) <= 8192)
);
ALTER TABLE programs ENABLE ROW LEVEL SECURITY;
ALTER TABLE programs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON programs USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON programs TO passerelle_app;

CREATE TABLE memberships (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    state TEXT DEFAULT 'active' NOT NULL,
    source TEXT NOT NULL,
    location_id UUID,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_memberships PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_memberships_organization_id_program_id
        FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_memberships_organization_id_customer_id
        FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT fk_memberships_organization_id_location_id
        FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_memberships_organization_id_program_id_customer_id
        UNIQUE (organization_id, program_id, customer_id),
    CONSTRAINT ck_memberships_state CHECK (state IN ('active', 'suspended', 'ended')),
    CONSTRAINT ck_memberships_source CHECK (source IN ('form', 'till', 'import', 'api'))
);
CREATE INDEX ix_memberships_customer_id ON memberships (organization_id, customer_id);
CREATE INDEX ix_memberships_program_id ON memberships (organization_id, program_id, id);
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON memberships USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON memberships TO passerelle_app;

CREATE TABLE units (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    decimals INTEGER DEFAULT 0 NOT NULL,
    names JSONB NOT NULL,
    position INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_units PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_units_organization_id_program_id
        FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT uq_units_organization_id_program_id_code UNIQUE (organization_id, program_id, code),
    CONSTRAINT ck_units_decimals CHECK (decimals BETWEEN 0 AND 4),
    CONSTRAINT ck_units_kind CHECK (kind IN ('stamps', 'points'))
);
ALTER TABLE units ENABLE ROW LEVEL SECURITY;
ALTER TABLE units FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON units USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON units TO passerelle_app;

CREATE TABLE accruals (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    rule_id UUID,
    unit_id UUID NOT NULL,
    reference TEXT NOT NULL,
    transfer_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    reasons JSONB NOT NULL,
    location_id UUID,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_accruals PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_accruals_organization_id_membership_id
        FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT ck_accruals_amount CHECK (amount > 0)
);
CREATE INDEX ix_accruals_membership_id ON accruals (organization_id, membership_id, occurred_at);
CREATE INDEX ix_accruals_reference ON accruals (organization_id, reference);
ALTER TABLE accruals ENABLE ROW LEVEL SECURITY;
ALTER TABLE accruals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON accruals USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON accruals TO passerelle_app;

CREATE TABLE earning_rules (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    position INTEGER NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    earning JSONB NOT NULL,
    minimum_amount_minor BIGINT DEFAULT 0 NOT NULL,
    cap_per_purchase INTEGER,
    cap_per_day INTEGER,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_earning_rules PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_earning_rules_organization_id_program_id
        FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_earning_rules_organization_id_unit_id
        FOREIGN KEY(organization_id, unit_id) REFERENCES units (organization_id, id),
    CONSTRAINT ck_earning_rules_minimum_amount_minor CHECK (minimum_amount_minor >= 0),
    CONSTRAINT ck_earning_rules_cap_per_purchase CHECK (cap_per_purchase > 0),
    CONSTRAINT ck_earning_rules_cap_per_day CHECK (cap_per_day > 0)
);
CREATE INDEX ix_earning_rules_program_id ON earning_rules (organization_id, program_id);
ALTER TABLE earning_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE earning_rules FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON earning_rules USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON earning_rules TO passerelle_app;
""")
