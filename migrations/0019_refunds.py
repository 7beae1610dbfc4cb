"""Refunds in slices, what was spent on purchases, and the queues of tills that were offline."""

from passerelle.kit.schema import run_script

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Create them."""
    run_script("""
ALTER TABLE purchases DROP CONSTRAINT ck_purchases_state;
ALTER TABLE purchases
    ADD COLUMN refunded_minor BIGINT DEFAULT 0 NOT NULL,
    ADD CONSTRAINT ck_purchases_state CHECK (state IN ('recorded', 'refunded', 'voided')),
    ADD CONSTRAINT ck_purchases_refunded_minor CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    ADD CONSTRAINT ck_purchases_refunded
        CHECK (state = 'voided' OR (state = 'refunded') = (refunded_minor = amount_minor));
ALTER TABLE accruals ADD COLUMN undone_amount BIGINT DEFAULT 0 NOT NULL;
UPDATE accruals SET undone_amount = amount WHERE undone_at IS NOT NULL;
ALTER TABLE accruals
    ADD CONSTRAINT ck_accruals_undone_amount CHECK (undone_amount BETWEEN 0 AND amount),
    ADD CONSTRAINT ck_accruals_undone_at CHECK ((undone_at IS NULL) = (undone_amount < amount));
CREATE TABLE purchase_refunds (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    purchase_id UUID NOT NULL,
    position INTEGER NOT NULL,
    amount_minor BIGINT NOT NULL,
    lines JSONB DEFAULT '[]' NOT NULL,
    reference TEXT,
    reason TEXT,
    location_id UUID,
    actor TEXT NOT NULL,
    refunded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_purchase_refunds PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_purchase_refunds_organization_id_purchase_id FOREIGN KEY(organization_id, purchase_id) REFERENCES purchases (organization_id, id),
    CONSTRAINT fk_purchase_refunds_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_purchase_refunds_organization_id_purchase_id_position UNIQUE (organization_id, purchase_id, position),
    CONSTRAINT uq_purchase_refunds_organization_id_purchase_id_reference UNIQUE (organization_id, purchase_id, reference),
    CONSTRAINT ck_purchase_refunds_amount_minor CHECK (amount_minor > 0),
    CONSTRAINT ck_purchase_refunds_position CHECK (position > 0)
);
ALTER TABLE purchase_refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE purchase_refunds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON purchase_refunds USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON purchase_refunds TO passerelle_app;

CREATE TABLE purchase_spendings (
    organization_id UUID NOT NULL,
    transfer_id UUID NOT NULL,
    purchase_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    returned BIGINT DEFAULT 0 NOT NULL,
    returns TEXT NOT NULL,
    CONSTRAINT pk_purchase_spendings PRIMARY KEY (organization_id, transfer_id),
    CONSTRAINT fk_purchase_spendings_organization_id_purchase_id FOREIGN KEY(organization_id, purchase_id) REFERENCES purchases (organization_id, id),
    CONSTRAINT fk_purchase_spendings_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT ck_purchase_spendings_returned CHECK (amount > 0 AND returned BETWEEN 0 AND amount),
    CONSTRAINT ck_purchase_spendings_returns CHECK (returns IN ('share', 'whole'))
);
CREATE INDEX ix_purchase_spendings_purchase_id ON purchase_spendings (organization_id, purchase_id);
ALTER TABLE purchase_spendings ENABLE ROW LEVEL SECURITY;
ALTER TABLE purchase_spendings FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON purchase_spendings USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON purchase_spendings TO passerelle_app;

CREATE TABLE refund_units (
    organization_id UUID NOT NULL,
    refund_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    due BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    returned BIGINT NOT NULL,
    CONSTRAINT pk_refund_units PRIMARY KEY (organization_id, refund_id, membership_id, unit_id),
    CONSTRAINT fk_refund_units_organization_id_refund_id FOREIGN KEY(organization_id, refund_id) REFERENCES purchase_refunds (organization_id, id),
    CONSTRAINT fk_refund_units_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT ck_refund_units_figures CHECK (taken >= 0 AND missing >= 0 AND due >= taken + missing AND returned >= 0)
);
ALTER TABLE refund_units ENABLE ROW LEVEL SECURITY;
ALTER TABLE refund_units FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON refund_units USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT ON refund_units TO passerelle_app;

