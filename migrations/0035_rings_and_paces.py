"""What a card in Google Wallet last rang for, so that a ring outlives the process that owed it."""

from passerelle.kit.schema import run_script

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Create it."""
    run_script("""
ALTER TABLE installations ADD COLUMN rung JSONB;
""")
