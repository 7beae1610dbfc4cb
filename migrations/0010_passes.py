"""Tables of passes."""

from passerelle.kit.schema import run_script

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
