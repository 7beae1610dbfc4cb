"""Tables of purchases."""

from passerelle.kit.schema import run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE purchases (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    lines JSONB DEFAULT '[]' NOT NULL,
    location_id UUID,
    actor TEXT NOT NULL,
    channel TEXT NOT NULL,
    external_reference TEXT,
    state TEXT DEFAULT 'recorded' NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    voided_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_purchases PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_purchases_organization_id_customer_id
        FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT fk_purchases_organization_id_location_id
        FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT ck_purchases_amount_minor CHECK (amount_minor > 0),
    CONSTRAINT ck_purchases_state CHECK (state IN ('recorded', 'voided')),
    CONSTRAINT ck_purchases_voided_at CHECK ((state = 'voided') = (voided_at IS NOT NULL)),
    CONSTRAINT ck_purchases_channel CHECK (channel IN ('till', 'online', 'api'))
);
CREATE INDEX ix_purchases_customer_id ON purchases (organization_id, customer_id, id);
CREATE UNIQUE INDEX uq_purchases_external_reference
    ON purchases (organization_id, channel, location_id, external_reference)
    NULLS NOT DISTINCT WHERE external_reference IS NOT NULL;
ALTER TABLE purchases ENABLE ROW LEVEL SECURITY;
ALTER TABLE purchases FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON purchases USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON purchases TO passerelle_app;
""")
