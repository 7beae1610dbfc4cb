"""Referral, birthdays, achievements, households, and transfers between members."""

from passerelle.kit.schema import run_script

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the tables."""
    run_script("""
ALTER TABLE memberships ADD COLUMN household_id UUID;
CREATE INDEX ix_memberships_household_id ON memberships (organization_id, household_id) WHERE household_id IS NOT NULL;
CREATE TABLE achievement_steps (
    organization_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    achievement_id UUID NOT NULL,
    reference TEXT NOT NULL,
    period TEXT NOT NULL,
    slot TEXT NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT pk_achievement_steps PRIMARY KEY (organization_id, membership_id, achievement_id, reference),
    CONSTRAINT fk_achievement_steps_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT ck_achievement_steps_amount CHECK (amount > 0)
);
CREATE INDEX ix_achievement_steps_reference ON achievement_steps (organization_id, reference);
ALTER TABLE achievement_steps ENABLE ROW LEVEL SECURITY;
ALTER TABLE achievement_steps FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON achievement_steps USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON achievement_steps TO passerelle_app;

CREATE TABLE achievement_tallies (
    organization_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    achievement_id UUID NOT NULL,
    period TEXT NOT NULL,
    slot TEXT NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT pk_achievement_tallies PRIMARY KEY (organization_id, membership_id, achievement_id, period, slot),
    CONSTRAINT fk_achievement_tallies_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT ck_achievement_tallies_amount CHECK (amount >= 0)
)
 WITH (fillfactor = 80);
ALTER TABLE achievement_tallies ENABLE ROW LEVEL SECURITY;
ALTER TABLE achievement_tallies FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON achievement_tallies USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON achievement_tallies TO passerelle_app;

CREATE TABLE achievements (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    name TEXT NOT NULL,
    names JSONB DEFAULT '{}' NOT NULL,
    definition JSONB NOT NULL,
    repeatable BOOLEAN NOT NULL,
    unit_id UUID,
    amount BIGINT NOT NULL,
    badge TEXT,
    badges JSONB DEFAULT '{}' NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_achievements PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_achievements_organization_id_program_id FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_achievements_organization_id_unit_id FOREIGN KEY(organization_id, unit_id) REFERENCES units (organization_id, id),
    CONSTRAINT ck_achievements_amount CHECK (amount >= 0),
    CONSTRAINT ck_achievements_unit_id CHECK ((unit_id IS NULL) = (amount = 0))
);
CREATE INDEX ix_achievements_program_id ON achievements (organization_id, program_id, id);
ALTER TABLE achievements ENABLE ROW LEVEL SECURITY;
ALTER TABLE achievements FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON achievements USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON achievements TO passerelle_app;

CREATE TABLE achievement_awards (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    achievement_id UUID NOT NULL,
    period TEXT NOT NULL,
    times INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    awarded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_achievement_awards PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_achievement_awards_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT fk_achievement_awards_organization_id_achievement_id FOREIGN KEY(organization_id, achievement_id) REFERENCES achievements (organization_id, id),
    CONSTRAINT ck_achievement_awards_times CHECK (times > 0)
);
CREATE INDEX ix_achievement_awards_membership_id ON achievement_awards (organization_id, membership_id, achievement_id);
ALTER TABLE achievement_awards ENABLE ROW LEVEL SECURITY;
ALTER TABLE achievement_awards FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON achievement_awards USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON achievement_awards TO passerelle_app;

CREATE TABLE birthdays_kept (
    organization_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    year INTEGER NOT NULL,
    kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_birthdays_kept PRIMARY KEY (organization_id, membership_id, year),
    CONSTRAINT fk_birthdays_kept_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT ck_birthdays_kept_year CHECK (year BETWEEN 1900 AND 2200)
);
ALTER TABLE birthdays_kept ENABLE ROW LEVEL SECURITY;
ALTER TABLE birthdays_kept FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON birthdays_kept USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON birthdays_kept TO passerelle_app;

