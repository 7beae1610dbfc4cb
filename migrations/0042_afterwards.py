"""Purchases that are claimed later, and what customers say after a visit."""

from passerelle.kit.schema import run_script

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Create both."""
    run_script("""
CREATE TABLE receipt_attempts (
    organization_id UUID NOT NULL,
    subject TEXT NOT NULL,
    failures INTEGER NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_receipt_attempts PRIMARY KEY (organization_id, subject),
    CONSTRAINT ck_receipt_attempts_failures CHECK (failures > 0)
);
ALTER TABLE receipt_attempts ENABLE ROW LEVEL SECURITY;
ALTER TABLE receipt_attempts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON receipt_attempts USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON receipt_attempts TO passerelle_app;

CREATE TABLE receipt_settings (
    organization_id UUID NOT NULL,
    claim_days INTEGER NOT NULL,
    per_day INTEGER NOT NULL,
    per_month INTEGER NOT NULL,
    by_print BOOLEAN NOT NULL,
    CONSTRAINT pk_receipt_settings PRIMARY KEY (organization_id),
    CONSTRAINT fk_receipt_settings_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id),
    CONSTRAINT ck_receipt_settings_claim_days CHECK (claim_days BETWEEN 1 AND 90)
);
ALTER TABLE receipt_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE receipt_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON receipt_settings USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON receipt_settings TO passerelle_app;

CREATE TABLE receipts (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    code BYTEA NOT NULL,
    code_index BYTEA NOT NULL,
    reference TEXT,
    channel TEXT NOT NULL,
    location_id UUID,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    tax_minor BIGINT,
    points_minor BIGINT NOT NULL,
    gift_card_minor BIGINT NOT NULL,
    lines JSONB NOT NULL,
    actor TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    claim_until TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    refunds JSONB DEFAULT '[]' NOT NULL,
    refunded_minor BIGINT DEFAULT 0 NOT NULL,
    customer_id UUID,
    purchase_id UUID,
    claimed_at TIMESTAMP WITH TIME ZONE,
    claimed_by TEXT,
    CONSTRAINT pk_receipts PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_receipts_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT fk_receipts_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT fk_receipts_organization_id_purchase_id FOREIGN KEY(organization_id, purchase_id) REFERENCES purchases (organization_id, id),
    CONSTRAINT uq_receipts_organization_id_code_index UNIQUE (organization_id, code_index),
    CONSTRAINT ck_receipts_amount_minor CHECK (amount_minor > 0),
    CONSTRAINT ck_receipts_state CHECK (state IN ('open', 'claimed', 'refunded', 'voided')),
    CONSTRAINT ck_receipts_refunded_minor CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    CONSTRAINT ck_receipts_purchase_id CHECK ((state = 'claimed') = (purchase_id IS NOT NULL)),
    CONSTRAINT ck_receipts_customer_id CHECK ((purchase_id IS NULL) = (customer_id IS NULL)),
    CONSTRAINT ck_receipts_claimed_at CHECK ((purchase_id IS NULL) = (claimed_at IS NULL)),
    CONSTRAINT ck_receipts_channel CHECK (channel IN ('till', 'online', 'api'))
);
CREATE INDEX ix_receipts_customer_id ON receipts (organization_id, customer_id, claimed_at) WHERE customer_id IS NOT NULL;
CREATE INDEX ix_receipts_purchase_id ON receipts (organization_id, purchase_id);
CREATE INDEX ix_receipts_told_at ON receipts (organization_id, told_at);
CREATE UNIQUE INDEX uq_receipts_reference ON receipts (organization_id, reference, channel, location_id) NULLS NOT DISTINCT WHERE reference IS NOT NULL;
ALTER TABLE receipts ENABLE ROW LEVEL SECURITY;
ALTER TABLE receipts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON receipts USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON receipts TO passerelle_app;

CREATE TABLE feedback_settings (
    organization_id UUID NOT NULL,
    enabled BOOLEAN NOT NULL,
    occasions JSONB NOT NULL,
    delay_minutes INTEGER NOT NULL,
    every_days INTEGER NOT NULL,
    by_mail BOOLEAN NOT NULL,
    followed_to TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_feedback_settings PRIMARY KEY (organization_id),
    CONSTRAINT fk_feedback_settings_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id),
    CONSTRAINT ck_feedback_settings_delay_minutes CHECK (delay_minutes BETWEEN 0 AND 10080),
    CONSTRAINT ck_feedback_settings_every_days CHECK (every_days BETWEEN 1 AND 365)
);
ALTER TABLE feedback_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE feedback_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feedback_settings USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON feedback_settings TO passerelle_app;

CREATE TABLE feedback (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    location_id UUID,
    occasion TEXT NOT NULL,
    reference TEXT NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    open_until TIMESTAMP WITH TIME ZONE NOT NULL,
    mail TEXT,
    stars INTEGER,
    words BYTEA,
    answered_at TIMESTAMP WITH TIME ZONE,
    changed_at TIMESTAMP WITH TIME ZONE,
    reply BYTEA,
    replied_at TIMESTAMP WITH TIME ZONE,
    dealt_at TIMESTAMP WITH TIME ZONE,
    dealt_by TEXT,
    CONSTRAINT pk_feedback PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_feedback_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT fk_feedback_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_feedback_organization_id_reference UNIQUE (organization_id, reference),
    CONSTRAINT ck_feedback_occasion CHECK (occasion IN ('purchase', 'visit', 'check_in')),
    CONSTRAINT ck_feedback_stars CHECK (stars BETWEEN 1 AND 5),
    CONSTRAINT ck_feedback_answered_at CHECK ((stars IS NULL) = (answered_at IS NULL)),
    CONSTRAINT ck_feedback_words CHECK (words IS NULL OR stars IS NOT NULL),
    CONSTRAINT ck_feedback_mail CHECK (mail IN ('queued', 'no_consent', 'no_address')),
    CONSTRAINT ck_feedback_dealt_by CHECK ((dealt_at IS NULL) = (dealt_by IS NULL)),
    CONSTRAINT ck_feedback_replied_at CHECK ((reply IS NULL) = (replied_at IS NULL))
);
CREATE INDEX ix_feedback_customer_id ON feedback (organization_id, customer_id, happened_at);
CREATE INDEX ix_feedback_due_at ON feedback (organization_id, due_at);
CREATE INDEX ix_feedback_low ON feedback (organization_id, id) WHERE stars <= 2 AND dealt_at IS NULL;
ALTER TABLE feedback ENABLE ROW LEVEL SECURITY;
ALTER TABLE feedback FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON feedback USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON feedback TO passerelle_app;

ALTER TABLE messages DROP CONSTRAINT ck_messages_topic;
ALTER TABLE messages ADD CONSTRAINT ck_messages_topic CHECK (topic IN ('page_link', 'new_address', 'new_number', 'address_changed', 'feedback_request', 'feedback_reply'));
""")
