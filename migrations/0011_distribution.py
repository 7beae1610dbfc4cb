"""Tables of distribution."""

from passerelle.kit.schema import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
