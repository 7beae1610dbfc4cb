"""Tables of the ledger.

The grants are narrower than elsewhere: transfers and entries can be added and read, never changed or removed, and
of accounts and lots only the figures that a booking moves.
"""

from passerelle.kit.schema import run_script

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create them."""
    run_script("""
CREATE TABLE ledger_accounts (
    organization_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    earned BIGINT DEFAULT 0 NOT NULL,
    spent BIGINT DEFAULT 0 NOT NULL,
    expired BIGINT DEFAULT 0 NOT NULL,
    reversed BIGINT DEFAULT 0 NOT NULL,
    adjusted BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_ledger_accounts PRIMARY KEY (organization_id, owner_id, unit_id),
    CONSTRAINT ck_ledger_accounts_figures CHECK (earned >= 0 AND spent >= 0 AND expired >= 0 AND reversed >= 0),
    CONSTRAINT ck_ledger_accounts_held CHECK (earned + adjusted - spent - expired - reversed >= 0)
) WITH (fillfactor = 70);
ALTER TABLE ledger_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_accounts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_accounts USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT (organization_id, owner_id, unit_id), UPDATE (earned, spent, expired, reversed, adjusted)
    ON ledger_accounts TO passerelle_app;

CREATE TABLE ledger_transfers (
    organization_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    digest BYTEA NOT NULL,
    reason TEXT,
    reverses UUID,
    actor TEXT NOT NULL,
    posted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_ledger_transfers PRIMARY KEY (organization_id, id),
    CONSTRAINT uq_ledger_transfers_organization_id_reference UNIQUE (organization_id, reference),
    CONSTRAINT fk_ledger_transfers_organization_id_reverses FOREIGN KEY(organization_id, reverses)
        REFERENCES ledger_transfers (organization_id, id),
    CONSTRAINT ck_ledger_transfers_kind
        CHECK (kind IN ('accrual', 'redemption', 'adjustment', 'reversal', 'refund', 'expiry')),
    CONSTRAINT ck_ledger_transfers_reverses CHECK ((kind IN ('reversal', 'refund')) = (reverses IS NOT NULL)),
    CONSTRAINT ck_ledger_transfers_reference CHECK (char_length(reference) BETWEEN 1 AND 200)
);
CREATE INDEX ix_ledger_transfers_reverses ON ledger_transfers (organization_id, reverses)
    WHERE reverses IS NOT NULL;
CREATE UNIQUE INDEX uq_ledger_transfers_reverses ON ledger_transfers (organization_id, reverses)
    WHERE kind = 'reversal';
ALTER TABLE ledger_transfers ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_transfers FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_transfers USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT ON ledger_transfers TO passerelle_app;

CREATE TABLE ledger_lots (
    organization_id UUID NOT NULL,
    owner_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    id UUID NOT NULL,
    transfer_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    remaining BIGINT NOT NULL,
    earned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    activates_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    waiting BOOLEAN NOT NULL,
    CONSTRAINT pk_ledger_lots PRIMARY KEY (organization_id, owner_id, unit_id, id),
    CONSTRAINT fk_ledger_lots_organization_id_owner_id_unit_id FOREIGN KEY(organization_id, owner_id, unit_id)
        REFERENCES ledger_accounts (organization_id, owner_id, unit_id),
    CONSTRAINT fk_ledger_lots_organization_id_transfer_id FOREIGN KEY(organization_id, transfer_id)
        REFERENCES ledger_transfers (organization_id, id),
    CONSTRAINT ck_ledger_lots_amount CHECK (amount BETWEEN 1 AND 1000000000000),
    CONSTRAINT ck_ledger_lots_remaining CHECK (remaining BETWEEN 0 AND amount),
    CONSTRAINT ck_ledger_lots_interval CHECK (expires_at > activates_at)
);
CREATE INDEX ix_ledger_lots_due ON ledger_lots (organization_id, expires_at)
    WHERE remaining > 0 AND expires_at IS NOT NULL;
CREATE INDEX ix_ledger_lots_open ON ledger_lots (organization_id, owner_id, unit_id, expires_at)
    WHERE remaining > 0;
CREATE INDEX ix_ledger_lots_pending ON ledger_lots (organization_id, owner_id, unit_id, activates_at)
    WHERE waiting;
CREATE INDEX ix_ledger_lots_waiting ON ledger_lots (organization_id, activates_at)
    WHERE waiting;
ALTER TABLE ledger_lots ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_lots FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_lots USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT, UPDATE (remaining, expires_at, waiting) ON ledger_lots TO passerelle_app;

CREATE TABLE ledger_entries (
    organization_id UUID NOT NULL,
    transfer_id UUID NOT NULL,
    lot_id UUID NOT NULL,
    account TEXT NOT NULL,
    owner_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT pk_ledger_entries PRIMARY KEY (organization_id, transfer_id, lot_id, account),
    CONSTRAINT fk_ledger_entries_organization_id_transfer_id FOREIGN KEY(organization_id, transfer_id)
        REFERENCES ledger_transfers (organization_id, id),
    CONSTRAINT fk_ledger_entries_organization_id_owner_id_unit_id_lot_id
        FOREIGN KEY(organization_id, owner_id, unit_id, lot_id)
        REFERENCES ledger_lots (organization_id, owner_id, unit_id, id),
    CONSTRAINT ck_ledger_entries_account CHECK (account IN ('issued', 'redeemed', 'expired', 'adjusted', 'forgiven')),
    CONSTRAINT ck_ledger_entries_amount CHECK (amount <> 0 AND abs(amount) <= 1000000000000)
);
CREATE INDEX ix_ledger_entries_owner_id ON ledger_entries (organization_id, owner_id, transfer_id);
ALTER TABLE ledger_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ledger_entries USING (organization_id = current_setting('app.organization_id')::uuid);
GRANT SELECT, INSERT ON ledger_entries TO passerelle_app;
""")
