"""Customers' own pages behind a link."""

from passerelle.kit.schema import run_script

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Create them."""
    run_script("""
""")
