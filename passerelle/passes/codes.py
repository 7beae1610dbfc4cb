"""Verbs of codes: a card by what was scanned, judged by how it was shown; new codes; what a program asks of them."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Row, Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.ids import new_code
from passerelle.kit.moments import LocalDay
from passerelle.passes import code_rules, queries
from passerelle.passes.code_rules import STATIC, CodeKind, Read, Shown, Use
from passerelle.passes.errors import (
    BlockedBySubject,
    CardExpired,
    CardRevoked,
    CardUnknown,
    CodeAhead,
    CodeNotEnough,
    CodeReplaced,
    CodeTooOld,
    CodeUsed,
    CodeWrong,
)
from passerelle.passes.events import CodeRuleChanged, PassCodeRenewed
from passerelle.passes.marking import mark
from passerelle.passes.rendering import keys_of_code
from passerelle.passes.schemas import Card, CodeRuleIn, CodeRuleOut
from passerelle.programs import service as programs

_SPENT_KEPT: Final = timedelta(days=90)
_NO_SLACK: Final = timedelta(0)


async def find_card(
    tx: Tx, value: str, use: Use = "look_up", *, at: datetime | None = None, slack: timedelta = _NO_SLACK
) -> Card:
    """The card behind a scanned or typed value, if that suffices for what is about to be done with it.

    ``at`` is when it was scanned, ``slack`` how far that may be off. Raises ``errors.READ_REFUSALS``; a value that is
    made up never reaches the database.
    """
    told = code_rules.read(value)
    shown = STATIC if told.kind == "static" else _judged(await tx.vault.keys(tx), told, at, slack)
    row = await queries.find_pass_by_code(tx, told.code)
    if row is None:
        raise CardUnknown if told.kind == "static" else CodeReplaced
    card = card_of(_usable(row), shown)
    if not code_rules.suffices(card.may, use):
        raise CodeNotEnough
    return card


async def find_cards(tx: Tx, values: Sequence[tuple[str, datetime | None]], use: Use) -> list[Card | None]:
    """The same for many values and when they were scanned, in their order; None where ``find_card`` refuses."""
    judged: list[tuple[str, Shown] | None] = []
    for value, at in values:
        told = code_rules.read(value)
        with suppress(CodeWrong, CodeTooOld, CodeAhead):
            shown = STATIC if told.kind == "static" else _judged(await tx.vault.keys(tx), told, at, _NO_SLACK)
            judged.append((told.code, shown))
            continue
        judged.append(None)
    rows = await queries.find_passes_by_code(tx, [each[0] for each in judged if each is not None])
    known = {row["code"]: row for row in rows}
    cards: list[Card | None] = []
    for each in judged:
        card = None
        if each is not None and each[0] in known:
            with suppress(CardRevoked, CardExpired):
                card = card_of(_usable(known[each[0]]), each[1])
        cards.append(card if card is not None and code_rules.suffices(card.may, use) else None)
    return cards


async def find_holder(tx: Tx, value: str) -> UUID | None:
    """Whose card shows or showed this, blocked or not, however long ago."""
    row = await queries.find_pass_by_code(tx, normal_code(value))
    return None if row is None else row["customer_id"]


def normal_code(typed: str) -> str:
    """The card's code in what was scanned or typed."""
    return code_rules.read(typed).code


def is_card_code(text: str) -> bool:
    """Whether a text has the form of what a card shows."""
    told = code_rules.read(text)
    return told.kind != "static" or len(told.code) == code_rules.CODE_LETTERS


async def spend_code(tx: Tx, card: Card, reference: str) -> None:
    """Let a rotating code be taken with at one till alone, where the program wants that; raises CodeUsed.

    The same till may go on with it, and the same operation may be told again.
    """
    if not card.single_use or card.shown.step is None:
        return
    spent = (tx.organization_id, card.id, card.shown.step, tx.actor.label, reference, clock.now())
    if not await tx.fetchval(queries.SPEND_CODE, *spent):
        raise CodeUsed


