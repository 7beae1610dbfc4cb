"""The first steps of an organization."""

from passerelle.kit.schema import run_script

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Create them."""
    run_script("""
""")
