"""Tables of customers."""

from passerelle.kit.schema import run_script

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE customers (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    first_name BYTEA,
    last_name BYTEA,
    phone BYTEA,
    phone_index BYTEA,
    email BYTEA,
    email_index BYTEA,
    birthday BYTEA,
    birthday_index BYTEA,
    birthday_changed_at TIMESTAMP WITH TIME ZONE,
    language TEXT,
    attributes JSONB DEFAULT '{}' NOT NULL,
    source TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    erased_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_customers PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_customers_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id),
    CONSTRAINT uq_customers_organization_id_phone_index UNIQUE (organization_id, phone_index),
    CONSTRAINT uq_customers_organization_id_email_index UNIQUE (organization_id, email_index),
    CONSTRAINT ck_customers_phone_index CHECK ((phone IS NULL) = (phone_index IS NULL)),
    CONSTRAINT ck_customers_email_index CHECK ((email IS NULL) = (email_index IS NULL)),
    CONSTRAINT ck_customers_birthday_index CHECK ((birthday IS NULL) = (birthday_index IS NULL)),
    CONSTRAINT ck_customers_language CHECK (language IN ('en', 'fr', 'ar')),
    CONSTRAINT ck_customers_source CHECK (source IN ('form', 'till', 'import', 'api')),
    CONSTRAINT ck_customers_erased CHECK (
        erased_at IS NULL OR (
            num_nonnulls(first_name, last_name, phone, email, birthday, birthday_changed_at, language) = 0
            AND attributes = '{}'
        )
    )
);
CREATE INDEX ix_customers_birthday ON customers (organization_id, birthday_index, id);
ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE customers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customers USING (organization_id = current_setting('app.organization_id')::uuid);
-- A customer is erased, never deleted: the id stays for the ledger.
GRANT SELECT, INSERT, UPDATE ON customers TO passerelle_app;

CREATE TABLE customer_name_words (
    organization_id UUID NOT NULL,
    word BYTEA NOT NULL,
    customer_id UUID NOT NULL,
    CONSTRAINT pk_customer_name_words PRIMARY KEY (organization_id, word, customer_id),
    CONSTRAINT fk_customer_name_words_organization_id_customer_id
        FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
);
CREATE INDEX ix_customer_name_words_customer_id ON customer_name_words (organization_id, customer_id);
ALTER TABLE customer_name_words ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_name_words FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_name_words USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_name_words TO passerelle_app;
""")
