"""HTTP of programs and their members."""

from typing import Annotated

from fastapi import Query, Request

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Day, Page, PageSize, after, cursor_of
from passerelle.ledger.errors import InsufficientBalance, TransferConflict
from passerelle.ledger.schemas import TransferKind
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs import service
from passerelle.programs.earning_schemas import (
    EventIn,
    EventOut,
    MemberPurchaseOut,
    MemberPurchasesOut,
    TrialIn,
    TrialOut,
)
from passerelle.programs.errors import (
    PREVIEW_REFUSALS,
    EarnsTooMuch,
    EventReferenceReused,
    MembershipElsewhere,
    MembershipNotActive,
    MembershipNotFound,
    ProgramNotFound,
    ProgramNotRunning,
    ProgramStateRefused,
    PromotionNotFound,
    RuleContradicts,
    RuleNotFound,
    TooManyPrograms,
    UnitKindFixed,
    UnitLimitReached,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.referral.errors import ReferralCodeNotFound
from passerelle.programs.schemas import (
    AdjustmentIn,
    EnrolledOut,
    EnrollIn,
    HistoryOut,
    MembershipChange,
    MembershipId,
    MembershipOut,
    ProgramChange,
    ProgramId,
    ProgramIn,
    ProgramOut,
    ReferralNote,
    StandingOut,
)
from passerelle.programs.tiers import service as tiers
from passerelle.programs.tiers.schemas import MemberStandingOut
from passerelle.purchases.errors import (
    OccurredInFuture,
    OccurredTooLongAgo,
    OtherCurrency,
    PurchaseNotFound,
)

router = Router(prefix="/api/v1", tags=["programs"])
_OF_RULES = (
    UnitNotNamed,
    UnitNotFound,
    UnitKindFixed,
    UnitLimitReached,
    RuleNotFound,
    RuleContradicts,
    LocationNotFound,
)


@router.post("/programs", status_code=201, responses=refusals(OtherCurrency, TooManyPrograms, *_OF_RULES))
async def create_program(body: ProgramIn, tx: Annotated[Tx, allow("programs:write")]) -> ProgramOut:
    """Open a program with everything it needs: unit, rule, first reward and card template."""
    return ProgramOut.of(await service.create_program(tx, body))


@router.get("/programs", responses=refusals())
async def list_programs(
    tx: Annotated[Tx, allow("programs:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[ProgramOut]:
    """Programs, newest first."""
    items = [ProgramOut.of(program) for program in await service.list_programs(tx, after(cursor), limit)]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/programs/{program_id}", responses=refusals(ProgramNotFound))
async def get_program(program_id: ProgramId, tx: Annotated[Tx, allow("programs:read")]) -> ProgramOut:
    """One program with its units and rules."""
    return ProgramOut.of(await service.get_program(tx, program_id))


@router.patch(
    "/programs/{program_id}", responses=refusals(ProgramNotFound, ProgramStateRefused, OtherCurrency, *_OF_RULES)
)
async def change_program(
    program_id: ProgramId, body: ProgramChange, tx: Annotated[Tx, allow("programs:write")]
) -> ProgramOut:
    """Change name, state, dates, goal, template, units or rules."""
    return ProgramOut.of(await service.change_program(tx, program_id, body))


@router.post(
    "/programs/{program_id}/members",
    status_code=201,
    responses=refusals(
        ProgramNotFound,
        ProgramNotRunning,
        MembershipNotActive,
        CustomerNotFound,
        LocationNotFound,
        ReferralCodeNotFound,
    ),
)
async def enroll(program_id: ProgramId, body: EnrollIn, tx: Annotated[Tx, allow("customers:write")]) -> EnrolledOut:
    """Make a customer a member; harmless for somebody who is one."""
    location_id = body.location_id or tx.actor.location_id
    if body.referral_code is None:
        made = await service.enroll(tx, program_id, body.customer_id, source=body.source, location_id=location_id)
        return EnrolledOut(id=made.membership_id, created=made.created)
    made, friend = await service.enroll_by_friend(
        tx,
        program_id,
        body.customer_id,
        referral_code=body.referral_code,
        source=body.source,
        location_id=location_id,
    )
    note = ReferralNote(state=friend.state, reason=friend.reason)
    return EnrolledOut(id=made.membership_id, created=made.created, referral=note)


@router.get("/programs/{program_id}/members", responses=refusals(ProgramNotFound))
async def list_members(
    program_id: ProgramId,
    tx: Annotated[Tx, allow("customers:read")],
    *,
    ends_from: Day | None = None,
    ends_to: Day | None = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[MembershipOut]:
    """Members of a program, newest first; with ``ends_…``, those whose term has its last day between two days."""
    ends = (ends_from, ends_to)
    members = await service.list_members(tx, program_id, after(cursor), limit, ends)
    items = [MembershipOut.model_validate(member) for member in members]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/members/{membership_id}", responses=refusals(MembershipNotFound))
async def get_member(
    membership_id: MembershipId, request: Request, tx: Annotated[Tx, allow("ledger:read")]
) -> MemberStandingOut:
    """Where a member stands: state, balances, goal, tiers."""
    standing = await service.standing(tx, membership_id)
    return MemberStandingOut.with_tiers(standing, await tiers.tiers_of(tx, standing), language_of(request))


@router.patch("/members/{membership_id}", responses=refusals(MembershipNotFound))
async def change_member(
    membership_id: MembershipId, body: MembershipChange, tx: Annotated[Tx, allow("customers:write")]
) -> MembershipOut:
    """Suspend a member, end the membership, or make it active again."""
    return MembershipOut.model_validate(await service.change_membership(tx, membership_id, body.state))


@router.get("/members/{membership_id}/ledger", responses=refusals(MembershipNotFound))
async def list_history(
    membership_id: MembershipId,
    tx: Annotated[Tx, allow("ledger:read")],
    kind: TransferKind | None = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[HistoryOut]:
    """What came and went, newest first, with who did it and why; ``kind=adjustment`` is what was done by hand."""
    program, transfers = await service.list_history(tx, membership_id, after(cursor), limit, kind=kind)
    items = [HistoryOut.of(transfer, program) for transfer in transfers]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.post(
    "/members/{membership_id}/adjustments",
    responses=refusals(MembershipNotFound, UnitNotNamed, UnitNotFound, InsufficientBalance, TransferConflict),
)
async def adjust(
    membership_id: MembershipId, body: AdjustmentIn, request: Request, tx: Annotated[Tx, allow("ledger:adjust")]
) -> StandingOut:
    """Add to a balance or take from it, with a reason that stays in the ledger beside who did it."""
    standing = await service.adjust(
        tx,
        membership_id,
        amount=body.amount,
        reason=body.reason,
        reference=body.reference or str(new_id()),
        unit=body.unit,
    )
    return StandingOut.of(standing, language_of(request))


@router.get("/programs/{program_id}/purchases", responses=refusals(ProgramNotFound))
async def list_member_purchases(
    program_id: ProgramId,
    tx: Annotated[Tx, allow("customers:read")],
    limit: Annotated[int, Query(ge=1, le=50, description="How many at most.")] = 20,
) -> MemberPurchasesOut:
    """The last purchases of the program's members, to try rules and promotions on."""
    made = await service.list_member_purchases(tx, program_id, limit)
    return MemberPurchasesOut(items=[MemberPurchaseOut.model_validate(purchase) for purchase in made])


@router.post(
    "/programs/{program_id}/preview",
    responses=refusals(
        ProgramNotFound, PurchaseNotFound, MembershipElsewhere, PromotionNotFound, *_OF_RULES, *PREVIEW_REFUSALS
    ),
)
async def preview_trial(
    program_id: ProgramId, body: TrialIn, request: Request, tx: Annotated[Tx, allow("programs:read")]
) -> TrialOut:
    """Try unsaved rules or draft promotions on a purchase that was made, or could be; nothing is written."""
    return TrialOut.of(await service.preview_trial(tx, program_id, body), language_of(request))


@router.post(
    "/events",
    status_code=201,
    responses=refusals(
        CustomerNotFound,
        CustomerGone,
        MembershipNotFound,
        LocationNotFound,
        OccurredInFuture,
        OccurredTooLongAgo,
        EventReferenceReused,
        EarnsTooMuch,
    ),
)
async def record_event(body: EventIn, request: Request, tx: Annotated[Tx, allow("events:write")]) -> EventOut:
    """Tell a custom event (a review, a check-in) and give what rules reward it with; once per reference."""
    return EventOut.of(await service.record_event(tx, body), language_of(request))
