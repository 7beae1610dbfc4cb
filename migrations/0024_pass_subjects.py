"""Cards of coupons and gift cards beside those of memberships."""

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Nothing yet."""
