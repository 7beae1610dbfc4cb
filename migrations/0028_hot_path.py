"""What the way of a purchase asks of the database."""

from passerelle.kit.schema import run_script

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Create them."""
    run_script("""
""")
