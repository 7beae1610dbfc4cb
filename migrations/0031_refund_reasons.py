"""What else a refund brought about, beside the units it moved: rewards that were given up."""

from passerelle.kit.schema import run_script

revision = "0031"
down_revision = "0027"


def upgrade() -> None:
    """Create it."""
    run_script("ALTER TABLE refund_units ADD COLUMN reasons JSONB DEFAULT '[]' NOT NULL")
