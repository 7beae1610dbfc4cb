"""Customers' own pages: links that open once, and the browsers in which a page is open."""

from passerelle.kit.schema import run_script

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make the tables."""
    run_script("""
CREATE TABLE page_links (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    digest BYTEA NOT NULL,
    customer_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    origin TEXT NOT NULL,
    may_erase BOOLEAN NOT NULL,
    email BYTEA,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_page_links PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_page_links_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT uq_page_links_organization_id_digest UNIQUE (organization_id, digest),
    CONSTRAINT ck_page_links_purpose CHECK (purpose IN ('page', 'email')),
    CONSTRAINT ck_page_links_origin CHECK (origin IN ('mail', 'staff')),
    CONSTRAINT ck_page_links_email CHECK ((purpose = 'email') = (email IS NOT NULL))
);
CREATE INDEX ix_page_links_customer_id ON page_links (organization_id, customer_id, created_at);
ALTER TABLE page_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE page_links FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON page_links USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON page_links TO passerelle_app;

CREATE TABLE page_sessions (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    digest BYTEA NOT NULL,
    customer_id UUID NOT NULL,
    may_erase BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_page_sessions PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_page_sessions_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT uq_page_sessions_organization_id_digest UNIQUE (organization_id, digest)
);
CREATE INDEX ix_page_sessions_customer_id ON page_sessions (organization_id, customer_id);
ALTER TABLE page_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE page_sessions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON page_sessions USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON page_sessions TO passerelle_app;
""")
