"""What taking a purchase back brings about, beside the units that it earned.

Rewards that are given up stand with the refund; what a tier brought stands with the change of the tier, and what went back to a budget with its use.
"""

from passerelle.kit.schema import run_script

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Create it."""
    run_script("""
ALTER TABLE refund_units ADD COLUMN reasons JSONB DEFAULT '[]' NOT NULL;
ALTER TABLE promotion_uses ADD COLUMN returned_units BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE promotion_uses ADD CONSTRAINT ck_promotion_uses_returned_units
    CHECK (returned_units BETWEEN 0 AND units);
ALTER TABLE tier_changes ADD COLUMN brought TEXT;
ALTER TABLE tier_changes ADD COLUMN kept_units BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE tier_changes ADD CONSTRAINT ck_tier_changes_brought CHECK (brought IN ('given', 'taken_back'));
""")
