"""HTTP of feedback for staff; customers answer on their pages."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Query

from passerelle.customers.errors import CustomerGone
from passerelle.customers.notes.errors import TooManyNotes
from passerelle.customers.schemas import CustomerId
from passerelle.feedback import service
from passerelle.feedback.errors import FeedbackNotAnswered, FeedbackNotFound, FeedbackReplied, NoMailToCustomer
from passerelle.feedback.schemas import (
    DealIn,
    FeedbackFiguresOut,
    FeedbackFilter,
    FeedbackId,
    FeedbackOut,
    FeedbackSettings,
    ReplyIn,
)
from passerelle.kit import clock, mail
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.web import Edge, Router, allow, edge, refusals
from passerelle.kit.wire import Cursor, Day, Page, PageSize, after, cursor_of
from passerelle.organizations.schemas import LocationId

router = Router(prefix="/api/v1", tags=["feedback"])
_MOST_DAYS = 366


@router.get("/feedback", responses=refusals())
async def list_feedback(
    tx: Annotated[Tx, allow("customers:read")],
    *,
    which: FeedbackFilter | None = None,
    stars: Annotated[int | None, Query(ge=1, le=5)] = None,
    location_id: LocationId | None = None,
    customer_id: CustomerId | None = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[FeedbackOut]:
    """Visits that were asked about, latest first; ``low_open`` are low answers that nobody has dealt with."""
    items = await service.list_feedback(
        tx, after(cursor), limit, location_id=location_id, stars=stars, customer_id=customer_id, which=which
    )
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/feedback/figures", responses=refusals(InvalidInput))
async def figures(
    tx: Annotated[Tx, allow("reports:read")],
    first: Annotated[Day | None, Query(alias="from", description="First day; by default 12 weeks ago.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Last day; by default the day after today.")] = None,
    location_id: LocationId | None = None,
) -> FeedbackFiguresOut:
    """By week and location: how many were asked, how many answered, and the mean of their stars."""
    last = last or clock.now().date() + timedelta(days=1)
    first = first or last - timedelta(weeks=12)
    if not timedelta() <= last - first < timedelta(days=_MOST_DAYS):
        raise InvalidInput(detail=f"from, to: ≤ {_MOST_DAYS}")
    return FeedbackFiguresOut(items=await service.figures(tx, first, last, location_id))


@router.get("/feedback/{feedback_id}", responses=refusals(FeedbackNotFound))
async def get_feedback(feedback_id: FeedbackId, tx: Annotated[Tx, allow("customers:read")]) -> FeedbackOut:
    """One visit that was asked about."""
    return await service.get_feedback(tx, feedback_id)


@router.post(
    "/feedback/{feedback_id}/reply",
    responses=refusals(FeedbackNotFound, FeedbackNotAnswered, FeedbackReplied, NoMailToCustomer, CustomerGone),
)
async def reply(
    feedback_id: FeedbackId,
    body: ReplyIn,
    at: Annotated[Edge, Depends(edge)],
    tx: Annotated[Tx, allow("customers:write")],
) -> FeedbackOut:
    """Mail the customer something about their answer, once."""
    if not mail.is_configured(at.settings):
        raise NoMailToCustomer
    return await service.reply(tx, feedback_id, body.text)


@router.post(
    "/feedback/{feedback_id}/dealt-with",
    responses=refusals(FeedbackNotFound, FeedbackNotAnswered, TooManyNotes, CustomerGone),
)
async def deal_with(
    feedback_id: FeedbackId, body: DealIn, tx: Annotated[Tx, allow("customers:write")]
) -> FeedbackOut:
    """Say that somebody has seen to it, with a note about the customer if wanted; harmless to repeat."""
    return await service.deal_with(tx, feedback_id, body.note)


@router.get("/feedback-settings", responses=refusals())
async def get_settings(tx: Annotated[Tx, allow("organization:read")]) -> FeedbackSettings:
    """What customers are asked about, and how often."""
    return await service.get_settings(tx)


@router.put("/feedback-settings", responses=refusals())
async def change_settings(body: FeedbackSettings, tx: Annotated[Tx, allow("programs:write")]) -> FeedbackSettings:
    """Say what customers are asked about; off by default."""
    return await service.change_settings(tx, body)
