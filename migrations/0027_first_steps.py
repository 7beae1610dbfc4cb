"""The first steps of an organization need no table; the revision stays for those who have run it."""

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Change nothing."""
