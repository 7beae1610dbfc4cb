"""HTTP of coupons."""

from typing import Annotated, Any, Final

from fastapi import Path, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import StreamingResponse

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.idempotency import once
from passerelle.kit.ids import new_id
from passerelle.kit.web import Admitted, Router, admit, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs.errors import (
    ACTING_REFUSALS,
    PREVIEW_REFUSALS,
    ProgramNotFound,
    RuleContradicts,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.schemas import AccruedOut, PreviewIn
from passerelle.purchases.errors import LinesDoNotAddUp, OtherCurrency, PurchaseNotFound
from passerelle.rewards.coupons import errors, service
from passerelle.rewards.coupons.schemas import (
    BatchId,
    BatchOut,
    CampaignChange,
    CampaignId,
    CampaignIn,
    CampaignOut,
    Code,
    CouponOut,
    CouponUse,
    FoundCouponOut,
    GenerateIn,
    HeldCouponOut,
    HoldIn,
    ImportedOut,
    ImportIn,
    IssueIn,
    PreviewOut,
    QuoteOut,
    RedeemIn,
    RedemptionOut,
    TermsTrialIn,
    TermsTrialOut,
    UndoIn,
    UseIn,
    basket_of,
)
from passerelle.rewards.coupons.trying import try_purchase, try_terms

router = Router(prefix="/api/v1", tags=["coupons"])

TypedCode = Annotated[
    Code, Path(description="The code as it was typed or scanned; case, blanks and hyphens are free.")
]
_JUDGED: Final = (*errors.JUDGED, OtherCurrency, LinesDoNotAddUp, CustomerNotFound, CustomerGone)
_TAKEN: Final = (*_JUDGED, errors.CouponReferenceReused, *ACTING_REFUSALS, UnitNotFound)
_TERMS: Final = (
    errors.PatternTooWeak,
    errors.ProgramNeeded,
    UnitNotFound,
    UnitNotNamed,
    LocationNotFound,
    RuleContradicts,
    errors.HoursOverlap,
    InvalidInput,
)
_LIST_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": ImportIn.model_json_schema()},
            "text/csv": {"schema": {"type": "string"}, "example": "code\r\nWELCOME10\r\n"},
        },
    }
}


@router.post(
    "/coupon-campaigns",
    status_code=201,
    responses=refusals(errors.TooManyCampaigns, ProgramNotFound, *_TERMS),
)
async def create_campaign(body: CampaignIn, tx: Annotated[Tx, allow("coupons:write")]) -> CampaignOut:
    """Open a campaign."""
    return await service.create_campaign(tx, body)


@router.post("/coupon-campaigns/preview", responses=refusals(PurchaseNotFound, ProgramNotFound))
async def preview_terms(
    body: TermsTrialIn, request: Request, tx: Annotated[Tx, allow("coupons:read")]
) -> TermsTrialOut:
    """Try unsaved terms on a purchase that was made; nothing is written."""
    return await try_terms(tx, body, language_of(request))


@router.post("/preview", tags=["programs"], responses=refusals(*PREVIEW_REFUSALS))
async def preview_purchase(
    body: PreviewIn, request: Request, tx: Annotated[Tx, allow("programs:read")]
) -> PreviewOut:
    """What a purchase would earn and why, by the evaluator that would give it, and the coupons it would give.

    Nothing is written.
    """
    language = language_of(request)
    accrued, promised = await try_purchase(tx, body.purchase())
    return PreviewOut(
        items=[AccruedOut.of(one, language) for one in accrued],
        coupons=[await service.promised_coupon_out(tx, each, language) for each in promised],
    )


