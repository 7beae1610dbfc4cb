"""The verbs of passes; with apple.py and google.py, which speak for the wallets, the only writer of its tables."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_code, new_id
from passerelle.kit.jobs import enqueue
from passerelle.passes import code_rules, codes, queries, rendering
from passerelle.passes.codes import (
    card_of,
    find_card,
    find_cards,
    find_holder,
    get_code_rule,
    is_card_code,
    normal_code,
    renew_code,
    set_code_rule,
    spend_code,
)
from passerelle.passes.errors import (
    BlockedBySubject,
    PassNotFound,
    ProgramHasNoTemplate,
)
from passerelle.passes.events import PassIssued, PassReinstated, PassRevoked
from passerelle.passes.faces import read_card, read_faces
from passerelle.passes.google import make_save_link as make_google_save_link
from passerelle.passes.identities import Apple, Wallets
from passerelle.passes.issuing import issue_coupon_card, issue_gift_card_card, issue_ticket_card
from passerelle.passes.marking import mark
from passerelle.passes.own.held import identities_of
from passerelle.passes.schemas import (
    Card,
    CardCount,
    InstallationOut,
    Installed,
    LateUpdates,
    PassDetail,
    PassOut,
    RolloutOut,
    ShownCard,
    ShownStamps,
    SubjectCard,
    SubjectKind,
)
from passerelle.passes.serials import serial_number_of
from passerelle.programs import service as programs
from passerelle.programs.households import service as households
from passerelle.templates import service as templates
from passerelle.templates.service import CompiledTemplate, Facts

if TYPE_CHECKING:
    from starlette.requests import Request  # the worker serves nobody, and does not load it

__all__ = [
    "Wallets", "find_card", "find_cards", "find_holder", "get_code_rule", "is_card_code", "issue_coupon_card",
    "issue_gift_card_card", "issue_ticket_card", "make_google_save_link", "normal_code", "renew_code",
    "set_code_rule", "spend_code",
]  # fmt: skip

FORGET_PHONES: Final = "passes.forget_phones"
_BULK: Final = 500


async def issue_pass(tx: Tx, membership_id: UUID) -> Card:
    """The card of a membership, made when there is none; raises ProgramHasNoTemplate."""
    known = await queries.find_pass_by_subject(tx, membership_id)
    if known is not None:
        return card_of(known)
    standing = await programs.standing(tx, membership_id)
    template_id = standing.program.template_id
    version = await templates.published_version(tx, template_id) if template_id is not None else None
    if template_id is None or version is None:
        raise ProgramHasNoTemplate
    pass_id = new_id()
    made = await tx.fetchval(
        queries.INSERT,
        *(tx.organization_id, pass_id, "membership", membership_id),
        *(standing.membership.customer_id, standing.program.id, None),
        *(template_id, version, serial_number_of(tx.organization_id, pass_id), new_code(), clock.now()),
    )
    if made is not None:
        await announce(tx, PassIssued(pass_id=pass_id, membership_id=membership_id, subject_id=membership_id))
    return card_of(await queries.find_pass_by_subject(tx, membership_id))


async def issue_passes(tx: Tx, program_id: UUID, holders: Mapping[UUID, UUID]) -> None:
    """Make the cards of many members of one program that have none, in one statement; ``holders`` by membership.

    Raises ProgramNotFound, ProgramHasNoTemplate.
    """
    template_id = (await programs.get_program(tx, program_id)).template_id
    version = await templates.published_version(tx, template_id) if template_id is not None else None
    if template_id is None or version is None:
        raise ProgramHasNoTemplate
    ids = [new_id() for _ in holders]
    made = await tx.fetch(
        queries.INSERT_MEMBERS,
        *(tx.organization_id, program_id, template_id, version, clock.now()),
        *(ids, list(holders), list(holders.values())),
        [serial_number_of(tx.organization_id, pass_id) for pass_id in ids],
        [new_code() for _ in ids],
    )
    for row in made:
        issued = PassIssued(pass_id=row["id"], membership_id=row["subject_id"], subject_id=row["subject_id"])
        await announce(tx, issued)


async def get_card(tx: Tx, pass_id: UUID) -> SubjectCard:
    """A card of whatever kind and condition; raises PassNotFound."""
    return await read_card(tx, await queries.get_pass(tx, pass_id))


async def find_card_of(tx: Tx, membership_id: UUID) -> Card | None:
    """The card of a membership, if it was issued."""
    row = await queries.find_pass_by_subject(tx, membership_id)
    return card_of(row) if row is not None else None


async def find_card_of_holder(tx: Tx, customer_id: UUID, offering_id: UUID) -> SubjectCard | None:
    """The last card of a coupon campaign or gift card product that this customer holds, in whatever condition."""
    row = await queries.find_last_pass_of_holder(tx, customer_id, offering_id)
    return await read_card(tx, row) if row is not None else None


async def pass_ids_of(tx: Tx, membership_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The ids of the cards of memberships; who has none is left out."""
    rows = await tx.fetch(queries.IDS_OF_SUBJECTS, tx.organization_id, sorted(membership_ids))
    return {row["subject_id"]: row["id"] for row in rows}


