"""Tables of purchases."""

from passerelle.kit.schema import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
