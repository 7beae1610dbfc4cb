"""Where people find a program: links, posters, kiosks."""

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Nothing yet."""
