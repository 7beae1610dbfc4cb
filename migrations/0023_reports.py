"""Tables of analytics, and how rewards are found by when they were issued."""

from passerelle.kit.schema import run_script

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE INDEX ix_issued_rewards_issued_at ON issued_rewards (organization_id, issued_at);

CREATE TABLE card_milestones (
    organization_id UUID NOT NULL,
    pass_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    program_id UUID NOT NULL,
    location_id UUID,
    issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    activated_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_card_milestones PRIMARY KEY (organization_id, pass_id)
);
CREATE INDEX ix_card_milestones_activated_at ON card_milestones (organization_id, activated_at);
CREATE INDEX ix_card_milestones_customer_id ON card_milestones (organization_id, customer_id);
CREATE INDEX ix_card_milestones_issued_at ON card_milestones (organization_id, issued_at);
ALTER TABLE card_milestones ENABLE ROW LEVEL SECURITY;
ALTER TABLE card_milestones FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON card_milestones USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON card_milestones TO passerelle_app;

CREATE TABLE counter_visits (
    organization_id UUID NOT NULL,
    reference TEXT NOT NULL,
    customer_id UUID NOT NULL,
    location_id UUID,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_counter_visits PRIMARY KEY (organization_id, reference)
);
CREATE INDEX ix_counter_visits_customer_id ON counter_visits (organization_id, customer_id);
ALTER TABLE counter_visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter_visits FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON counter_visits USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON counter_visits TO passerelle_app;

CREATE TABLE visit_changes (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    CONSTRAINT pk_visit_changes PRIMARY KEY (organization_id, id)
);
ALTER TABLE visit_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE visit_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON visit_changes USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON visit_changes TO passerelle_app;

CREATE TABLE visit_derivations (
    organization_id UUID NOT NULL,
    time_zone TEXT NOT NULL,
    walked_to UUID,
    CONSTRAINT pk_visit_derivations PRIMARY KEY (organization_id)
);
ALTER TABLE visit_derivations ENABLE ROW LEVEL SECURITY;
ALTER TABLE visit_derivations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON visit_derivations USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON visit_derivations TO passerelle_app;

CREATE TABLE visits (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    day DATE NOT NULL,
    customer_id UUID NOT NULL,
    location_id UUID,
    purchases INTEGER NOT NULL,
    net_minor BIGINT NOT NULL,
    previous_day DATE,
    next_day DATE,
    returned_after INTEGER,
    previous_day_here DATE,
    next_day_here DATE,
    returned_after_here INTEGER,
    program_ids UUID[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_visits PRIMARY KEY (organization_id, id),
    CONSTRAINT ck_visits_purchases CHECK (purchases >= 0),
    CONSTRAINT ck_visits_neighbours CHECK (previous_day <= day AND day <= next_day)
);
CREATE INDEX ix_visits_customer_id ON visits (organization_id, customer_id, day);
CREATE INDEX ix_visits_day ON visits (organization_id, day)
    INCLUDE (purchases, net_minor, previous_day, next_day, returned_after);
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE visits FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON visits USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON visits TO passerelle_app;
""")
