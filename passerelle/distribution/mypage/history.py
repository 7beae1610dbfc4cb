"""A customer's history in plain words, for the customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from passerelle.clientele.timeline import service as timelines
from passerelle.clientele.timeline.schemas import (
    CardEntry,
    JoinedEntry,
    PurchaseEntry,
    RegisteredEntry,
    RewardEntry,
    TicketEntry,
    TimelineEntry,
    TimelineKind,
    UnitsEntry,
)
from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.standings import amount_text
from passerelle.distribution.writing import moment, signed
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.money import Money
from passerelle.programs import service as programs
from passerelle.programs.schemas import Program

# Consents have a place of their own on the page, and what staff wrote is in the export.
_KINDS: Final[tuple[TimelineKind, ...]] = ("registered", "joined", "purchase", "units", "reward", "card", "ticket")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened: ``amounts`` such as “+12 points”, ``place`` such as the program's name."""

    at: str
    title: str
    amounts: Sequence[str] = ()
    about: str = ""
    undone: bool = False


async def read_history(
    tx: Tx, customer_id: UUID, before: UUID, limit: int, *, language: Language, time_zone: str
) -> tuple[list[HistoryLine], UUID | None]:
    """A page of it, last recorded first, and where to go on."""
    entries, last = await timelines.timeline(tx, customer_id, before, limit, language=language, kinds=_KINDS)
    wanted = {entry.program_id for entry in entries if isinstance(entry, UnitsEntry)}
    known = {program.id: program for program in await programs.get_programs(tx, wanted)}
    return [_line(entry, known, language, time_zone) for entry in entries], last


def _line(entry: TimelineEntry, known: Mapping[UUID, Program], language: Language, time_zone: str) -> HistoryLine:
    t, at = page_texts(language), moment(entry.at, language, time_zone)
    match entry:
        case RegisteredEntry():
            return HistoryLine(at, t["h_registered"])
        case JoinedEntry():
            return HistoryLine(at, t["h_joined"].format(program=entry.program_name))
        case PurchaseEntry():
            amount = Money(entry.amount_minor, entry.currency).formatted(language)
            return HistoryLine(at, t["h_purchase_void" if entry.state == "voided" else "h_purchase"], [amount])
        case UnitsEntry():
            amounts = _amounts(entry, known[entry.program_id], language)
            return HistoryLine(at, t[f"h_units_{entry.cause}"], amounts, entry.program_name, entry.undone)
        case RewardEntry():
            return HistoryLine(at, t[_REWARDS.get(entry.state, "h_reward_ended")].format(name=entry.name))
        case CardEntry() | TicketEntry():
            return _held(entry, at, t)
        case _:
            msg = f"The history asked for no {entry.kind}."
            raise AssertionError(msg)


def _held(entry: CardEntry | TicketEntry, at: str, t: Mapping[str, str]) -> HistoryLine:
    if isinstance(entry, CardEntry):
        return HistoryLine(at, t[f"h_card_{entry.what}"])
    about = " · ".join(part for part in (entry.category, entry.seat) if part)
    return HistoryLine(at, t[f"h_ticket_{entry.what}"].format(event=entry.event_name), about=about)


_REWARDS: Final = {"issued": "h_reward_issued", "held": "h_reward_issued", "redeemed": "h_reward_redeemed"}


def _amounts(entry: UnitsEntry, program: Program, language: Language) -> list[str]:
    units = {unit.code: unit for unit in program.units}
    return [
        signed(amount_text(units[each.unit], program, abs(each.amount), language), language, is_less=each.amount < 0)
        for each in entry.movements
    ]