async def count_added(tx: Tx, offering_id: UUID, without: Sequence[UUID] = ()) -> int:
    """How many cards of a campaign, product or event were ever added to a phone, but those ``without``."""
    return await queries.count_added(tx, offering_id, without)


async def get_pass_of_subject(tx: Tx, subject_id: UUID) -> PassDetail:
    """The card of a coupon, gift card or ticket with its installations; raises PassNotFound when none was made."""
    row = await queries.find_pass_by_subject(tx, subject_id)
    if row is None:
        raise PassNotFound
    return await get_pass(tx, row["id"])


async def get_pass(tx: Tx, pass_id: UUID) -> PassDetail:
    """A card with its installations; raises PassNotFound."""
    row = await queries.get_pass(tx, pass_id)
    card = await read_card(tx, row)
    installations = [InstallationOut(**each) for each in await queries.list_installations(tx, pass_id)]
    live = sum(1 for each in installations if each.removed_at is None)
    shown = _fields(row) | {"expires_at": card.expires_at}
    return PassDetail(**shown, condition=card.condition, installed=live, installations=installations)


async def list_passes(
    tx: Tx,
    before: UUID,
    limit: int,
    *,
    customer_id: UUID | None = None,
    program_id: UUID | None = None,
    kind: SubjectKind | None = None,
) -> list[PassOut]:
    """Cards, newest first."""
    rows = await queries.list_passes(tx, before, limit, customer_id=customer_id, program_id=program_id, kind=kind)
    return [PassOut(**_fields(row)) for row in rows]


async def revoke_pass(tx: Tx, pass_id: UUID, reason: str) -> None:
    """Block a member's card; wallets show it as void. Harmless when it is blocked already.

    Raises PassNotFound, BlockedBySubject.
    """
    _require_members(await queries.get_pass(tx, pass_id))
    if await tx.fetchval(queries.SET_STATE, tx.organization_id, pass_id, "revoked"):
        await mark(tx, queries.CHANGE_OF_PASSES, {pass_id})
        await announce(tx, PassRevoked(pass_id=pass_id, reason=reason))


async def hand_over_card(tx: Tx, from_membership_id: UUID, to_membership_id: UUID) -> None:
    """Let a membership have the card of another, as it is on people's phones; one that is not needed is blocked."""
    card = await find_card_of(tx, from_membership_id)
    if card is None:
        return
    if await find_card_of(tx, to_membership_id) is None:
        await tx.execute(queries.HAND_OVER, tx.organization_id, card.id, to_membership_id)
    else:
        await revoke_pass(tx, card.id, "merge")


async def cards_among(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, CardCount]:
    """How many cards these customers have that are not blocked; who has none is left out."""
    rows = await queries.count_cards(tx, sorted(customer_ids))
    return {row["customer_id"]: CardCount(row["active"], row["installed"]) for row in rows}


async def list_installed(tx: Tx, customer_id: UUID) -> list[Installed]:
    """Where a customer's cards are or were installed, oldest first."""
    return [Installed(**row) for row in await queries.list_installed(tx, customer_id)]


async def reinstate_pass(tx: Tx, pass_id: UUID) -> None:
    """Unblock a member's card. Raises PassNotFound, BlockedBySubject."""
    _require_members(await queries.get_pass(tx, pass_id))
    if await tx.fetchval(queries.SET_STATE, tx.organization_id, pass_id, "active"):
        await mark(tx, queries.CHANGE_OF_PASSES, {pass_id})
        await announce(tx, PassReinstated(pass_id=pass_id))


async def mark_subjects_changed(tx: Tx, subject_ids: set[UUID]) -> None:
    """What the cards of these memberships, coupons, gift cards, tickets show has changed: have wallets fetch them."""
    await mark(tx, queries.CHANGE_OF_SUBJECTS, subject_ids)


async def mark_sharers_changed(tx: Tx, ids: set[UUID]) -> None:
    """The same for the cards of all who are in these households, or in one with these members.

    Folded with what else is marked in the transaction; a household has at most twenty members.
    """
    for membership_id in await households.sharers(tx, ids):
        tx.defer(mark_subjects_changed, membership_id)


async def mark_passes_changed(tx: Tx, pass_ids: set[UUID]) -> None:
    """The same for these cards."""
    if pass_ids:
        await mark(tx, queries.CHANGE_OF_PASSES, pass_ids)


async def mark_customers_changed(tx: Tx, customer_ids: set[UUID]) -> None:
    """The same for all cards of these customers."""
    await mark(tx, queries.CHANGE_OF_CUSTOMERS, customer_ids)


async def forget_phones_later(tx: Tx, customer_id: UUID) -> None:
    """Forget the phones of somebody who was erased, once they had a week to fetch the empty card."""
    week_seconds = 7 * 24 * 3600
    await enqueue(tx, FORGET_PHONES, {"customer_id": str(customer_id)}, after_seconds=week_seconds)


