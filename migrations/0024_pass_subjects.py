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

CREATE TABLE handout_links (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    campaign_id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    max_codes INTEGER NOT NULL,
    handed_out INTEGER DEFAULT 0 NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_handout_links PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_handout_links_organization_id_campaign_id FOREIGN KEY(organization_id, campaign_id) REFERENCES coupon_campaigns (organization_id, id),
    CONSTRAINT uq_handout_links_organization_id_code UNIQUE (organization_id, code),
    CONSTRAINT ck_handout_links_handed_out CHECK (handed_out BETWEEN 0 AND max_codes)
);
CREATE INDEX ix_handout_links_campaign_id ON handout_links (organization_id, campaign_id, id);
ALTER TABLE handout_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE handout_links FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON handout_links USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON handout_links TO passerelle_app;
""")
