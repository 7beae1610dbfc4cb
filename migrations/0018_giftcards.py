"""Tables of gift cards, and the limits of liability.

Activities can be added and read, never changed or removed; nothing of gift cards is ever deleted.
"""

from passerelle.kit.schema import run_script

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE gift_card_products (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    names JSONB DEFAULT '{}' NOT NULL,
    currency TEXT NOT NULL,
    is_foreign BOOLEAN NOT NULL,
    amounts_minor BIGINT[] DEFAULT '{}' NOT NULL,
    minimum_minor BIGINT,
    maximum_minor BIGINT,
    expires_after_months INTEGER,
    reloadable BOOLEAN NOT NULL,
    max_balance_minor BIGINT NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_gift_card_products PRIMARY KEY (organization_id, id),
    CONSTRAINT ck_gift_card_products_amounts CHECK ((cardinality(amounts_minor) > 0) = (minimum_minor IS NULL AND maximum_minor IS NULL)),
    CONSTRAINT ck_gift_card_products_amount_range CHECK (minimum_minor BETWEEN 1 AND maximum_minor),
    CONSTRAINT ck_gift_card_products_amount_bounds CHECK ((minimum_minor IS NULL) = (maximum_minor IS NULL)),
    CONSTRAINT ck_gift_card_products_expires_after_months CHECK (expires_after_months BETWEEN 1 AND 1200),
    CONSTRAINT ck_gift_card_products_max_balance_minor CHECK (max_balance_minor > 0)
);
ALTER TABLE gift_card_products ENABLE ROW LEVEL SECURITY;
ALTER TABLE gift_card_products FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gift_card_products USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON gift_card_products TO passerelle_app;

CREATE TABLE gift_cards (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    product_id UUID NOT NULL,
    currency TEXT NOT NULL,
    state TEXT NOT NULL,
    code BYTEA NOT NULL,
    code_index BYTEA NOT NULL,
    last_four TEXT NOT NULL,
    pin BYTEA,
    wrong_pins INTEGER DEFAULT 0 NOT NULL,
    pin_locked_until TIMESTAMP WITH TIME ZONE,
    customer_id UUID,
    sender_name BYTEA,
    recipient_name BYTEA,
    recipient_email BYTEA,
    message BYTEA,
    deliver_at TIMESTAMP WITH TIME ZONE,
    lapses_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    activated_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_gift_cards PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_gift_cards_organization_id_product_id FOREIGN KEY(organization_id, product_id) REFERENCES gift_card_products (organization_id, id),
    CONSTRAINT fk_gift_cards_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT uq_gift_cards_organization_id_code_index UNIQUE (organization_id, code_index),
    CONSTRAINT ck_gift_cards_state CHECK (state IN ('PENDING', 'ACTIVE', 'BLOCKED', 'DEACTIVATED')),
    CONSTRAINT ck_gift_cards_wrong_pins CHECK (wrong_pins >= 0)
);
CREATE INDEX ix_gift_cards_customer_id ON gift_cards (organization_id, customer_id);
CREATE INDEX ix_gift_cards_product_id ON gift_cards (organization_id, product_id, id);
ALTER TABLE gift_cards ENABLE ROW LEVEL SECURITY;
ALTER TABLE gift_cards FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gift_cards USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON gift_cards TO passerelle_app;

CREATE TABLE gift_card_activities (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    gift_card_id UUID NOT NULL,
    type TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    balance_minor BIGINT NOT NULL,
    asked_minor BIGINT,
    transfer_id UUID,
    reference TEXT NOT NULL,
    digest BYTEA NOT NULL,
    reason TEXT,
    redemption_id UUID,
    other_gift_card_id UUID,
    hold_id UUID,
    location_id UUID,
    actor TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_gift_card_activities PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_gift_card_activities_organization_id_gift_card_id FOREIGN KEY(organization_id, gift_card_id) REFERENCES gift_cards (organization_id, id),
    CONSTRAINT fk_gift_card_activities_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_gift_card_activities_organization_id_gift_card_id_reference UNIQUE (organization_id, gift_card_id, reference),
    CONSTRAINT ck_gift_card_activities_type CHECK (type IN ('ACTIVATE', 'LOAD', 'REDEEM', 'CLEAR_BALANCE', 'DEACTIVATE', 'ADJUST_INCREMENT', 'ADJUST_DECREMENT', 'REFUND', 'UNLINKED_ACTIVITY_REFUND', 'IMPORT', 'IMPORT_REVERSAL', 'BLOCK', 'UNBLOCK', 'TRANSFER_BALANCE_FROM', 'TRANSFER_BALANCE_TO')),
    CONSTRAINT ck_gift_card_activities_redemption_id CHECK ((type = 'REFUND') = (redemption_id IS NOT NULL)),
    CONSTRAINT ck_gift_card_activities_transfer_id CHECK ((amount_minor <> 0) = (transfer_id IS NOT NULL)),
    CONSTRAINT ck_gift_card_activities_balance_minor CHECK (balance_minor >= 0)
);
CREATE INDEX ix_gift_card_activities_gift_card_id ON gift_card_activities (organization_id, gift_card_id, id);
CREATE INDEX ix_gift_card_activities_redemption_id ON gift_card_activities (organization_id, redemption_id) WHERE redemption_id IS NOT NULL;
ALTER TABLE gift_card_activities ENABLE ROW LEVEL SECURITY;
ALTER TABLE gift_card_activities FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gift_card_activities USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT ON gift_card_activities TO passerelle_app;

CREATE TABLE gift_card_holds (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    gift_card_id UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    captured_minor BIGINT,
    state TEXT DEFAULT 'held' NOT NULL,
    reference TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_gift_card_holds PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_gift_card_holds_organization_id_gift_card_id FOREIGN KEY(organization_id, gift_card_id) REFERENCES gift_cards (organization_id, id),
    CONSTRAINT uq_gift_card_holds_organization_id_gift_card_id_reference UNIQUE (organization_id, gift_card_id, reference),
    CONSTRAINT ck_gift_card_holds_state CHECK (state IN ('held', 'captured', 'released')),
    CONSTRAINT ck_gift_card_holds_amount_minor CHECK (amount_minor > 0),
    CONSTRAINT ck_gift_card_holds_captured_minor CHECK ((state = 'captured') = (captured_minor IS NOT NULL))
);
CREATE INDEX ix_gift_card_holds_held ON gift_card_holds (organization_id, gift_card_id) WHERE state = 'held';
ALTER TABLE gift_card_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE gift_card_holds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON gift_card_holds USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON gift_card_holds TO passerelle_app;

CREATE TABLE liability_limits (
    organization_id UUID NOT NULL,
    program_id UUID NOT NULL,
    limit_minor BIGINT NOT NULL,
    exceeded_at TIMESTAMP WITH TIME ZONE,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_liability_limits PRIMARY KEY (organization_id, program_id),
    CONSTRAINT fk_liability_limits_organization_id_program_id FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT ck_liability_limits_limit_minor CHECK (limit_minor > 0)
);
ALTER TABLE liability_limits ENABLE ROW LEVEL SECURITY;
ALTER TABLE liability_limits FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON liability_limits USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON liability_limits TO passerelle_app;
""")
