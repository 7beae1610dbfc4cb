"""What almost every purchase does, in fewer messages: booking one lot, lock and all; a key checked with BEGIN."""

from passerelle.kit.schema import run_script

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Create it."""
    run_script("""
-- Called by passerelle/ledger/booking.py, which says why; the general statement stands there.
-- Each statement of a function sees what was committed before it began, so the booking sees what happened while the
-- lock was waited for.
CREATE FUNCTION ledger_book_one(
    of_organization UUID, at TIMESTAMPTZ,
    new_id UUID, new_kind TEXT, new_reference TEXT, new_digest BYTEA, new_reason TEXT, new_actor TEXT,
    of_owner UUID, of_unit UUID,
    lot UUID, lot_amount BIGINT, lot_earned_at TIMESTAMPTZ, lot_activates_at TIMESTAMPTZ, lot_expires_at TIMESTAMPTZ,
    lot_awaits TEXT, lot_policy TEXT,
    from_account TEXT, more_earned BIGINT, more_adjusted BIGINT
) RETURNS TABLE (
    owner_id UUID, unit_id UUID, earned BIGINT, spent BIGINT, expired BIGINT, reversed BIGINT, adjusted BIGINT,
    owed BIGINT, held BIGINT, pending BIGINT, lapsed BIGINT
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    PERFORM 1 FROM ledger_accounts
    WHERE organization_id = of_organization AND owner_id = of_owner AND unit_id = of_unit AND owed = 0 AND held = 0
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN  -- open it, unless it is there and owes or has units set aside
        INSERT INTO ledger_accounts (organization_id, owner_id, unit_id) VALUES (of_organization, of_owner, of_unit)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    INSERT INTO ledger_transfers (organization_id, id, kind, reference, digest, reason, actor, posted_at)
    VALUES (of_organization, new_id, new_kind, new_reference, new_digest, new_reason, new_actor, at)
    ON CONFLICT (organization_id, reference) DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO ledger_lots (organization_id, owner_id, unit_id, id, transfer_id, amount, remaining,
                             earned_at, activates_at, expires_at, awaits, policy, waiting)
    VALUES (of_organization, of_owner, of_unit, lot, new_id, lot_amount, lot_amount,
            lot_earned_at, lot_activates_at, lot_expires_at, lot_awaits, lot_policy, lot_activates_at > at);
    INSERT INTO ledger_entries (organization_id, transfer_id, owner_id, unit_id, lot_id, account, amount)
    VALUES (of_organization, new_id, of_owner, of_unit, lot, from_account, lot_amount);
    RETURN QUERY
    UPDATE ledger_accounts a SET earned = a.earned + more_earned, adjusted = a.adjusted + more_adjusted
    WHERE a.organization_id = of_organization AND a.owner_id = of_owner AND a.unit_id = of_unit
    RETURNING a.owner_id, a.unit_id, a.earned, a.spent, a.expired, a.reversed, a.adjusted, a.owed, a.held,
        (SELECT coalesce(sum(l.remaining), 0)::bigint FROM ledger_lots l
         WHERE l.organization_id = of_organization AND l.owner_id = of_owner AND l.unit_id = of_unit
           AND l.waiting AND l.activates_at > at AND (l.expires_at IS NULL OR l.expires_at > at) AND l.id <> lot),
        (SELECT coalesce(sum(l.remaining), 0)::bigint FROM ledger_lots l
         WHERE l.organization_id = of_organization AND l.owner_id = of_owner AND l.unit_id = of_unit
           AND l.remaining > 0 AND l.expires_at <= at AND l.id <> lot);
END
$$;

-- Travels with BEGIN (kit/db.py), for a key of which all that never changes is remembered (organizations/service.py).
CREATE FUNCTION require_api_key(of_organization UUID, key_digest BYTEA, key_id UUID, at TIMESTAMPTZ) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM api_keys
        WHERE organization_id = of_organization AND digest = key_digest AND id = key_id
          AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > at)
    ) THEN
        RAISE EXCEPTION 'The key does not hold any more.' USING ERRCODE = 'PA001';
    END IF;
END
$$
""")
