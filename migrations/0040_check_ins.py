"""Check-ins: how locations take them and who came; tickets that let in again."""

from passerelle.kit.schema import run_script

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Create it."""
    run_script("""
CREATE TABLE check_in_places (
    organization_id UUID NOT NULL,
    location_id UUID NOT NULL,
    by_staff BOOLEAN NOT NULL,
    capacity INTEGER,
    pass_back_minutes INTEGER NOT NULL,
    longest_minutes INTEGER NOT NULL,
    ends_with_day BOOLEAN NOT NULL,
    self_by TEXT NOT NULL,
    radius_m INTEGER,
    cooldown_minutes INTEGER NOT NULL,
    per_day INTEGER NOT NULL,
    program_id UUID,
    code_version INTEGER DEFAULT 1 NOT NULL,
    CONSTRAINT pk_check_in_places PRIMARY KEY (organization_id, location_id),
    CONSTRAINT fk_check_in_places_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT fk_check_in_places_organization_id_program_id FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT ck_check_in_places_self_by CHECK (self_by IN ('none', 'printed', 'screen'))
);
ALTER TABLE check_in_places ENABLE ROW LEVEL SECURITY;
ALTER TABLE check_in_places FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON check_in_places USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON check_in_places TO passerelle_app;
CREATE TABLE check_ins (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    location_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    way TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_by TEXT NOT NULL,
    closes_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closes_how TEXT NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT,
    closed_how TEXT,
    undone_at TIMESTAMP WITH TIME ZONE,
    undone_by TEXT,
    reference TEXT,
    out_reference TEXT,
    custom_event_id UUID,
    CONSTRAINT pk_check_ins PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_check_ins_organization_id_location_id FOREIGN KEY(organization_id, location_id) REFERENCES locations (organization_id, id),
    CONSTRAINT fk_check_ins_organization_id_customer_id FOREIGN KEY(organization_id, customer_id) REFERENCES customers (organization_id, id),
    CONSTRAINT uq_check_ins_organization_id_reference UNIQUE (organization_id, reference),
    CONSTRAINT uq_check_ins_organization_id_out_reference UNIQUE (organization_id, out_reference),
    CONSTRAINT ck_check_ins_way CHECK (way IN ('staff', 'self')),
    CONSTRAINT ck_check_ins_closes_how CHECK (closes_how IN ('expired', 'day_end', 'visit')),
    CONSTRAINT ck_check_ins_closed_how CHECK (closed_how IN ('out', 'expired', 'day_end', 'visit')),
    CONSTRAINT ck_check_ins_closed CHECK (num_nulls(closed_at, closed_by, closed_how) IN (0, 3)),
    CONSTRAINT ck_check_ins_undone CHECK (num_nulls(undone_at, undone_by) IN (0, 2)),
    CONSTRAINT ck_check_ins_times CHECK (closed_at >= opened_at AND closes_at >= opened_at)
);
CREATE INDEX ix_check_ins_customer_id ON check_ins (organization_id, customer_id, id);
CREATE INDEX ix_check_ins_due ON check_ins (organization_id, closes_at) WHERE closed_at IS NULL AND undone_at IS NULL;
CREATE UNIQUE INDEX ix_check_ins_inside ON check_ins (organization_id, location_id, customer_id) WHERE closed_at IS NULL AND undone_at IS NULL;
CREATE INDEX ix_check_ins_location_id ON check_ins (organization_id, location_id, id);
ALTER TABLE check_ins ENABLE ROW LEVEL SECURITY;
ALTER TABLE check_ins FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON check_ins USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON check_ins TO passerelle_app;
ALTER TABLE ticketed_events ADD COLUMN reentry BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE tickets ADD COLUMN left_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE tickets ADD COLUMN left_by TEXT;
ALTER TABLE tickets ADD COLUMN returns INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE tickets ADD CONSTRAINT ck_tickets_left_at
    CHECK (left_at IS NULL OR (state = 'used' AND left_by IS NOT NULL));
ALTER TABLE tickets ADD CONSTRAINT ck_tickets_returns CHECK (returns >= 0);
""")
