"""When the units of a tier's members become usable and lapse."""

from passerelle.kit.schema import run_script

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Create it."""
    run_script("ALTER TABLE tiers ADD COLUMN timing JSONB")
