"""What is written to customers."""

from passerelle.kit.schema import run_script

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Create it."""
    run_script("""
CREATE TABLE messages (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    channel TEXT NOT NULL,
    topic TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_messages_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT ck_messages_channel CHECK (channel IN ('email')),
    CONSTRAINT ck_messages_topic CHECK (topic IN ('page_link', 'new_address', 'new_number', 'address_changed')),
    CONSTRAINT ck_messages_state CHECK (state IN ('queued', 'sent', 'failed'))
);
CREATE INDEX ix_messages_customer_id ON messages (organization_id, customer_id, id);
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON messages USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON messages TO passerelle_app;
""")
