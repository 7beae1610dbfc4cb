"""Debts, holds and moves between owners; lots that await an event or slide; how far a program's nights have come."""

from passerelle.kit.schema import run_script

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add columns and tables; the checks that know the new kinds; indexes in which a pass can go on where it was."""
    run_script("""
ALTER TABLE ledger_accounts
    ADD COLUMN owed BIGINT DEFAULT 0 NOT NULL,
    ADD COLUMN held BIGINT DEFAULT 0 NOT NULL,
    DROP CONSTRAINT ck_ledger_accounts_figures,
    DROP CONSTRAINT ck_ledger_accounts_held,
    ADD CONSTRAINT ck_ledger_accounts_figures
        CHECK (earned >= 0 AND spent >= 0 AND expired >= 0 AND reversed >= 0 AND owed >= 0 AND held >= 0),
    ADD CONSTRAINT ck_ledger_accounts_held
        CHECK (earned + adjusted + owed - spent - expired - reversed - held >= 0);
GRANT UPDATE (owed, held) ON ledger_accounts TO passerelle_app;

ALTER TABLE ledger_transfers
    DROP CONSTRAINT ck_ledger_transfers_kind,
    ADD CONSTRAINT ck_ledger_transfers_kind CHECK (kind IN (
        'accrual', 'redemption', 'adjustment', 'reversal', 'refund', 'expiry', 'move', 'hold', 'release',
        'settlement'));

ALTER TABLE ledger_entries
    DROP CONSTRAINT ck_ledger_entries_account,
    ADD CONSTRAINT ck_ledger_entries_account CHECK (account IN (
        'issued', 'redeemed', 'expired', 'adjusted', 'forgiven', 'owed', 'set_aside', 'moved'));

ALTER TABLE ledger_lots
    ADD COLUMN awaits TEXT,
    ADD COLUMN policy TEXT,
    DROP CONSTRAINT ck_ledger_lots_interval,
    ADD CONSTRAINT ck_ledger_lots_interval CHECK (expires_at > activates_at OR awaits IS NOT NULL);
DROP INDEX ix_ledger_lots_due;
CREATE INDEX ix_ledger_lots_due ON ledger_lots (organization_id, expires_at, id)
    WHERE remaining > 0 AND expires_at IS NOT NULL;
DROP INDEX ix_ledger_lots_waiting;
CREATE INDEX ix_ledger_lots_waiting ON ledger_lots (organization_id, activates_at, id)
    WHERE waiting;
GRANT UPDATE (activates_at, awaits) ON ledger_lots TO passerelle_app;

CREATE TABLE ledger_holds (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    owner_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_by UUID,
    CONSTRAINT pk_ledger_holds PRIMARY KEY (organization_id, id),
    CONSTRAINT fk_ledger_holds_organization_id_id FOREIGN KEY(organization_id, id)
        REFERENCES ledger_transfers (organization_id, id),
    CONSTRAINT fk_ledger_holds_organization_id_ended_by FOREIGN KEY(organization_id, ended_by)
        REFERENCES ledger_transfers (organization_id, id),
    CONSTRAINT ck_ledger_holds_amount CHECK (amount > 0)
);
CREATE INDEX ix_ledger_holds_due ON ledger_holds (organization_id, expires_at, id)
    WHERE ended_by IS NULL;
CREATE INDEX ix_ledger_holds_owner_id ON ledger_holds (organization_id, owner_id, unit_id)
    WHERE ended_by IS NULL;
ALTER TABLE ledger_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_holds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_holds USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE (ended_by) ON ledger_holds TO passerelle_app;

CREATE TABLE program_nights (
    organization_id UUID NOT NULL,
    program_id UUID NOT NULL,
    day DATE,
    done_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_until TIMESTAMP WITH TIME ZONE NOT NULL,
    walk_due_at TIMESTAMP WITH TIME ZONE,
    walk_id UUID,
    CONSTRAINT pk_program_nights PRIMARY KEY (organization_id, program_id),
    CONSTRAINT fk_program_nights_organization_id_program_id FOREIGN KEY(organization_id, program_id)
        REFERENCES programs (organization_id, id)
);
ALTER TABLE program_nights ENABLE ROW LEVEL SECURITY;
ALTER TABLE program_nights FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON program_nights USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE, DELETE ON program_nights TO passerelle_app;
""")
