"""Tables of distribution; facts of links are append-only by grant."""

from passerelle.kit.schema import run_script

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE link_facts (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    via TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    program_id UUID NOT NULL,
    platform TEXT NOT NULL,
    language TEXT,
    pass_id UUID,
    smart_link_id UUID,
    join_link_id UUID,
    location_id UUID,
    utm_source TEXT,
    utm_medium TEXT,
    utm_campaign TEXT,
    CONSTRAINT pk_link_facts PRIMARY KEY (organization_id, id),
    CONSTRAINT ck_link_facts_kind
        CHECK (kind IN ('viewed', 'platform_detected', 'joined', 'tapped', 'added', 'removed')),
    CONSTRAINT ck_link_facts_via CHECK (via IN ('join_page', 'form_link', 'staff_link', 'wallet')),
    CONSTRAINT ck_link_facts_platform CHECK (platform IN ('iphone', 'ipad', 'mac', 'android', 'other'))
);
CREATE INDEX ix_link_facts_pass_id ON link_facts (organization_id, pass_id, id);
CREATE INDEX ix_link_facts_program_id ON link_facts (organization_id, program_id, occurred_at);
ALTER TABLE link_facts ENABLE ROW LEVEL SECURITY;
ALTER TABLE link_facts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON link_facts USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT ON link_facts TO passerelle_app;

CREATE TABLE join_links (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    location_id UUID,
    utm_source TEXT,
    utm_medium TEXT,
    utm_campaign TEXT,
    ask_email BOOLEAN DEFAULT false NOT NULL,
    is_default BOOLEAN,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_join_links PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_join_links_organization_id_program_id
        FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_join_links_organization_id_location_id
        FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_join_links_organization_id_code UNIQUE (organization_id, code),
    CONSTRAINT uq_join_links_organization_id_program_id_is_default
        UNIQUE (organization_id, program_id, is_default),
    CONSTRAINT ck_join_links_is_default CHECK (is_default)
);
ALTER TABLE join_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE join_links FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON join_links USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON join_links TO passerelle_app;

CREATE TABLE smart_links (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    digest BYTEA NOT NULL,
    origin TEXT NOT NULL,
    form_digest BYTEA,
    pass_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    program_id UUID NOT NULL,
    language TEXT,
    join_link_id UUID,
    location_id UUID,
    utm_source TEXT,
    utm_medium TEXT,
    utm_campaign TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_smart_links PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_smart_links_organization_id_pass_id
        FOREIGN KEY(organization_id, pass_id) REFERENCES passes (organization_id, id),
    CONSTRAINT fk_smart_links_organization_id_customer_id
        FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT uq_smart_links_organization_id_digest UNIQUE (organization_id, digest),
    CONSTRAINT ck_smart_links_origin CHECK (origin IN ('form', 'staff')),
    CONSTRAINT ck_smart_links_form_digest CHECK ((origin = 'form') = (form_digest IS NOT NULL))
);
CREATE INDEX ix_smart_links_customer_id ON smart_links (organization_id, customer_id, form_digest);
CREATE INDEX ix_smart_links_pass_id ON smart_links (organization_id, pass_id, id);
ALTER TABLE smart_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE smart_links FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON smart_links USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON smart_links TO passerelle_app;
""")