async def forget_phones(tx: Tx, customer_id: UUID) -> None:
    """End every installation of a customer's cards; phones that hold no other card are forgotten."""
    phones = [row["device_id"] for row in await tx.fetch(queries.PHONES_OF, tx.organization_id, customer_id)]
    await tx.execute(queries.END_INSTALLATIONS, tx.organization_id, customer_id, clock.now())
    await tx.execute(queries.UNLINK_PHONES, tx.organization_id, phones)
    await tx.execute(queries.DELETE_PHONES, tx.organization_id, phones)


async def adopt_template(tx: Tx, template_id: UUID, version: int) -> int:
    """Move some cards of a template to a newer version; returns how many, 0 when all have it."""
    rows = await tx.fetch(queries.BEHIND_TEMPLATE, tx.organization_id, template_id, version, _BULK)
    if rows:
        await mark(tx, queries.CHANGE_OF_PASSES, {row["id"] for row in rows}, bulk=True, version=version)
    return len(rows)


async def get_rollout(tx: Tx, template_id: UUID) -> RolloutOut:
    """How far the cards of a template have come to its published version; raises TemplateNotFound."""
    version = await templates.published_version(tx, template_id)
    return RolloutOut(version=version, **await queries.rollout(tx, template_id, version))


async def refresh_program(tx: Tx, program_id: UUID, after: UUID) -> UUID | None:
    """Mark some cards of a program as changed; returns the last id to go on from, None at the end."""
    return await _mark_some(tx, queries.OF_PROGRAM, program_id, after)


async def refresh_offering(tx: Tx, offering_id: UUID, after: UUID) -> UUID | None:
    """The same for the cards of a coupon campaign, a gift-card product or an event."""
    return await _mark_some(tx, queries.OF_OFFERING, offering_id, after)


async def _mark_some(tx: Tx, statement: str, group_id: UUID, after: UUID) -> UUID | None:
    rows = await tx.fetch(statement, tx.organization_id, group_id, after, _BULK)
    if not rows:
        return None
    await mark(tx, queries.CHANGE_OF_PASSES, {row["id"] for row in rows}, bulk=True)
    last: UUID = rows[-1]["id"]
    return last


async def show_card(tx: Tx, pass_id: UUID, language: Language, ahead: int = 1) -> ShownCard:
    """What a card shows now, in a language of its template, for pages that draw it; raises PassNotFound.

    ``ahead`` is for how many periods a rotating barcode is wanted.
    """
    row = await queries.get_pass(tx, pass_id)
    compiled = await templates.published(tx, row["template_id"], row["template_version"])
    [face] = await read_faces(tx, [(row, compiled)])
    drawn = templates.show(compiled, face.facts, language)
    card = await read_card(tx, row)
    look = f"{row['template_id'].hex}-{row['template_version']}-{row['code_kind'] or 'static'}"
    step = code_rules.step_at(clock.now())
    message = (drawn.barcode or {}).get("message") or card.code
    return ShownCard(
        card,
        drawn,
        _stamps(compiled, face.facts),
        look,
        code_kind=row["code_kind"] or "static",
        messages=codes.messages(await tx.vault.keys(tx), row, message, range(step, step + ahead)),
        first_second=step * code_rules.PERIOD_SECONDS,
    )


def _stamps(compiled: CompiledTemplate, facts: Facts) -> ShownStamps | None:
    stamps, colours, count = compiled.content.stamps, compiled.content.colours, facts.get("stamps.count")
    if stamps is None or not isinstance(count, int):
        return None
    return ShownStamps(
        count=min(count, stamps.goal),
        goal=stamps.goal,
        shape=stamps.shape,
        filled=stamps.filled or colours.foreground,
        empty=stamps.empty or colours.label,
    )


async def download_apple(tx: Tx, pass_id: UUID, apple: Apple) -> bytes:
    """The signed ``.pkpass`` for somebody who is adding the card now."""
    await tx.execute(queries.NOTE_DOWNLOAD, tx.organization_id, pass_id, clock.now())
    return await rendering.pack_apple(tx, await queries.get_pass(tx, pass_id), apple)


async def late_updates(tx: Tx) -> list[LateUpdates]:
    """What this organization's cards wait for, by wallet; wallets that hold everything are left out."""
    return [LateUpdates(**row) for row in await queries.late_updates(tx)]


async def wallets_of(request: "Request", tx: Tx) -> Wallets:
    """What new cards of this transaction's organization are made with."""
    return await identities_of(request).of(tx)


def _require_members(row: Row) -> None:
    if row["subject_kind"] != "membership":
        raise BlockedBySubject


def _fields(row: Row) -> dict[str, Any]:
    """A card on the wire: its subject under its own name."""
    kind: SubjectKind = row["subject_kind"]
    subjects = dict.fromkeys(("membership_id", "coupon_id", "gift_card_id", "ticket_id")) | {
        f"{kind}_id": row["subject_id"]
    }
    return {**row, **subjects, "kind": kind}
