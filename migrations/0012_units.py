"""Units of more kinds, with their timing and cost; the tiers that a member holds."""

from passerelle.kit.schema import run_script

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the columns."""
    run_script("""
ALTER TABLE units DROP CONSTRAINT ck_units_kind;
ALTER TABLE units
    ADD COLUMN spendable BOOLEAN DEFAULT true NOT NULL,
    ADD COLUMN timing JSONB DEFAULT '{}' NOT NULL,
    ADD COLUMN shortfall TEXT DEFAULT 'refuse' NOT NULL,
    ADD COLUMN cost_micros BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN breakage_ppm INTEGER DEFAULT 0 NOT NULL,
    ADD CONSTRAINT ck_units_kind CHECK (kind IN ('stamps', 'points', 'visits', 'sessions', 'money')),
    ADD CONSTRAINT ck_units_shortfall CHECK (shortfall IN ('refuse', 'forgive', 'owe')),
    ADD CONSTRAINT ck_units_cost_micros CHECK (cost_micros >= 0),
    ADD CONSTRAINT ck_units_breakage_ppm CHECK (breakage_ppm BETWEEN 0 AND 1000000);
ALTER TABLE memberships ADD COLUMN tier_ids UUID[] DEFAULT '{}' NOT NULL;
""")
