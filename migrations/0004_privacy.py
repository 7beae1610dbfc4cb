"""Tables of privacy."""

from passerelle.kit.schema import run_script

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
