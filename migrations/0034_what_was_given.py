"""What was given refers to memberships without foreign keys.

Memberships are never deleted, and whoever writes down what one was given holds it locked in the same transaction: the
database would look it up again for each row, five or ten times a purchase.
"""

from passerelle.kit.schema import run_script

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Drop them."""
    run_script("""
ALTER TABLE accruals DROP CONSTRAINT fk_accruals_organization_id_membership_id;
ALTER TABLE promotion_uses DROP CONSTRAINT fk_promotion_uses_organization_id_membership_id;
""")
