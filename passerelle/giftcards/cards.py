"""Cards: made, sold, found by their code, shown. Codes and contact data are sealed here, and opened here alone."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from pydantic import SecretStr

from passerelle.customers import service as customers
from passerelle.giftcards import guessing, queries, rules
from passerelle.giftcards.activities import act
from passerelle.giftcards.errors import CodeTaken, GiftCardProductNotOffered, GiftCardUnknown
from passerelle.giftcards.events import GiftCardChanged, GiftCardCodeRevealed, GiftCardCreated
from passerelle.giftcards.models import GiftCardProductRow
from passerelle.giftcards.rules import State
from passerelle.giftcards.schemas.activities import NewActivity
from passerelle.giftcards.schemas.cards import (
    GiftCard,
    GiftCardChange,
    GiftCardCreatedOut,
    GiftCardDetail,
    GiftCardFacts,
    GiftCardIn,
    GiftCardOut,
    LapseOut,
)
from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_code, new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Balance

CODE_LENGTH: Final = 16
_CONTACT: Final = ("sender_name", "recipient_name", "recipient_email", "message")
_LAPSES: Final = 12
_TOLD: Final = (
    "id",
    "product_id",
    "product_names",
    "product_name",
    "template_id",
    "state",
    "currency",
    "lapses_at",
    "last_four",
)
_TOLD_CONTACT: Final = ("sender_name", "recipient_name", "message")


async def create_gift_card(tx: Tx, new: GiftCardIn) -> GiftCardCreatedOut:
    """Make a card, and with an amount sell it at once; the answer is the one place that shows its code.

    Selling is no purchase: it earns nothing. Raises GiftCardProductNotFound, GiftCardProductNotOffered, CodeTaken,
    CustomerNotFound, CustomerGone, and when it is sold the refusals of ACTIVATE.
    """
    product = await queries.get_product(tx, new.product_id)
    if not product.active:
        raise GiftCardProductNotOffered(product=product.name)
    if new.customer_id is not None:
        await customers.require_customer(tx, new.customer_id)
    code = new.code or rules.shown_code(new_code(CODE_LENGTH))
    gift_card_id = await add_card(tx, product, code, pin=new.pin, about=new)
    if gift_card_id is None:
        raise CodeTaken
    if new.amount_minor is not None:
        sale = NewActivity(
            "ACTIVATE",
            new.reference or str(new_id()),
            amount_minor=new.amount_minor,
            currency=new.currency,
            location_id=new.location_id or tx.actor.location_id,
        )
        await act(tx, gift_card_id, sale)
    shown = (await _out(tx, [await queries.get_wide(tx, gift_card_id)]))[0]
    return GiftCardCreatedOut(**dict(shown), code=code)


async def add_card(
    tx: Tx, product: GiftCardProductRow, code: str, *, pin: SecretStr | None = None, about: GiftCardIn | None = None
) -> UUID | None:
    """Enter a pending card; None when its code is taken."""
    keys, gift_card_id = await tx.vault.keys(tx), new_id()
    contact = [_seal(keys, name, getattr(about, name)) if about else None for name in _CONTACT]
    made: UUID | None = await tx.fetchval(
        queries.ADD_CARD,
        *(tx.organization_id, gift_card_id, product.id, product.currency),
        *(_seal(keys, "code", code), code_index(keys, code), rules.last_four(code)),
        guessing.pin_digest(keys, gift_card_id, pin) if pin is not None else None,
        about.customer_id if about else None,
        *contact,
        about.deliver_at if about else None,
        clock.now(),
    )
    if made is not None:
        await announce(tx, GiftCardCreated(gift_card_id=gift_card_id, product_id=product.id))
    return made


async def find_by_code(tx: Tx, typed: str) -> GiftCard:
    """The card behind a scanned or typed code, in any state. Raises GiftCardUnknown, TooManyUnknownCodes."""
    guessing.require_patience(tx)
    card = await queries.find_card_by_code(tx, code_index(await tx.vault.keys(tx), typed))
    if card is None:
        guessing.count_unknown_code(tx)
        raise GiftCardUnknown
    return card


async def get_gift_card(tx: Tx, gift_card_id: UUID) -> GiftCardDetail:
    """A card with what it holds and what lapses next; raises GiftCardNotFound."""
    row = await queries.get_wide(tx, gift_card_id)
    shown = (await _out(tx, [row]))[0]
    unit_id = rules.unit_of(tx.organization_id, row["currency"])
    parts = await ledger.next_expiries(tx, gift_card_id, unit_id, _LAPSES)
    return GiftCardDetail(**dict(shown), lapses=[LapseOut(at=at, amount_minor=amount) for at, amount in parts])


async def list_gift_cards(
    tx: Tx,
    before: UUID,
    limit: int,
    *,
    state: State | None = None,
    product_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> list[GiftCardOut]:
    """Cards, newest first."""
    rows = await queries.list_wide(tx, before, limit, state=state, product_id=product_id, customer_id=customer_id)
    return await _out(tx, rows)


async def change_gift_card(tx: Tx, gift_card_id: UUID, change: GiftCardChange) -> GiftCardOut:
    """Change or forget who it is for, from whom, its message and when it is delivered. Raises GiftCardNotFound."""
    await queries.cards_for_update(tx, [gift_card_id])
    row, keys = await queries.get_wide(tx, gift_card_id), await tx.vault.keys(tx)
    given = change.model_fields_set
    contact = [_seal(keys, name, getattr(change, name)) if name in given else row[name] for name in _CONTACT]
    deliver_at = change.deliver_at if "deliver_at" in given else row["deliver_at"]
    await tx.execute(queries.CHANGE, tx.organization_id, gift_card_id, *contact, deliver_at)
    await announce(tx, GiftCardChanged(gift_card_id=gift_card_id, fields=tuple(sorted(given))))
    return (await _out(tx, [await queries.get_wide(tx, gift_card_id)]))[0]


async def reveal_code(tx: Tx, gift_card_id: UUID) -> str:
    """The code in clear, to print or send it; told in the event log. Raises GiftCardNotFound."""
    row = await queries.get_wide(tx, gift_card_id)
    await announce(tx, GiftCardCodeRevealed(gift_card_id=gift_card_id))
    return (await tx.vault.keys(tx)).decrypt(row["code"], "gift_cards.code")


async def card_facts_of(tx: Tx, gift_card_ids: Sequence[UUID]) -> dict[UUID, GiftCardFacts]:
    """What cards say to whoever holds them, code included; as many statements for one as for all."""
    keys = await tx.vault.keys(tx)
    rows = await queries.list_wide_by_id(tx, gift_card_ids)
    balances = await ledger.balances(tx, list(gift_card_ids))
    held = await queries.held_by_card(tx, gift_card_ids, clock.now())
    found = {}
    for row in rows:
        balance = balances[row["id"]].get(rules.unit_of(tx.organization_id, row["currency"]), Balance())
        figures = rules.Figures(balance.active, held.get(row["id"], 0))
        contact = contact_of(keys, row)
        told: dict[str, Any] = {name: row[name] for name in _TOLD} | {name: contact[name] for name in _TOLD_CONTACT}
        found[row["id"]] = GiftCardFacts(
            **told,
            balance_minor=figures.balance_minor,
            available_minor=figures.available_minor,
            code=keys.decrypt(row["code"], "gift_cards.code"),
        )
    return found


def code_index(keys: TenantKeys, code: str) -> bytes:
    """By which a code is found: a keyed digest, so neither a table nor the time of a comparison tells a code."""
    return keys.blind_index("gift_cards.code", rules.normal_code(code))


def contact_of(keys: TenantKeys, row: Row) -> dict[str, str | None]:
    """Sender, recipient and message of a card, in clear."""
    return {name: None if row[name] is None else keys.decrypt(row[name], f"gift_cards.{name}") for name in _CONTACT}


async def _out(tx: Tx, rows: Sequence[Row]) -> list[GiftCardOut]:
    ids = [row["id"] for row in rows]
    keys = await tx.vault.keys(tx)
    balances = await ledger.balances(tx, ids)
    held = await queries.held_by_card(tx, ids, clock.now())
    sees_contact = tx.actor.may("customers:read")
    cards = []
    for row in rows:
        balance = balances[row["id"]].get(rules.unit_of(tx.organization_id, row["currency"]), Balance())
        figures = rules.Figures(balance.active, held.get(row["id"], 0))
        contact: dict[str, Any] = contact_of(keys, row) if sees_contact else {}
        cards.append(
            GiftCardOut(
                **{name: row[name] for name in GiftCardOut.model_fields if name in row and name not in _CONTACT},
                **contact,
                has_pin=row["pin"] is not None,
                balance_minor=figures.balance_minor,
                held_minor=figures.held_minor,
                available_minor=figures.available_minor,
                expired_minor=balance.expired,
            )
        )
    return cards


def _seal(keys: TenantKeys, column: str, value: str | None) -> bytes | None:
    return None if value is None else keys.encrypt(value, f"gift_cards.{column}")
