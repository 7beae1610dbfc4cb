"""Links to gift cards, posters of links to coupons and gift cards, and facts of such links."""

from passerelle.kit.schema import run_script

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Create them."""
    run_script("""
ALTER TABLE handout_links
    ALTER COLUMN campaign_id DROP NOT NULL,
    ADD COLUMN product_id UUID,
    ADD COLUMN poster JSONB,
    ADD CONSTRAINT fk_handout_links_organization_id_product_id
        FOREIGN KEY (organization_id, product_id) REFERENCES gift_card_products (organization_id, id),
    ADD CONSTRAINT ck_handout_links_offering CHECK (num_nonnulls(campaign_id, product_id, event_id) = 1);
CREATE INDEX ix_handout_links_product_id ON handout_links (organization_id, product_id, id);
ALTER TABLE smart_links ADD COLUMN handout_link_id UUID;
ALTER TABLE link_facts
    ALTER COLUMN program_id DROP NOT NULL,
    ADD COLUMN offering_id UUID,
    ADD COLUMN handout_link_id UUID,
    DROP CONSTRAINT ck_link_facts_via,
    ADD CONSTRAINT ck_link_facts_via CHECK (via IN ('join_page', 'handout_page', 'form_link', 'staff_link', 'wallet')),
    ADD CONSTRAINT ck_link_facts_offering CHECK ((program_id IS NULL) <> (offering_id IS NULL));
CREATE INDEX ix_link_facts_offering_id ON link_facts (organization_id, offering_id, occurred_at);
CREATE INDEX ix_link_facts_handout_link_id ON link_facts (organization_id, handout_link_id, occurred_at);
""")
