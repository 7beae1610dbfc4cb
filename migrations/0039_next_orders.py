"""Coupons that a purchase gives for the next one."""

from passerelle.kit.schema import run_script

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Say when a campaign's codes are given, and which purchase gave a code."""
    run_script("""
ALTER TABLE coupon_campaigns ADD COLUMN after_purchase JSONB;
ALTER TABLE coupon_campaigns ADD COLUMN given INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE coupon_campaigns ADD CONSTRAINT ck_coupon_campaigns_given CHECK (given >= 0);
ALTER TABLE coupons ADD COLUMN purchase_id UUID;
ALTER TABLE coupons ADD COLUMN given_on DATE;
ALTER TABLE coupons ADD COLUMN withdrawn_at TIMESTAMP WITH TIME ZONE;
CREATE INDEX ix_coupons_purchase_id ON coupons (organization_id, purchase_id) WHERE purchase_id IS NOT NULL;
""")
