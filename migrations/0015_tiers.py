"""Tables of tiers."""

from passerelle.kit.schema import run_script

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the tables."""
    run_script("""
CREATE TABLE tier_sets (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	program_id UUID NOT NULL,
	unit_id UUID,
	name TEXT NOT NULL,
	names JSONB DEFAULT '{}' NOT NULL,
	basis TEXT NOT NULL,
	definition JSONB NOT NULL,
	recalculation TEXT NOT NULL,
	applies_at TIMESTAMP WITH TIME ZONE NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	retired_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_tier_sets PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_tier_sets_organization_id_program_id FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
	CONSTRAINT fk_tier_sets_organization_id_unit_id FOREIGN KEY(organization_id, unit_id) REFERENCES units (organization_id, id),
	CONSTRAINT ck_tier_sets_basis CHECK (basis IN ('balance', 'earned', 'spend', 'visits', 'time')),
	CONSTRAINT ck_tier_sets_unit_id CHECK ((basis IN ('balance', 'earned')) = (unit_id IS NOT NULL))
);
CREATE INDEX ix_tier_sets_program_id ON tier_sets (organization_id, program_id);
ALTER TABLE tier_sets ENABLE ROW LEVEL SECURITY;
ALTER TABLE tier_sets FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tier_sets USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON tier_sets TO passerelle_app;

CREATE TABLE member_tiers (
	organization_id UUID NOT NULL,
	membership_id UUID NOT NULL,
	tier_set_id UUID NOT NULL,
	tier_id UUID,
	since TIMESTAMP WITH TIME ZONE,
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE,
	grace_until TIMESTAMP WITH TIME ZONE,
	recheck_at TIMESTAMP WITH TIME ZONE,
	locked BOOLEAN DEFAULT false NOT NULL,
	locked_until TIMESTAMP WITH TIME ZONE,
	proof_from TIMESTAMP WITH TIME ZONE,
	proof_to TIMESTAMP WITH TIME ZONE,
	proof_amount BIGINT,
	proof_measure TEXT,
	definition TEXT NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_member_tiers PRIMARY KEY (organization_id, membership_id, tier_set_id),
	CONSTRAINT fk_member_tiers_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
	CONSTRAINT fk_member_tiers_organization_id_tier_set_id FOREIGN KEY(organization_id, tier_set_id) REFERENCES tier_sets (organization_id, id),
	CONSTRAINT ck_member_tiers_since CHECK ((tier_id IS NULL) = (since IS NULL)),
	CONSTRAINT ck_member_tiers_locked_until CHECK (locked OR locked_until IS NULL)
)
 WITH (fillfactor = 80);
CREATE INDEX ix_member_tiers_due_at ON member_tiers (organization_id, due_at) WHERE due_at IS NOT NULL;
ALTER TABLE member_tiers ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_tiers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON member_tiers USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON member_tiers TO passerelle_app;

CREATE TABLE tier_changes (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	membership_id UUID NOT NULL,
	tier_set_id UUID NOT NULL,
	from_tier_id UUID,
	to_tier_id UUID,
	cause TEXT NOT NULL,
	period TEXT NOT NULL,
	first_in_period BOOLEAN NOT NULL,
	reason TEXT,
	actor TEXT NOT NULL,
	occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_tier_changes PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_tier_changes_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
	CONSTRAINT fk_tier_changes_organization_id_tier_set_id FOREIGN KEY(organization_id, tier_set_id) REFERENCES tier_sets (organization_id, id),
	CONSTRAINT ck_tier_changes_cause CHECK (cause IN ('enrolment', 'activity', 'refund', 'time', 'definition', 'manual'))
);
CREATE INDEX ix_tier_changes_membership_id ON tier_changes (organization_id, membership_id, tier_set_id, id);
CREATE UNIQUE INDEX uq_tier_changes_first_in_period ON tier_changes (organization_id, membership_id, to_tier_id, period) WHERE first_in_period;
ALTER TABLE tier_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE tier_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tier_changes USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON tier_changes TO passerelle_app;

CREATE TABLE tiers (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	tier_set_id UUID NOT NULL,
	position INTEGER NOT NULL,
	name TEXT NOT NULL,
	names JSONB DEFAULT '{}' NOT NULL,
	threshold BIGINT NOT NULL,
	colour TEXT,
	permanent BOOLEAN DEFAULT false NOT NULL,
	benefits JSONB DEFAULT '[]' NOT NULL,
	entry_unit_id UUID,
	entry_units BIGINT,
	entry_reward_id UUID,
	retired_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_tiers PRIMARY KEY (organization_id, id),
	CONSTRAINT fk_tiers_organization_id_tier_set_id FOREIGN KEY(organization_id, tier_set_id) REFERENCES tier_sets (organization_id, id),
	CONSTRAINT fk_tiers_organization_id_entry_unit_id FOREIGN KEY(organization_id, entry_unit_id) REFERENCES units (organization_id, id),
	CONSTRAINT ck_tiers_threshold CHECK (threshold BETWEEN 0 AND 1000000000000),
	CONSTRAINT ck_tiers_entry_units CHECK (entry_units > 0),
	CONSTRAINT ck_tiers_entry_unit_id CHECK ((entry_units IS NULL) = (entry_unit_id IS NULL))
);
CREATE INDEX ix_tiers_tier_set_id ON tiers (organization_id, tier_set_id);
ALTER TABLE tiers ENABLE ROW LEVEL SECURITY;
ALTER TABLE tiers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tiers USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON tiers TO passerelle_app;
""")
