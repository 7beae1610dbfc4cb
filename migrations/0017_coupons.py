"""Tables of coupons."""

from passerelle.kit.schema import run_script

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE coupon_attempts (
    organization_id UUID NOT NULL,
    subject TEXT NOT NULL,
    failures INTEGER NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_coupon_attempts PRIMARY KEY (organization_id, subject),
    CONSTRAINT ck_coupon_attempts_failures CHECK (failures >= 0)
)
 WITH (fillfactor = 60);
ALTER TABLE coupon_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE coupon_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON coupon_attempts USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON coupon_attempts TO passerelle_app;

CREATE TABLE coupon_counts (
    organization_id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    period TEXT NOT NULL,
    starts_on DATE NOT NULL,
    uses INTEGER DEFAULT 0 NOT NULL,
    discount_minor BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_coupon_counts PRIMARY KEY (organization_id, campaign_id, customer_id, period, starts_on),
    CONSTRAINT ck_coupon_counts_period CHECK (period IN ('ever', 'day', 'week', 'month')),
    CONSTRAINT ck_coupon_counts_not_negative CHECK (uses >= 0 AND discount_minor >= 0)
)
 WITH (fillfactor = 60);
ALTER TABLE coupon_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE coupon_counts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON coupon_counts USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON coupon_counts TO passerelle_app;

CREATE TABLE coupons (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    code_index BYTEA NOT NULL,
    code BYTEA NOT NULL,
    customer_id UUID,
    reference TEXT,
    state TEXT DEFAULT 'active' NOT NULL,
    uses INTEGER DEFAULT 0 NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_coupons PRIMARY KEY (organization_id, id),
    CONSTRAINT uq_coupons_organization_id_code_index UNIQUE (organization_id, code_index),
    CONSTRAINT ck_coupons_state CHECK (state IN ('active', 'voided', 'expired')),
    CONSTRAINT ck_coupons_uses CHECK (uses >= 0)
);
CREATE INDEX ix_coupons_campaign_id ON coupons (organization_id, campaign_id, id);
CREATE INDEX ix_coupons_customer_id ON coupons (organization_id, customer_id, id) WHERE customer_id IS NOT NULL;
CREATE UNIQUE INDEX uq_coupons_reference ON coupons (organization_id, campaign_id, reference) WHERE reference IS NOT NULL;
ALTER TABLE coupons ENABLE ROW LEVEL SECURITY;
ALTER TABLE coupons FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON coupons USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON coupons TO passerelle_app;

CREATE TABLE coupon_redemptions (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    coupon_id UUID NOT NULL,
    customer_id UUID,
    membership_id UUID,
    reference TEXT NOT NULL,
    order_reference TEXT,
    request_digest BYTEA NOT NULL,
    state TEXT NOT NULL,
    stacking TEXT NOT NULL,
    basket_digest BYTEA,
    basket_minor BIGINT,
    discount_minor BIGINT NOT NULL,
    spread BIGINT[] NOT NULL,
    units BIGINT NOT NULL,
    currency TEXT NOT NULL,
    location_id UUID,
    channel TEXT NOT NULL,
    actor TEXT NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    held_until TIMESTAMP WITH TIME ZONE,
    redeemed_at TIMESTAMP WITH TIME ZONE,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_coupon_redemptions PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_coupon_redemptions_organization_id_coupon_id FOREIGN KEY(organization_id, coupon_id) REFERENCES coupons (organization_id, id),
    CONSTRAINT uq_coupon_redemptions_organization_id_reference UNIQUE (organization_id, reference),
    CONSTRAINT ck_coupon_redemptions_state CHECK (state IN ('held', 'redeemed', 'undone', 'lapsed')),
    CONSTRAINT ck_coupon_redemptions_stacking CHECK (stacking IN ('exclusive', 'combinable')),
    CONSTRAINT ck_coupon_redemptions_discount_minor CHECK (discount_minor >= 0 AND discount_minor <= coalesce(basket_minor, 0)),
    CONSTRAINT ck_coupon_redemptions_undone_at CHECK ((state IN ('undone', 'lapsed')) = (undone_at IS NOT NULL)),
    CONSTRAINT ck_coupon_redemptions_held_until CHECK (state <> 'held' OR held_until IS NOT NULL),
    CONSTRAINT ck_coupon_redemptions_redeemed_at CHECK (state <> 'redeemed' OR redeemed_at IS NOT NULL),
    CONSTRAINT ck_coupon_redemptions_channel CHECK (channel IN ('till', 'online', 'api'))
);
CREATE INDEX ix_coupon_redemptions_campaign_id ON coupon_redemptions (organization_id, campaign_id, id);
CREATE INDEX ix_coupon_redemptions_coupon_id ON coupon_redemptions (organization_id, coupon_id, id);
CREATE INDEX ix_coupon_redemptions_customer_id ON coupon_redemptions (organization_id, customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX ix_coupon_redemptions_held_until ON coupon_redemptions (organization_id, campaign_id, held_until) WHERE state = 'held';
CREATE INDEX ix_coupon_redemptions_order_reference ON coupon_redemptions (organization_id, order_reference) WHERE order_reference IS NOT NULL;
ALTER TABLE coupon_redemptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE coupon_redemptions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON coupon_redemptions USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON coupon_redemptions TO passerelle_app;

CREATE TABLE coupon_campaigns (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    names JSONB DEFAULT '{}' NOT NULL,
    state TEXT NOT NULL,
    program_id UUID,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    pattern JSONB NOT NULL,
    terms JSONB NOT NULL,
    codes INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_coupon_campaigns PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_coupon_campaigns_organization_id_program_id FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT ck_coupon_campaigns_state CHECK (state IN ('draft', 'active', 'paused', 'ended')),
    CONSTRAINT ck_coupon_campaigns_ended_at CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT ck_coupon_campaigns_codes CHECK (codes >= 0)
);
ALTER TABLE coupon_campaigns ENABLE ROW LEVEL SECURITY;
ALTER TABLE coupon_campaigns FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON coupon_campaigns USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON coupon_campaigns TO passerelle_app;

CREATE TABLE coupon_batches (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    kind TEXT NOT NULL,
    requested INTEGER NOT NULL,
    made INTEGER DEFAULT 0 NOT NULL,
    state TEXT NOT NULL,
    pattern JSONB NOT NULL,
    actor TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_coupon_batches PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_coupon_batches_organization_id_campaign_id FOREIGN KEY(organization_id, campaign_id) REFERENCES coupon_campaigns (organization_id, id),
    CONSTRAINT ck_coupon_batches_kind CHECK (kind IN ('generated', 'imported')),
    CONSTRAINT ck_coupon_batches_state CHECK (state IN ('queued', 'running', 'done', 'cancelled')),
    CONSTRAINT ck_coupon_batches_made CHECK (made BETWEEN 0 AND requested),
    CONSTRAINT ck_coupon_batches_finished_at CHECK ((state IN ('done', 'cancelled')) = (finished_at IS NOT NULL))
);
CREATE INDEX ix_coupon_batches_campaign_id ON coupon_batches (organization_id, campaign_id, id);
ALTER TABLE coupon_batches ENABLE ROW LEVEL SECURITY;
ALTER TABLE coupon_batches FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON coupon_batches USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON coupon_batches TO passerelle_app;
""")
