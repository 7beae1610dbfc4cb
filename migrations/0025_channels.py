"""Where people find a program: links, posters, kiosks."""

from passerelle.kit.schema import run_script

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Create them."""
    run_script("""
""")