async def forget_spent(tx: Tx) -> None:
    """Forget spent codes that no till without a network can still bring."""
    await tx.execute(queries.FORGET_SPENT, tx.organization_id, clock.now() - _SPENT_KEPT)


async def renew_code(tx: Tx, pass_id: UUID) -> None:
    """Give a member's card a new code: the old one and every copy of it die, and wallets fetch the card.

    Raises PassNotFound, BlockedBySubject.
    """
    await queries.get_pass(tx, pass_id)
    if not await tx.fetchval(queries.RENEW_CODE, tx.organization_id, pass_id, new_code()):
        raise BlockedBySubject
    await mark(tx, queries.CHANGE_OF_PASSES, {pass_id})
    await announce(tx, PassCodeRenewed(pass_id=pass_id))


async def get_code_rule(tx: Tx, program_id: UUID) -> CodeRuleOut:
    """What a program asks of codes; raises ProgramNotFound."""
    await programs.get_program(tx, program_id)
    row = await queries.find_code_rule(tx, program_id)
    return CodeRuleOut(**(row or CodeRuleIn().model_dump()))


async def set_code_rule(tx: Tx, program_id: UUID, told: CodeRuleIn) -> CodeRuleOut:
    """Choose how the cards of a program show their code; they all follow by and by. Raises ProgramNotFound."""
    if await get_code_rule(tx, program_id) != CodeRuleOut(**told.model_dump()):
        await tx.execute(
            queries.SET_RULE, tx.organization_id, program_id, told.code_kind, told.copies_may, told.single_use
        )
        fact = CodeRuleChanged(
            program_id=program_id, kind=told.code_kind, copies_may=told.copies_may, single_use=told.single_use
        )
        await announce(tx, fact)
    return await get_code_rule(tx, program_id)


def messages(keys: TenantKeys, row: Row, message: str, steps: Sequence[int]) -> tuple[str, ...]:
    """What a card's barcode holds, for a page that draws it: one message, or one for each step if it rotates."""
    kind: CodeKind = row["code_kind"] or "static"
    if kind == "static":
        return (message,)
    own, code = keys_of_code(keys, row["code"]), row["code"]
    if kind == "signed":
        return (code_rules.proven(message, code, code_rules.signed_proof(own, code)),)
    return tuple(code_rules.proven(message, code, code_rules.rotating_proof(own, step)) for step in steps)


def card_of(row: Row, shown: Shown = STATIC) -> Card:
    """A member's card, with what may be done with it when it is shown so."""
    asked: CodeKind = row.get("code_kind") or "static"
    return Card(
        id=row["id"],
        membership_id=row["subject_id"],
        customer_id=row["customer_id"],
        program_id=row["program_id"],
        code=row["code"],
        state=row["state"],
        expires_at=row["expires_at"],
        version=row["version"],
        shown=shown,
        may=code_rules.may_with(asked, shown.kind, row.get("copies_may") or "everything"),
        single_use=bool(row.get("single_use")),
    )


def _judged(keys: TenantKeys, told: Read, at: datetime | None, slack: timedelta) -> Shown:
    """How a value with a proof was shown; raises CodeWrong, CodeTooOld, CodeAhead."""
    instant = at or clock.now()
    verdict = code_rules.verify(keys_of_code(keys, told.code), told, instant, slack)
    if isinstance(verdict, Shown):
        return verdict
    raise _fault(verdict, told, instant)


def _fault(verdict: code_rules.Fault, told: Read, at: datetime) -> Refusal:
    if verdict == "too_old":
        return CodeTooOld(minutes=max(1, round((at.timestamp() - told.shown_second) / 60)))
    return CodeWrong() if verdict == "wrong" else CodeAhead()


def _usable(row: Row) -> Row:
    if row["state"] != "active":
        raise CardRevoked
    if row["expires_at"] is not None and row["expires_at"] <= clock.now():
        raise CardExpired(on=LocalDay(row["expires_at"].astimezone(UTC).date()))
    return row
