"""Rewards of many kinds, issued and redeemed later; paying with units."""

from passerelle.kit.schema import run_script

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the columns and tables."""
    run_script("""
ALTER TABLE rewards
    ALTER COLUMN price DROP NOT NULL,
    ALTER COLUMN unit_id DROP NOT NULL,
    ADD COLUMN description TEXT DEFAULT '' NOT NULL,
    ADD COLUMN descriptions JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN image_url TEXT,
    ADD COLUMN benefit JSONB DEFAULT '{"type": "other"}' NOT NULL,
    ADD COLUMN period_limits JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN tier_ids UUID[] DEFAULT '{}' NOT NULL,
    ADD COLUMN tier_prices JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN first_day DATE,
    ADD COLUMN last_day DATE,
    ADD COLUMN hold_minutes INTEGER DEFAULT 15 NOT NULL,
    ADD COLUMN expires_after_days INTEGER,
    ADD COLUMN auto_issue BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN ever_issued BOOLEAN DEFAULT false NOT NULL,
    ADD CONSTRAINT ck_rewards_priced_in CHECK ((price IS NULL) = (unit_id IS NULL)),
    ADD CONSTRAINT ck_rewards_days CHECK (first_day <= last_day),
    ADD CONSTRAINT ck_rewards_hold_minutes CHECK (hold_minutes BETWEEN 1 AND 60),
    ADD CONSTRAINT ck_rewards_expires_after_days CHECK (expires_after_days BETWEEN 0 AND 3650);

ALTER TABLE issued_rewards
    DROP CONSTRAINT ck_issued_rewards_state,
    ALTER COLUMN unit_id DROP NOT NULL,
    ALTER COLUMN transfer_id DROP NOT NULL,
    ALTER COLUMN redeemed_at DROP NOT NULL,
    ALTER COLUMN state DROP DEFAULT,
    ADD COLUMN source TEXT DEFAULT 'taken' NOT NULL,
    ADD COLUMN reason TEXT,
    ADD COLUMN issued_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN expires_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN held_until TIMESTAMP WITH TIME ZONE,
    ADD COLUMN hold_digest BYTEA,
    ADD COLUMN redeemed_by TEXT,
    ADD COLUMN discount_minor BIGINT,
    ADD COLUMN ended_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN ended_by TEXT,
    ADD COLUMN ended_reason TEXT,
    ADD COLUMN fulfilment TEXT,
    ADD COLUMN tracking TEXT,
    ADD COLUMN fulfilment_steps JSONB DEFAULT '[]' NOT NULL;
ALTER TABLE issued_rewards NO FORCE ROW LEVEL SECURITY;
UPDATE issued_rewards SET issued_at = redeemed_at, redeemed_by = actor;
ALTER TABLE issued_rewards FORCE ROW LEVEL SECURITY;
ALTER TABLE issued_rewards
    ALTER COLUMN issued_at SET NOT NULL,
    ADD CONSTRAINT ck_issued_rewards_state
        CHECK (state IN ('issued', 'held', 'redeemed', 'undone', 'cancelled', 'expired')),
    ADD CONSTRAINT ck_issued_rewards_held_until CHECK ((state = 'held') = (held_until IS NOT NULL)),
    ADD CONSTRAINT ck_issued_rewards_redeemed_at
        CHECK ((state IN ('redeemed', 'undone')) = (redeemed_at IS NOT NULL)),
    ADD CONSTRAINT ck_issued_rewards_ended_at CHECK ((state IN ('cancelled', 'expired')) = (ended_at IS NOT NULL)),
    ADD CONSTRAINT ck_issued_rewards_paid CHECK ((price > 0) = (transfer_id IS NOT NULL)),
    ADD CONSTRAINT ck_issued_rewards_fulfilment CHECK (
        fulfilment IN ('ordered', 'prepared', 'shipped', 'ready', 'handed_over', 'returned', 'cancelled'));
CREATE INDEX ix_issued_rewards_customer_id ON issued_rewards (organization_id, customer_id, id);
CREATE INDEX ix_issued_rewards_expires_at ON issued_rewards (organization_id, expires_at)
    WHERE state IN ('issued', 'held') AND expires_at IS NOT NULL;
CREATE INDEX ix_issued_rewards_fulfilment ON issued_rewards (organization_id, fulfilment, id)
    WHERE fulfilment IS NOT NULL;
CREATE INDEX ix_issued_rewards_held_until ON issued_rewards (organization_id, held_until) WHERE state = 'held';
CREATE UNIQUE INDEX uq_issued_rewards_hold_digest ON issued_rewards (organization_id, hold_digest)
    WHERE hold_digest IS NOT NULL;

CREATE TABLE payments (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    units BIGINT NOT NULL,
    basket_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    reference TEXT NOT NULL,
    transfer_id UUID NOT NULL,
    purchase_id UUID,
    state TEXT DEFAULT 'made' NOT NULL,
    actor TEXT NOT NULL,
    location_id UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_payments PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_payments_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT uq_payments_organization_id_reference UNIQUE (organization_id, reference),
    CONSTRAINT ck_payments_units CHECK (units > 0),
    CONSTRAINT ck_payments_discount_minor CHECK (discount_minor > 0 AND discount_minor <= basket_minor),
    CONSTRAINT ck_payments_state CHECK (state IN ('made', 'undone')),
    CONSTRAINT ck_payments_undone_at CHECK ((state = 'undone') = (undone_at IS NOT NULL))
);
CREATE INDEX ix_payments_customer_id ON payments (organization_id, customer_id, id);
CREATE INDEX ix_payments_membership_id ON payments (organization_id, membership_id, id);
CREATE INDEX ix_payments_purchase_id ON payments (organization_id, purchase_id) WHERE purchase_id IS NOT NULL;
ALTER TABLE payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE payments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON payments USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON payments TO passerelle_app;

CREATE TABLE spending_terms (
    organization_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    program_id UUID NOT NULL,
    value_units BIGINT,
    value_minor BIGINT,
    minimum BIGINT DEFAULT 1 NOT NULL,
    maximum BIGINT,
    step BIGINT DEFAULT 1 NOT NULL,
    basket_percent INTEGER DEFAULT 100 NOT NULL,
    caps JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_spending_terms PRIMARY KEY (organization_id, unit_id),
    CONSTRAINT fk_spending_terms_organization_id_program_id FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_spending_terms_organization_id_unit_id FOREIGN KEY(organization_id, unit_id) REFERENCES units (organization_id, id),
    CONSTRAINT ck_spending_terms_value CHECK (value_units > 0 AND value_minor > 0),
    CONSTRAINT ck_spending_terms_value_whole CHECK ((value_units IS NULL) = (value_minor IS NULL)),
    CONSTRAINT ck_spending_terms_amounts CHECK (minimum > 0 AND maximum >= minimum AND step > 0),
    CONSTRAINT ck_spending_terms_basket_percent CHECK (basket_percent BETWEEN 1 AND 100)
);
CREATE INDEX ix_spending_terms_program_id ON spending_terms (organization_id, program_id);
ALTER TABLE spending_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE spending_terms FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON spending_terms USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON spending_terms TO passerelle_app;
""")
