"""Tables of rewards."""

from passerelle.kit.schema import run_script

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