CREATE TABLE households (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    name TEXT NOT NULL,
    head_id UUID NOT NULL,
    code TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_households PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_households_organization_id_program_id FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_households_organization_id_head_id FOREIGN KEY(organization_id, head_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT uq_households_organization_id_code UNIQUE (organization_id, code)
);
CREATE INDEX ix_households_program_id ON households (organization_id, program_id, id);
ALTER TABLE households ENABLE ROW LEVEL SECURITY;
ALTER TABLE households FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON households USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON households TO passerelle_app;

CREATE TABLE household_members (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    household_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    role TEXT NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    left_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_household_members PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_household_members_organization_id_household_id FOREIGN KEY(organization_id, household_id) REFERENCES households (organization_id, id),
    CONSTRAINT fk_household_members_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT ck_household_members_role CHECK (role IN ('adult', 'child'))
);
CREATE INDEX ix_household_members_household_id ON household_members (organization_id, household_id);
CREATE UNIQUE INDEX uq_household_members_membership_id ON household_members (organization_id, membership_id) WHERE left_at IS NULL;
ALTER TABLE household_members ENABLE ROW LEVEL SECURITY;
ALTER TABLE household_members FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON household_members USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON household_members TO passerelle_app;

CREATE TABLE referral_codes (
    organization_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    program_id UUID NOT NULL,
    code TEXT NOT NULL,
    opened INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_referral_codes PRIMARY KEY (organization_id, membership_id),
    CONSTRAINT fk_referral_codes_organization_id_membership_id FOREIGN KEY(organization_id, membership_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT uq_referral_codes_organization_id_code UNIQUE (organization_id, code)
);
ALTER TABLE referral_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE referral_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referral_codes USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON referral_codes TO passerelle_app;

CREATE TABLE referrals (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    program_id UUID NOT NULL,
    referrer_id UUID NOT NULL,
    friend_id UUID NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    purchase_id UUID,
    settled_purchase_id UUID,
    referrer_amount BIGINT DEFAULT 0 NOT NULL,
    friend_amount BIGINT DEFAULT 0 NOT NULL,
    milestone INTEGER,
    milestone_amount BIGINT DEFAULT 0 NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
    qualified_at TIMESTAMP WITH TIME ZONE,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_referrals PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_referrals_organization_id_program_id FOREIGN KEY(organization_id, program_id) REFERENCES programs (organization_id, id),
    CONSTRAINT fk_referrals_organization_id_referrer_id FOREIGN KEY(organization_id, referrer_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT fk_referrals_organization_id_friend_id FOREIGN KEY(organization_id, friend_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT uq_referrals_organization_id_friend_id UNIQUE (organization_id, friend_id),
    CONSTRAINT ck_referrals_state CHECK (state IN ('joined', 'qualified', 'rewarded', 'refused')),
    CONSTRAINT ck_referrals_reason CHECK (state <> 'refused' OR reason IS NOT NULL),
    CONSTRAINT ck_referrals_rewarded CHECK (state <> 'rewarded' OR settled_purchase_id IS NOT NULL)
);
CREATE INDEX ix_referrals_program_id ON referrals (organization_id, program_id, id);
CREATE INDEX ix_referrals_purchase_id ON referrals (organization_id, purchase_id) WHERE purchase_id IS NOT NULL;
CREATE INDEX ix_referrals_referrer_id ON referrals (organization_id, referrer_id, id);
ALTER TABLE referrals ENABLE ROW LEVEL SECURITY;
ALTER TABLE referrals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON referrals USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON referrals TO passerelle_app;

CREATE TABLE member_transfers (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    giver_id UUID NOT NULL,
    receiver_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    reference TEXT NOT NULL,
    transfer_id UUID NOT NULL,
    actor TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_member_transfers PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_member_transfers_organization_id_giver_id FOREIGN KEY(organization_id, giver_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT fk_member_transfers_organization_id_receiver_id FOREIGN KEY(organization_id, receiver_id) REFERENCES memberships (organization_id, id),
    CONSTRAINT uq_member_transfers_organization_id_giver_id_reference UNIQUE (organization_id, giver_id, reference),
    CONSTRAINT ck_member_transfers_amount CHECK (amount > 0),
    CONSTRAINT ck_member_transfers_receiver_id CHECK (giver_id <> receiver_id)
);
CREATE INDEX ix_member_transfers_giver_id ON member_transfers (organization_id, giver_id, made_at);
CREATE INDEX ix_member_transfers_receiver_id ON member_transfers (organization_id, receiver_id, id);
ALTER TABLE member_transfers ENABLE ROW LEVEL SECURITY;
ALTER TABLE member_transfers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON member_transfers USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON member_transfers TO passerelle_app;
""")
