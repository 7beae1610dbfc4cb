"""Ticketed events and their tickets, with wallet cards and public links."""

from passerelle.kit.schema import run_script

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Make the tables; let cards, handout links and Google's classes be of tickets, too."""
    run_script("""
CREATE TABLE ticketed_events (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    names JSONB DEFAULT '{}' NOT NULL,
    location_id UUID,
    venue_name TEXT,
    venue_address TEXT,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    doors_at TIMESTAMP WITH TIME ZONE,
    capacity INTEGER,
    issued INTEGER DEFAULT 0 NOT NULL,
    state TEXT DEFAULT 'published' NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    template_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ticketed_events PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_ticketed_events_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT ck_ticketed_events_place CHECK (num_nonnulls(location_id, venue_name) = 1),
    CONSTRAINT ck_ticketed_events_venue_address CHECK (location_id IS NULL OR venue_address IS NULL),
    CONSTRAINT ck_ticketed_events_times CHECK (doors_at <= starts_at AND starts_at < ends_at),
    CONSTRAINT ck_ticketed_events_state CHECK (state IN ('published', 'cancelled')),
    CONSTRAINT ck_ticketed_events_issued CHECK (issued >= 0 AND issued <= capacity)
);
CREATE INDEX ix_ticketed_events_location_id ON ticketed_events (organization_id, location_id);
ALTER TABLE ticketed_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticketed_events FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ticketed_events USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON ticketed_events TO passerelle_app;

CREATE TABLE tickets (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    event_id UUID NOT NULL,
    customer_id UUID,
    state TEXT DEFAULT 'issued' NOT NULL,
    code BYTEA NOT NULL,
    code_index BYTEA NOT NULL,
    category TEXT DEFAULT '' NOT NULL,
    section TEXT DEFAULT '' NOT NULL,
    row TEXT DEFAULT '' NOT NULL,
    seat TEXT DEFAULT '' NOT NULL,
    reference TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    used_location_id UUID,
    used_by TEXT,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_tickets PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_tickets_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES ticketed_events (organization_id, id),
    CONSTRAINT fk_tickets_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT fk_tickets_organization_id_used_location_id FOREIGN KEY(organization_id, used_location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT uq_tickets_organization_id_code_index UNIQUE (organization_id, code_index),
    CONSTRAINT uq_tickets_organization_id_event_id_reference UNIQUE (organization_id, event_id, reference),
    CONSTRAINT ck_tickets_state CHECK (state IN ('issued', 'used', 'cancelled')),
    CONSTRAINT ck_tickets_used_at CHECK ((state = 'used') = (used_at IS NOT NULL AND used_by IS NOT NULL)),
    CONSTRAINT ck_tickets_cancelled_at CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL))
);
CREATE INDEX ix_tickets_customer_id ON tickets (organization_id, customer_id);
CREATE INDEX ix_tickets_event_id ON tickets (organization_id, event_id, id);
CREATE UNIQUE INDEX ix_tickets_taken_seats ON tickets (organization_id, event_id, section, row, seat) WHERE seat <> '' AND state <> 'cancelled';
CREATE INDEX ix_tickets_used ON tickets (organization_id, event_id) WHERE state = 'used';
ALTER TABLE tickets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tickets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tickets USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON tickets TO passerelle_app;

ALTER TABLE passes
    DROP CONSTRAINT ck_passes_subject_kind,
    ADD CONSTRAINT ck_passes_subject_kind CHECK (subject_kind IN ('membership', 'coupon', 'gift_card', 'ticket'));

ALTER TABLE google_classes
    ADD COLUMN event_id UUID DEFAULT '00000000-0000-0000-0000-000000000000' NOT NULL,
    ADD COLUMN event_version INTEGER DEFAULT 0 NOT NULL,
    DROP CONSTRAINT pk_google_classes,
    ADD CONSTRAINT pk_google_classes PRIMARY KEY (organization_id, template_id, event_id);

ALTER TABLE handout_links
    ADD COLUMN event_id UUID,
    ADD CONSTRAINT fk_handout_links_organization_id_event_id FOREIGN KEY(organization_id, event_id) REFERENCES ticketed_events (organization_id, id);
CREATE INDEX ix_handout_links_event_id ON handout_links (organization_id, event_id, id);
""")
