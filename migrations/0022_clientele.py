"""Notes about customers, customers who were merged, and imports of customers from files."""

from passerelle.kit.schema import run_script

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Create them."""
    run_script("""
ALTER TABLE customers ADD merged_into_id UUID;
ALTER TABLE customers ADD CONSTRAINT ck_customers_merged CHECK (merged_into_id IS NULL OR erased_at IS NOT NULL);
ALTER TABLE customers ADD CONSTRAINT fk_customers_organization_id_merged_into_id
    FOREIGN KEY (organization_id, merged_into_id) REFERENCES customers (organization_id, id);
CREATE INDEX ix_customers_merged_into_id ON customers (organization_id, merged_into_id)
    WHERE merged_into_id IS NOT NULL;

CREATE TABLE customer_notes (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    text BYTEA NOT NULL,
    actor TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_customer_notes PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_customer_notes_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id)
);
CREATE INDEX ix_customer_notes_customer_id ON customer_notes (organization_id, customer_id, id);
ALTER TABLE customer_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_notes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_notes USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_notes TO passerelle_app;

CREATE TABLE customer_imports (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    state TEXT NOT NULL,
    digest BYTEA NOT NULL,
    encoding TEXT NOT NULL,
    delimiter TEXT NOT NULL,
    header BYTEA NOT NULL,
    row_count INTEGER NOT NULL,
    part_count INTEGER NOT NULL,
    next_part INTEGER DEFAULT 0 NOT NULL,
    plan JSONB,
    figures JSONB DEFAULT '{}' NOT NULL,
    failure JSONB,
    actor TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_customer_imports PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_customer_imports_organization_id FOREIGN KEY(organization_id) REFERENCES organizations (organization_id),
    CONSTRAINT ck_customer_imports_state CHECK (state IN ('uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')),
    CONSTRAINT ck_customer_imports_counts CHECK (row_count >= 0 AND next_part >= 0),
    CONSTRAINT ck_customer_imports_plan CHECK (state = 'uploaded' OR plan IS NOT NULL)
);
CREATE INDEX ix_customer_imports_digest ON customer_imports (organization_id, digest);
ALTER TABLE customer_imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_imports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_imports USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_imports TO passerelle_app;

CREATE TABLE customer_import_faults (
    organization_id UUID NOT NULL,
    import_id UUID NOT NULL,
    row INTEGER NOT NULL,
    field TEXT NOT NULL,
    code TEXT NOT NULL,
    params JSONB NOT NULL,
    texts JSONB,
    CONSTRAINT pk_customer_import_faults PRIMARY KEY (organization_id, import_id, row, field),
    CONSTRAINT fk_customer_import_faults_organization_id_import_id FOREIGN KEY(organization_id, import_id) REFERENCES customer_imports (organization_id, id) ON DELETE CASCADE
);
ALTER TABLE customer_import_faults ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_import_faults FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_import_faults USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_import_faults TO passerelle_app;

CREATE TABLE customer_import_keys (
    organization_id UUID NOT NULL,
    import_id UUID NOT NULL,
    key BYTEA NOT NULL,
    row INTEGER NOT NULL,
    CONSTRAINT pk_customer_import_keys PRIMARY KEY (organization_id, import_id, key),
    CONSTRAINT fk_customer_import_keys_organization_id_import_id FOREIGN KEY(organization_id, import_id) REFERENCES customer_imports (organization_id, id) ON DELETE CASCADE
);
ALTER TABLE customer_import_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_import_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_import_keys USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_import_keys TO passerelle_app;

CREATE TABLE customer_import_parts (
    organization_id UUID NOT NULL,
    import_id UUID NOT NULL,
    position INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_customer_import_parts PRIMARY KEY (organization_id, import_id, position),
    CONSTRAINT fk_customer_import_parts_organization_id_import_id FOREIGN KEY(organization_id, import_id) REFERENCES customer_imports (organization_id, id) ON DELETE CASCADE
);
ALTER TABLE customer_import_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer_import_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON customer_import_parts USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON customer_import_parts TO passerelle_app;
""")