CREATE TABLE devices (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    location_id UUID,
    public_key BYTEA NOT NULL,
    redemptions_per_day INTEGER NOT NULL,
    redemptions_per_member_per_day INTEGER NOT NULL,
    last_sequence BIGINT DEFAULT 0 NOT NULL,
    skipped_to BIGINT DEFAULT 0 NOT NULL,
    clock_skew_seconds BIGINT,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_devices PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_devices_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id),
    CONSTRAINT fk_devices_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_devices_organization_id_public_key UNIQUE (organization_id, public_key),
    CONSTRAINT ck_devices_public_key CHECK (octet_length(public_key) = 32),
    CONSTRAINT ck_devices_allowances CHECK (redemptions_per_day >= 0 AND redemptions_per_member_per_day >= 0)
);
ALTER TABLE devices ENABLE ROW LEVEL SECURITY;
ALTER TABLE devices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON devices USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON devices TO passerelle_app;

CREATE TABLE offline_operations (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    device_id UUID NOT NULL,
    operation_id UUID,
    sequence BIGINT,
    kind TEXT,
    payload JSONB NOT NULL,
    digest BYTEA NOT NULL,
    genuine BOOLEAN NOT NULL,
    status TEXT NOT NULL,
    reason JSONB,
    flags JSONB DEFAULT '[]' NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE,
    occurred_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE,
    customer_id UUID,
    membership_id UUID,
    purchase_id UUID,
    issued_reward_id UUID,
    reference TEXT,
    undone_at TIMESTAMP WITH TIME ZONE,
    resolution TEXT,
    resolution_reason TEXT,
    resolved_by TEXT,
    resolved_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_offline_operations PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_offline_operations_organization_id_device_id FOREIGN KEY(organization_id, device_id) REFERENCES devices (organization_id, id),
    CONSTRAINT uq_offline_operations_organization_id_device_id_digest UNIQUE (organization_id, device_id, digest),
    CONSTRAINT ck_offline_operations_status CHECK (status IN ('waiting', 'accepted', 'rejected')),
    CONSTRAINT ck_offline_operations_reason CHECK ((status = 'rejected') = (reason IS NOT NULL)),
    CONSTRAINT ck_offline_operations_genuine CHECK (genuine OR status = 'rejected'),
    CONSTRAINT ck_offline_operations_resolution CHECK (resolution IN ('settled', 'dismissed')),
    CONSTRAINT ck_offline_operations_resolved_at CHECK ((resolution IS NULL) = (resolved_at IS NULL)),
    CONSTRAINT ck_offline_operations_resolved CHECK (resolution IS NULL OR status = 'rejected')
);
CREATE INDEX ix_offline_operations_customer_id ON offline_operations (organization_id, customer_id);
CREATE INDEX ix_offline_operations_membership_id ON offline_operations (organization_id, membership_id, occurred_at) WHERE kind = 'redemption' AND status = 'accepted';
CREATE INDEX ix_offline_operations_status ON offline_operations (organization_id, status, id);
CREATE INDEX ix_offline_operations_waiting ON offline_operations (organization_id, device_id, sequence) WHERE status = 'waiting';
CREATE UNIQUE INDEX uq_offline_operations_operation_id ON offline_operations (organization_id, device_id, operation_id) WHERE genuine;
CREATE UNIQUE INDEX uq_offline_operations_sequence ON offline_operations (organization_id, device_id, sequence) WHERE genuine;
ALTER TABLE offline_operations ENABLE ROW LEVEL SECURITY;
ALTER TABLE offline_operations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON offline_operations USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON offline_operations TO passerelle_app;
""")
