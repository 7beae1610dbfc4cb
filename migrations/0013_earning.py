"""Tables of earning: more of units, rules and purchases; promotions, custom events, segments."""

from passerelle.kit.schema import run_script

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns, create the tables."""
    run_script("""
ALTER TABLE purchases
    ADD COLUMN tax_minor BIGINT,
    ADD COLUMN points_minor BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN gift_card_minor BIGINT DEFAULT 0 NOT NULL,
    ADD CONSTRAINT ck_purchases_tax_minor CHECK (tax_minor BETWEEN 0 AND amount_minor),
    ADD CONSTRAINT ck_purchases_paid_with CHECK (
        points_minor >= 0 AND gift_card_minor >= 0 AND points_minor + gift_card_minor <= amount_minor
    );
ALTER TABLE customers
    ADD COLUMN segments TEXT[] DEFAULT '{}' NOT NULL,
    DROP CONSTRAINT ck_customers_erased,
    ADD CONSTRAINT ck_customers_erased CHECK (
        erased_at IS NULL OR (
            num_nonnulls(first_name, last_name, phone, email, birthday, birthday_changed_at, language) = 0
            AND attributes = '{}' AND segments = '{}'
        )
    );
ALTER TABLE programs
    DROP CONSTRAINT ck_programs_kind,
    ADD CONSTRAINT ck_programs_kind CHECK (kind IN ('stamps', 'points', 'membership', 'cashback', 'multipass'));
ALTER TABLE units
    ADD COLUMN policy TEXT DEFAULT 'sum' NOT NULL,
    ADD COLUMN multipliers TEXT DEFAULT 'best' NOT NULL,
    ADD COLUMN caps JSONB DEFAULT '[]' NOT NULL,
    ADD CONSTRAINT ck_units_policy CHECK (policy IN ('sum', 'best', 'first')),
    ADD CONSTRAINT ck_units_multipliers CHECK (multipliers IN ('best', 'product', 'sum'));
ALTER TABLE earning_rules
    ADD COLUMN caps JSONB DEFAULT '[]' NOT NULL,
    ADD COLUMN times JSONB DEFAULT '[]' NOT NULL,
    ADD COLUMN cooldown_minutes INTEGER,
    ADD COLUMN conditions JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN base JSONB,
    ADD COLUMN timing JSONB,
    ADD CONSTRAINT ck_earning_rules_cooldown_minutes CHECK (cooldown_minutes > 0);
ALTER TABLE accruals ADD COLUMN promotion_id UUID;

CREATE TABLE promotion_uses (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    promotion_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    reference TEXT NOT NULL,
    units BIGINT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_promotion_uses PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_promotion_uses_organization_id_membership_id
        FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT ck_promotion_uses_units CHECK (units > 0)
);
CREATE INDEX ix_promotion_uses_membership_id ON promotion_uses (organization_id, membership_id, promotion_id);
CREATE INDEX ix_promotion_uses_promotion_id ON promotion_uses (organization_id, promotion_id);
CREATE INDEX ix_promotion_uses_reference ON promotion_uses (organization_id, reference);
ALTER TABLE promotion_uses ENABLE ROW LEVEL SECURITY;
ALTER TABLE promotion_uses FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON promotion_uses USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON promotion_uses TO passerelle_app;

CREATE TABLE promotions (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    name TEXT NOT NULL,
    names JSONB DEFAULT '{}' NOT NULL,
    state TEXT NOT NULL,
    effect JSONB NOT NULL,
    conditions JSONB DEFAULT '{}' NOT NULL,
    minimum_amount_minor BIGINT DEFAULT 0 NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    priority INTEGER DEFAULT 0 NOT NULL,
    stacking TEXT DEFAULT 'stackable' NOT NULL,
    limit_per_customer INTEGER,
    budget_uses BIGINT,
    budget_units BIGINT,
    used_uses BIGINT DEFAULT 0 NOT NULL,
    used_units BIGINT DEFAULT 0 NOT NULL,
    timing JSONB,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_promotions PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_promotions_organization_id_program_id
        FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_promotions_organization_id_unit_id
        FOREIGN KEY(organization_id, unit_id) REFERENCES units (organization_id, id),
    CONSTRAINT ck_promotions_state CHECK (state IN ('draft', 'active', 'paused', 'ended')),
    CONSTRAINT ck_promotions_stacking CHECK (stacking IN ('stackable', 'exclusive')),
    CONSTRAINT ck_promotions_window CHECK (starts_at < ends_at),
    CONSTRAINT ck_promotions_minimum_amount_minor CHECK (minimum_amount_minor >= 0),
    CONSTRAINT ck_promotions_limit_per_customer CHECK (limit_per_customer > 0),
    CONSTRAINT ck_promotions_budget_uses CHECK (used_uses >= 0 AND used_uses <= budget_uses),
    CONSTRAINT ck_promotions_budget_units CHECK (used_units >= 0 AND used_units <= budget_units)
);
CREATE INDEX ix_promotions_program_id ON promotions (organization_id, program_id, id);
ALTER TABLE promotions ENABLE ROW LEVEL SECURITY;
ALTER TABLE promotions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON promotions USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON promotions TO passerelle_app;

CREATE TABLE custom_events (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    reference TEXT NOT NULL,
    customer_id UUID NOT NULL,
    membership_id UUID,
    attributes JSONB NOT NULL,
    location_id UUID,
    actor TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_custom_events PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_custom_events_organization_id_customer_id
        FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT fk_custom_events_organization_id_membership_id
        FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT fk_custom_events_organization_id_location_id
        FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_custom_events_organization_id_reference UNIQUE (organization_id, reference)
);
CREATE INDEX ix_custom_events_customer_id ON custom_events (organization_id, customer_id, id);
ALTER TABLE custom_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE custom_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON custom_events USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON custom_events TO passerelle_app;
""")
