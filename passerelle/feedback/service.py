"""The verbs of feedback; the only writer of its tables."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import orjson

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.notes import service as notes
from passerelle.customers.notes.schemas import NoteIn
from passerelle.feedback import queries, rules
from passerelle.feedback.errors import FeedbackClosed, FeedbackNotAnswered, FeedbackNotFound, NoMailToCustomer
from passerelle.feedback.errors import FeedbackReplied as RepliedBefore
from passerelle.feedback.events import (
    FeedbackChanged,
    FeedbackDealtWith,
    FeedbackGiven,
    FeedbackReplied,
    FeedbackSettingsChanged,
)
from passerelle.feedback.schemas import (
    AnswerIn,
    FeedbackFigures,
    FeedbackFilter,
    FeedbackOut,
    FeedbackSettings,
    MailState,
    VisitAsked,
)
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.days import midnight
from passerelle.kit.db import Tx
from passerelle.kit.events import announce, logged_since
from passerelle.kit.ids import encode, first_id_at, new_id, time_of
from passerelle.kit.jobs import enqueue
from passerelle.messaging import service as messaging
from passerelle.organizations import service as organizations
from passerelle.privacy import service as privacy
from passerelle.programs import service as programs

MAIL: Final = "feedback.mail"
_WORDS: Final = "feedback.words"
_REPLY: Final = "feedback.reply"
_LOOK_BACK: Final = timedelta(minutes=2)  # facts of transactions that commit at once may show in another order
_READ: Final = 500
_MAILS: Final = 200
_KEPT: Final = timedelta(days=3 * 366)
_SETTINGS: Final = ("enabled", "occasions", "delay_minutes", "every_days", "by_mail")


async def get_settings(tx: Tx) -> FeedbackSettings:
    """What is asked about."""
    row = await queries.get_settings(tx)
    return FeedbackSettings(**{name: row[name] for name in _SETTINGS}) if row else FeedbackSettings()


async def change_settings(tx: Tx, settings: FeedbackSettings) -> FeedbackSettings:
    """Say what is asked about from now on; switching it on asks about no visit of before."""
    before, after = (await get_settings(tx)).model_dump(), settings.model_dump()
    changed = tuple(sorted(name for name in after if after[name] != before[name]))
    if changed:
        after["occasions"] = orjson.dumps(sorted(set(settings.occasions))).decode()
        begin = clock.now() + _LOOK_BACK  # the first look goes back to now, and no further
        await tx.execute(queries.KEEP_SETTINGS, tx.organization_id, *(after[name] for name in _SETTINGS), begin)
        await announce(tx, FeedbackSettingsChanged(fields=changed))
    return await get_settings(tx)


async def ask_about_visits(tx: Tx) -> None:
    """Read the log on, and write down which visits are asked about, and when. Nothing where it is switched off."""
    row = await queries.get_settings(tx, for_update=True)
    if row is None or not row["enabled"]:
        return
    settings = FeedbackSettings(**{name: row[name] for name in _SETTINGS})
    after = first_id_at(row["followed_to"] - _LOOK_BACK)
    names = [*rules.OCCASIONS, *rules.WITHDRAWN]
    while facts := await logged_since(tx, after, names, _READ):
        for fact in facts:
            await _follow(tx, fact, settings)
        after = facts[-1]["id"]
    await tx.execute(queries.FOLLOWED, tx.organization_id, max(row["followed_to"], time_of(after)))


async def queue_mails(tx: Tx) -> None:
    """Have the questions that are due mailed to those who agreed to mails; once each, or never."""
    settings, now = await get_settings(tx), clock.now()
    if not (settings.enabled and settings.by_mail):
        return
    rows = await queries.list_unmailed(tx, now, now - rules.MAIL_WITHIN, _MAILS)
    for row in rows:
        state = await _mail_state(tx, row["customer_id"])
        if state == "queued":
            await _queue_mail(tx, row["id"], row["customer_id"], "feedback_request")
        await tx.execute(queries.MAILED, tx.organization_id, row["id"], state)


async def list_asked(tx: Tx, customer_id: UUID) -> list[VisitAsked]:
    """What a customer is asked now and has not answered; latest visit first, three at most."""
    return [await _asked(tx, row) for row in await queries.list_asked(tx, customer_id, clock.now())]


async def open_link(tx: Tx, token: str) -> VisitAsked | None:
    """The question of a link; from here on the transaction's actor is the customer. None for no link of ours."""
    feedback_id = rules.read_id(token)
    row = await queries.get_feedback(tx, feedback_id) if feedback_id else None
    if row is None or not rules.is_genuine(token, row["id"], await _mac(tx, row["id"])):
        return None
    tx.actor = Actor("customer", row["customer_id"])
    return await _asked(tx, row)


