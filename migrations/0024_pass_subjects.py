"""Cards of coupons and gift cards beside those of memberships."""

from passerelle.kit.schema import run_script

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """A card is of a subject; designs of campaigns and products; links to cards that nobody's name stands on."""
    run_script("""
ALTER TABLE passes RENAME COLUMN membership_id TO subject_id;
ALTER TABLE passes RENAME CONSTRAINT uq_passes_organization_id_membership_id TO uq_passes_organization_id_subject_id;
ALTER TABLE passes
    ADD COLUMN subject_kind TEXT DEFAULT 'membership' NOT NULL,
    ADD COLUMN offering_id UUID,
    ALTER COLUMN customer_id DROP NOT NULL,
    ALTER COLUMN program_id DROP NOT NULL,
    ALTER COLUMN code DROP NOT NULL,
    ADD CONSTRAINT ck_passes_subject_kind CHECK (subject_kind IN ('membership', 'coupon', 'gift_card')),
    ADD CONSTRAINT ck_passes_program_id CHECK ((subject_kind = 'membership') = (program_id IS NOT NULL)),
    ADD CONSTRAINT ck_passes_code CHECK ((subject_kind = 'membership') = (code IS NOT NULL)),
    ADD CONSTRAINT ck_passes_offering_id CHECK ((subject_kind = 'membership') = (offering_id IS NULL)),
    ADD CONSTRAINT ck_passes_customer_id CHECK (subject_kind <> 'membership' OR customer_id IS NOT NULL);
CREATE INDEX ix_passes_offering_id ON passes (organization_id, offering_id, id) WHERE offering_id IS NOT NULL;

ALTER TABLE smart_links
    ALTER COLUMN customer_id DROP NOT NULL,
    ALTER COLUMN program_id DROP NOT NULL;

ALTER TABLE coupon_campaigns ADD COLUMN template_id UUID;
ALTER TABLE gift_card_products ADD COLUMN template_id UUID;
""")
