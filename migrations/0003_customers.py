"""Tables of customers."""

from passerelle.kit.schema import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