async def answer(tx: Tx, feedback_id: UUID, given: AnswerIn) -> FeedbackOut:
    """Keep what a customer says, or says otherwise within a day; the first answer is told as custom event.

    Raises FeedbackNotFound, FeedbackClosed, CustomerGone.
    """
    row = await _for_update(tx, feedback_id)
    now = clock.now()
    if not rules.may_answer(row["answered_at"], row["open_until"], now):
        raise FeedbackClosed
    await customers.hold_customer(tx, row["customer_id"])
    sealed = (await tx.vault.keys(tx)).encrypt(given.words, _WORDS) if given.words else None
    kept = await tx.fetchrow(queries.ANSWER, tx.organization_id, feedback_id, given.stars, sealed, now)
    of = {"customer_id": row["customer_id"], "location_id": row["location_id"], "stars": given.stars}
    if row["answered_at"] is not None:
        await announce(tx, FeedbackChanged(feedback_id=feedback_id, **of))
        return await _out(tx, kept)
    await announce(tx, FeedbackGiven(feedback_id=feedback_id, **of))
    event = programs.EventIn(
        name="feedback",
        reference=f"feedback:{feedback_id}",
        customer_id=row["customer_id"],
        location_id=row["location_id"],
        attributes={"stars": given.stars},
    )
    await programs.record_event(tx, event)
    return await _out(tx, kept)


async def get_feedback(tx: Tx, feedback_id: UUID) -> FeedbackOut:
    """A question with its answer; raises FeedbackNotFound."""
    row = await queries.get_feedback(tx, feedback_id)
    if row is None:
        raise FeedbackNotFound
    return await _out(tx, row)


async def list_feedback(
    tx: Tx,
    before: UUID,
    limit: int,
    *,
    location_id: UUID | None = None,
    stars: int | None = None,
    customer_id: UUID | None = None,
    which: FeedbackFilter | None = None,
) -> list[FeedbackOut]:
    """Visits that were asked about, latest first."""
    rows = await queries.list_feedback(
        tx, before, limit, clock.now(), location_id=location_id, stars=stars, customer_id=customer_id, which=which
    )
    return [await _out(tx, row) for row in rows]


async def reply(tx: Tx, feedback_id: UUID, text: str) -> FeedbackOut:
    """Mail a customer something about their answer, once.

    Raises FeedbackNotFound, FeedbackNotAnswered, RepliedBefore, NoMailToCustomer, CustomerGone.
    """
    row = await _for_update(tx, feedback_id)
    if row["answered_at"] is None:
        raise FeedbackNotAnswered
    if row["replied_at"] is not None:
        raise RepliedBefore
    if (await customers.get_customer(tx, row["customer_id"])).email is None:
        raise NoMailToCustomer
    sealed = (await tx.vault.keys(tx)).encrypt(text, _REPLY)
    kept = await tx.fetchrow(queries.REPLY, tx.organization_id, feedback_id, sealed, clock.now())
    await _queue_mail(tx, feedback_id, row["customer_id"], "feedback_reply")
    await announce(tx, FeedbackReplied(feedback_id=feedback_id, customer_id=row["customer_id"]))
    return await _out(tx, kept)


async def deal_with(tx: Tx, feedback_id: UUID, note: str | None) -> FeedbackOut:
    """Say that somebody has seen to it; harmless to repeat. Raises FeedbackNotFound, FeedbackNotAnswered,
    and with a note those of notes.
    """
    row = await _for_update(tx, feedback_id)
    if row["answered_at"] is None:
        raise FeedbackNotAnswered
    done = await tx.fetchrow(queries.DEAL, tx.organization_id, feedback_id, clock.now(), tx.actor.label)
    if done is None:
        return await _out(tx, row)
    if note is not None:
        await notes.add_note(tx, row["customer_id"], NoteIn(text=note))
    await announce(tx, FeedbackDealtWith(feedback_id=feedback_id, customer_id=row["customer_id"]))
    return await _out(tx, done)


async def figures(tx: Tx, first: date, last: date, location_id: UUID | None = None) -> list[FeedbackFigures]:
    """By local week and location, of questions that became due on these local days, both included."""
    zone = (await organizations.get_organization(tx)).time_zone
    until = min(midnight(last + timedelta(days=1), zone), clock.now() + timedelta(microseconds=1))
    rows = await queries.figures(tx, zone, midnight(first, zone), until, location_id)
    return [FeedbackFigures(**row) for row in rows]


async def low_open(tx: Tx) -> tuple[int, datetime | None]:
    """How many low answers nobody has dealt with, and since when."""
    row = await queries.low_open(tx)
    return row["low"], row["since"]