@router.get("/coupon-campaigns", responses=refusals())
async def list_campaigns(
    tx: Annotated[Tx, allow("coupons:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[CampaignOut]:
    """Campaigns, newest first."""
    items = await service.list_campaigns(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/coupon-campaigns/{campaign_id}", responses=refusals(errors.CampaignNotFound))
async def get_campaign(campaign_id: CampaignId, tx: Annotated[Tx, allow("coupons:read")]) -> CampaignOut:
    """One campaign."""
    return await service.get_campaign(tx, campaign_id)


@router.patch(
    "/coupon-campaigns/{campaign_id}",
    responses=refusals(errors.CampaignNotFound, errors.CampaignStateRefused, *_TERMS),
)
async def change_campaign(
    campaign_id: CampaignId, body: CampaignChange, tx: Annotated[Tx, allow("coupons:write")]
) -> CampaignOut:
    """Change a campaign; pause it, go on, end it. New terms count for codes that are out already."""
    return await service.change_campaign(tx, campaign_id, body)


@router.post(
    "/coupon-campaigns/{campaign_id}/codes/generate",
    status_code=202,
    responses=refusals(errors.CampaignNotFound, errors.TooManyCodes, errors.PatternTooWeak),
)
async def generate_codes(
    campaign_id: CampaignId, body: GenerateIn, tx: Annotated[Tx, allow("coupons:write")]
) -> BatchOut:
    """Have codes made; the batch tells how far it is."""
    return await service.generate_codes(tx, campaign_id, body.count)


@router.post(
    "/coupon-campaigns/{campaign_id}/codes/import",
    response_model=ImportedOut,
    openapi_extra=_LIST_BODY,
    responses=refusals(errors.CampaignNotFound, errors.TooManyCodes, errors.TooManyRows, errors.CodesUnreadable),
)
async def import_codes(
    campaign_id: CampaignId, request: Request, who: Annotated[Admitted, admit("coupons:write")]
) -> Any:
    """Take codes of your own, as JSON or as CSV in UTF-8 with the codes in the first column, at most 100,000.

    Rows that cannot be taken are left out and told; the others are taken.
    """
    rows, has_header = _rows_sent(await request.body(), request.headers.get("content-type", ""))
    async with who.transaction() as tx:
        return await once(
            tx,
            lambda: service.import_codes(tx, campaign_id, rows, language_of(request), has_header=has_header),
            status=200,
        )


@router.get("/coupon-campaigns/{campaign_id}/codes", responses=refusals(errors.CampaignNotFound))
async def list_codes(
    campaign_id: CampaignId,
    tx: Annotated[Tx, allow("coupons:export")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[CouponOut]:
    """Codes in clear, newest first."""
    items = await service.list_codes(tx, campaign_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get(
    "/coupon-campaigns/{campaign_id}/codes.csv",
    response_class=StreamingResponse,
    responses=refusals(errors.CampaignNotFound),
)
async def export_codes(
    campaign_id: CampaignId, who: Annotated[Admitted, admit("coupons:export")]
) -> StreamingResponse:
    """Every code in clear as CSV, newest first, streamed."""
    async with who.transaction() as tx:
        await service.get_campaign(tx, campaign_id)
    headers = {"Content-Disposition": 'attachment; filename="codes.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(service.export_codes(who, campaign_id), headers=headers, media_type="text/csv")


@router.get("/coupon-campaigns/{campaign_id}/redemptions", responses=refusals(errors.CampaignNotFound))
async def list_redemptions(
    campaign_id: CampaignId,
    request: Request,
    tx: Annotated[Tx, allow("coupons:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[RedemptionOut]:
    """Uses of a campaign's codes, newest first, those given back, too."""
    found = await service.list_campaign_redemptions(tx, campaign_id, after(cursor), limit)
    items = [RedemptionOut.of(campaign, each, language_of(request)) for campaign, each in found]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/coupon-campaigns/{campaign_id}/batches", responses=refusals(errors.CampaignNotFound))
async def list_batches(
    campaign_id: CampaignId,
    tx: Annotated[Tx, allow("coupons:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[BatchOut]:
    """What was generated and imported at once, newest first."""
    items = await service.list_batches(tx, campaign_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/coupon-batches/{batch_id}", responses=refusals(errors.BatchNotFound))
async def get_batch(batch_id: BatchId, tx: Annotated[Tx, allow("coupons:read")]) -> BatchOut:
    """How far a batch is."""
    return await service.get_batch(tx, batch_id)


@router.post("/coupon-batches/{batch_id}/cancel", responses=refusals(errors.BatchNotFound))
async def cancel_batch(batch_id: BatchId, tx: Annotated[Tx, allow("coupons:write")]) -> BatchOut:
    """Make no more codes of a batch; those made stay. Harmless when it ended."""
    return await service.cancel_batch(tx, batch_id)


@router.post(
    "/coupon-campaigns/{campaign_id}/issue",
    status_code=201,
    responses=refusals(
        errors.CampaignNotFound, errors.CouponExpired, errors.CouponReferenceReused, CustomerNotFound, CustomerGone
    ),
)
async def issue_coupon(
    campaign_id: CampaignId, body: IssueIn, request: Request, tx: Annotated[Tx, allow("coupons:write")]
) -> HeldCouponOut:
    """Give a customer a code of their own; the same reference answers the same coupon."""
    reference = body.reference or str(new_id())
    issued = await service.issue_coupon(tx, campaign_id, body.customer_id, reference)
    return service.held_coupon_out(*issued, language_of(request))


@router.get("/customers/{customer_id}/coupons", responses=refusals(CustomerNotFound, CustomerGone))
async def list_customer_coupons(
    customer_id: CustomerId,
    request: Request,
    tx: Annotated[Tx, allow("coupons:read")],
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[HeldCouponOut]:
    """What was issued to a customer, newest first, used and ended ones, too."""
    found = await service.list_coupons_of(tx, customer_id, after(cursor), limit)
    items = [service.held_coupon_out(campaign, coupon, language_of(request)) for campaign, coupon in found]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/coupons/{code}", responses=refusals(errors.CouponUnknown, errors.TooManyAttempts))
async def find_code(code: TypedCode, request: Request, tx: Annotated[Tx, allow("coupons:read")]) -> FoundCouponOut:
    """The coupon behind a code: its campaign, its state, who holds it, and its last uses."""
    return service.found_coupon_out(*await service.find_code(tx, code), language_of(request))


@router.post("/coupons/{code}/validate", responses=refusals(*_JUDGED))
async def validate_coupon(
    code: TypedCode, body: UseIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> QuoteOut:
    """What the code would give now, or the refusal that redeeming would get. Books nothing."""
    quoted = await service.quote_coupon(tx, code, _use(tx, body))
    return QuoteOut.of(quoted, service.window_of(quoted.campaign, quoted.coupon)[1], language_of(request))


@router.post("/coupons/{code}/hold", status_code=201, responses=refusals(*_TAKEN))
async def hold_coupon(
    code: TypedCode, body: HoldIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> RedemptionOut:
    """Reserve a use for a checkout. It lapses by itself; redeem it with the same reference and basket before that."""
    taken = await service.hold_coupon(tx, code, _use(tx, body), reference=body.reference)
    return RedemptionOut.of(taken.campaign, taken.redemption, language_of(request))


@router.post("/coupons/{code}/redeem", status_code=201, responses=refusals(*_TAKEN))
async def redeem_coupon(
    code: TypedCode, body: RedeemIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> RedemptionOut:
    """Use the code: of two tills in the same instant, one gets its last use."""
    taken = await service.redeem_coupon(tx, code, _use(tx, body), reference=body.reference or str(new_id()))
    return RedemptionOut.of(taken.campaign, taken.redemption, language_of(request))


@router.post(
    "/coupons/{code}/undo",
    responses=refusals(errors.CouponUnknown, errors.TooManyAttempts, errors.RedemptionNotFound, SpentMeanwhile),
)
async def undo_redemption(
    code: TypedCode, body: UndoIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> RedemptionOut:
    """Give a use back: a hold at any time, a redemption with `ledger:adjust`. Harmless to repeat."""
    taken = await service.undo_redemption(tx, code, body.reference)
    return RedemptionOut.of(taken.campaign, taken.redemption, language_of(request))


@router.post("/coupons/{code}/void", responses=refusals(errors.CouponUnknown, errors.TooManyAttempts))
async def void_coupon(code: TypedCode, tx: Annotated[Tx, allow("coupons:write")]) -> CouponOut:
    """Block a code for good. Harmless to repeat."""
    return service.coupon_out(*await service.void_coupon(tx, code))


def _use(tx: Tx, body: UseIn) -> CouponUse:
    return CouponUse(
        customer_id=body.customer_id,
        basket=basket_of(body.amount_minor, body.lines),
        currency=body.currency,
        location_id=body.location_id or tx.actor.location_id,
        channel=body.channel,
        order_reference=body.order_reference,
    )


def _rows_sent(body: bytes, content_type: str) -> tuple[list[str], bool]:
    """The codes of a body, and whether the first is a header; raises as ``rows_of_csv``."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        rows = service.rows_of_csv(body)
        return rows, bool(rows) and rows[0].lower() == "code"
    try:
        return ImportIn.model_validate_json(body.decode()).codes, False
    except UnicodeDecodeError as fault:
        raise errors.CodesUnreadable(position=fault.start) from None
    except ValidationError as fault:
        raise RequestValidationError(fault.errors()) from None
