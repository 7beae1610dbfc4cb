"""What the way of a purchase asks of the database."""

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Nothing yet."""