async def letter_of(tx: Tx, feedback_id: UUID, topic: str) -> tuple[str, VisitAsked, str | None] | None:
    """For the mail of a question or of a reply: the address, the visit and the words; None when it is not to be sent.

    That is when the customer is gone, took their consent back, or has answered meanwhile.
    """
    row = await queries.get_feedback(tx, feedback_id)
    if row is None:
        return None
    if topic == "feedback_request" and (
        row["answered_at"] is not None or await _mail_state(tx, row["customer_id"]) != "queued"
    ):
        return None
    try:
        customer = await customers.get_customer(tx, row["customer_id"])
    except (CustomerGone, CustomerNotFound):
        return None
    if customer.email is None:
        return None
    return customer.email, await _asked(tx, row), (await _out(tx, row)).reply


async def told_by(tx: Tx, customer_id: UUID) -> list[FeedbackOut]:
    """All that a customer was asked, oldest first, for their export."""
    return [await _out(tx, row) for row in await queries.all_of_customer(tx, customer_id)]


async def prune(tx: Tx) -> None:
    """Forget questions of more than three years ago."""
    await tx.execute(queries.PRUNE, tx.organization_id, clock.now() - _KEPT)


async def _follow(tx: Tx, fact: Mapping[str, Any], settings: FeedbackSettings) -> None:
    withdrawn = rules.WITHDRAWN.get(fact["name"])
    if withdrawn is not None:
        reference = rules.reference_of(withdrawn, fact["payload"])
        await tx.execute(queries.WITHDRAW, tx.organization_id, reference)
        return
    visit = rules.visit_of(fact["name"], fact["payload"], fact["occurred_at"], settings.occasions)
    if visit is None:
        return
    with suppress(CustomerGone, CustomerNotFound):
        await customers.hold_customer(tx, visit.customer_id)
        apart = timedelta(days=settings.every_days)
        due_at = rules.due_at(visit, settings, fact["occurred_at"])
        await tx.execute(
            queries.ASK,
            *(tx.organization_id, new_id(), visit.customer_id, visit.location_id, visit.occasion, visit.reference),
            *(visit.happened_at, due_at, due_at + rules.OPEN_FOR),
            *(visit.happened_at - apart, visit.happened_at + apart),
        )


async def _mail_state(tx: Tx, customer_id: UUID) -> MailState:
    """Whether a customer may be mailed, or why not."""
    try:
        customer = await customers.get_customer(tx, customer_id)
    except (CustomerGone, CustomerNotFound):
        return "no_address"
    if customer.email is None:
        return "no_address"
    return "queued" if await privacy.has_consent(tx, customer_id, "marketing", "email") else "no_consent"


async def _queue_mail(
    tx: Tx, feedback_id: UUID, customer_id: UUID, topic: Literal["feedback_request", "feedback_reply"]
) -> None:
    """Have a mail written, and staff see that it is on its way. Raises CustomerNotFound, CustomerGone."""
    message_id = await messaging.queue_message(tx, customer_id, channel="email", topic=topic)
    payload = {"feedback_id": str(feedback_id), "message_id": str(message_id), "topic": topic}
    await enqueue(tx, MAIL, payload)


async def _for_update(tx: Tx, feedback_id: UUID) -> Any:
    row = await queries.get_feedback(tx, feedback_id, for_update=True)
    if row is None:
        raise FeedbackNotFound
    return row


async def _mac(tx: Tx, feedback_id: UUID) -> bytes:
    return (await tx.vault.keys(tx)).derive("feedback_link", str(feedback_id))


async def _asked(tx: Tx, row: Any) -> VisitAsked:
    location = await organizations.get_location(tx, row["location_id"]) if row["location_id"] else None
    token = rules.written(row["id"], await _mac(tx, row["id"]))
    keys = await tx.vault.keys(tx)
    return VisitAsked(
        id=row["id"],
        customer_id=row["customer_id"],
        path=f"/m/{encode('org', tx.organization_id)}/visit/{token}",
        location=location.name if location else None,
        happened_at=row["happened_at"],
        stars=row["stars"],
        words=keys.decrypt(row["words"], _WORDS) if row["words"] else "",
        may_answer=rules.may_answer(row["answered_at"], row["open_until"], clock.now()),
    )


async def _out(tx: Tx, row: Any) -> FeedbackOut:
    keys = await tx.vault.keys(tx)
    words = keys.decrypt(row["words"], _WORDS) if row["words"] else None
    said = keys.decrypt(row["reply"], _REPLY) if row["reply"] else None
    return FeedbackOut(**{**row, "words": words, "reply": said})
