"""Cards of coupons and gift cards beside those of memberships."""

from passerelle.kit.schema import run_script

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Create them."""
    run_script("""
""")
