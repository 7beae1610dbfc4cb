"""What a card shows at one moment, whatever it is of: its facts, whether it is good, and until when."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, NamedTuple

from passerelle.kit.db import Row, Tx
from passerelle.passes import coupon_faces, gift_card_faces, ticket_faces
from passerelle.passes.face import Face
from passerelle.passes.facts import read_facts
from passerelle.passes.schemas import SubjectCard, SubjectKind
from passerelle.programs.terms.schemas import MemberTermOut
from passerelle.templates.service import CompiledTemplate, Facts

__all__ = ["Face", "read_card", "read_faces"]

Cards = Sequence[tuple[Row, CompiledTemplate]]


class _Subject(NamedTuple):
    """How cards of one kind are read: to be rendered, many at once; and what one is for the till."""

    read_faces: Callable[[Tx, Cards], Awaitable[list[Face]]]
    read_card: Callable[[Tx, Row], Awaitable[SubjectCard]]


async def read_faces(tx: Tx, cards: Cards) -> list[Face]:
    """The faces of cards now, in their order; the statements are as many for one of a kind as for all of it."""
    kinds = {row["subject_kind"] for row, _ in cards}
    if len(kinds) == 1:
        return await _SUBJECTS[kinds.pop()].read_faces(tx, cards)
    faces: dict[int, Face] = {}
    for kind in sorted(kinds):
        places = [place for place, (row, _) in enumerate(cards) if row["subject_kind"] == kind]
        read = await _SUBJECTS[kind].read_faces(tx, [cards[place] for place in places])
        faces.update(zip(places, read, strict=True))
    return [faces[place] for place in range(len(cards))]


async def read_card(tx: Tx, row: Row) -> SubjectCard:
    """A card as it is now, for whoever hands it out or looks at it."""
    return await _SUBJECTS[row["subject_kind"]].read_card(tx, row)


async def _faces_of_members(tx: Tx, cards: Cards) -> list[Face]:
    read = await read_facts(tx, cards)
    return [_face_of_member(row, *each) for (row, _), each in zip(cards, read, strict=True)]


def _face_of_member(row: Row, facts: Facts, term: MemberTermOut | None) -> Face:
    """A membership that is not paid keeps its card good, for the till must read it; one that lapsed expires."""
    ends_at = row["expires_at"]
    if term is not None and term.lapses_at is not None:
        ends_at = min(ends_at or term.lapses_at, term.lapses_at)
    if row["state"] != "active":
        return Face(facts, "blocked", ends_at)
    lapsed = term is not None and term.status == "lapsed"
    return Face(facts, "expired" if lapsed else "valid", ends_at, asks_name=not facts["customer.full_name"])


async def _member_card(_tx: Tx, row: Row) -> SubjectCard:
    return SubjectCard(
        id=row["id"],
        kind="membership",
        subject_id=row["subject_id"],
        customer_id=row["customer_id"],
        program_id=row["program_id"],
        offering_id=None,
        code=row["code"],
        condition="valid" if row["state"] == "active" else "blocked",
        expires_at=row["expires_at"],
        version=row["version"],
    )


_SUBJECTS: Final[Mapping[SubjectKind, _Subject]] = {
    "membership": _Subject(_faces_of_members, _member_card),
    "coupon": _Subject(coupon_faces.read_faces, coupon_faces.read_card),
    "gift_card": _Subject(gift_card_faces.read_faces, gift_card_faces.read_card),
    "ticket": _Subject(ticket_faces.read_faces, ticket_faces.read_card),
}
