"""HTTP of gift cards. Codes come in bodies and never stand in an address."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import SecretStr

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerId
from passerelle.giftcards import errors, service
from passerelle.giftcards.liability import as_csv
from passerelle.giftcards.rules import State
from passerelle.giftcards.schemas.activities import ActedOut, ActivityIn, ActivityOut, NewActivity
from passerelle.giftcards.schemas.cards import (
    CodeOut,
    GiftCardChange,
    GiftCardCreatedOut,
    GiftCardDetail,
    GiftCardIn,
    GiftCardOut,
    LookupIn,
)
from passerelle.giftcards.schemas.holds import CapturedOut, CaptureIn, HoldIn, HoldOut
from passerelle.giftcards.schemas.imports import ImportIn, ImportOut
from passerelle.giftcards.schemas.liability import GiftCardLiabilityOut
from passerelle.giftcards.schemas.products import GiftCardProductChange, GiftCardProductIn, GiftCardProductOut
from passerelle.giftcards.schemas.values import GiftCardHoldId, GiftCardId, GiftCardProductId
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput, Refusal
from passerelle.kit.idempotency import once
from passerelle.kit.ids import new_id
from passerelle.kit.money import UnknownCurrency
from passerelle.kit.web import Admitted, Router, admit, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Instant, Page, PageSize, after, cursor_of
from passerelle.ledger.errors import InsufficientBalance
from passerelle.organizations.errors import LocationNotFound

router = Router(prefix="/api/v1", tags=["gift cards"])
_SPENDING: Final[tuple[type[Refusal], ...]] = (
    errors.GiftCardNotFound,
    errors.GiftCardStateRefused,
    errors.GiftCardOtherCurrency,
    errors.GiftCardBalanceTooLow,
    errors.GiftCardReferenceReused,
    errors.PinRequired,
    errors.PinWrong,
    errors.PinLocked,
    InsufficientBalance,
)
_CREDITING: Final[tuple[type[Refusal], ...]] = (
    errors.AmountNotOffered,
    errors.GiftCardBalanceTooHigh,
    errors.GiftCardNotReloadable,
    LocationNotFound,
)
CSV: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


@router.post(
    "/gift-card-products",
    status_code=201,
    responses=refusals(UnknownCurrency, errors.ForeignCurrencyNotSet, errors.TooManyGiftCardProducts, InvalidInput),
)
async def create_product(body: GiftCardProductIn, tx: Annotated[Tx, allow("giftcards:write")]) -> GiftCardProductOut:
    """Offer a gift card."""
    return await service.create_product(tx, body)


@router.get("/gift-card-products", responses=refusals())
async def list_products(
    tx: Annotated[Tx, allow("giftcards:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[GiftCardProductOut]:
    """Products, newest first."""
    items = await service.list_products(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/gift-card-products/{product_id}", responses=refusals(errors.GiftCardProductNotFound))
async def get_product(
    product_id: GiftCardProductId, tx: Annotated[Tx, allow("giftcards:read")]
) -> GiftCardProductOut:
    """One product."""
    return await service.get_product(tx, product_id)


@router.patch("/gift-card-products/{product_id}", responses=refusals(errors.GiftCardProductNotFound, InvalidInput))
async def change_product(
    product_id: GiftCardProductId, body: GiftCardProductChange, tx: Annotated[Tx, allow("giftcards:write")]
) -> GiftCardProductOut:
    """Change what is sold from now on, or take it out of sale with ``active``."""
    return await service.change_product(tx, product_id, body)


@router.post(
    "/gift-cards",
    status_code=201,
    responses=refusals(
        errors.GiftCardProductNotFound,
        errors.GiftCardProductNotOffered,
        errors.CodeTaken,
        errors.GiftCardOtherCurrency,
        CustomerNotFound,
        CustomerGone,
        *_CREDITING,
    ),
)
async def create_gift_card(body: GiftCardIn, tx: Annotated[Tx, allow("giftcards:write")]) -> GiftCardCreatedOut:
    """Make a card; with an amount it is sold at once. The answer holds its code, shown nowhere else."""
    return await service.create_gift_card(tx, body)


@router.get("/gift-cards", responses=refusals())
async def list_gift_cards(
    tx: Annotated[Tx, allow("giftcards:read")],
    *,
    state: Annotated[State | None, Query(description="Only cards in this state.")] = None,
    product_id: Annotated[GiftCardProductId | None, Query(description="Only those of a product.")] = None,
    customer_id: Annotated[CustomerId | None, Query(description="Only those that a customer bought.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[GiftCardOut]:
    """Cards, newest first; of their codes the last four characters."""
    items = await service.list_gift_cards(
        tx, after(cursor), limit, state=state, product_id=product_id, customer_id=customer_id
    )
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.post("/gift-cards/lookup", responses=refusals(errors.GiftCardUnknown, errors.TooManyUnknownCodes))
async def look_up_gift_card(body: LookupIn, tx: Annotated[Tx, allow("giftcards:redeem")]) -> GiftCardDetail:
    """The card behind a code: its state and what it holds."""
    return await service.get_gift_card(tx, (await service.find_by_code(tx, body.code)).id)


@router.post("/gift-cards/import", responses=refusals(errors.GiftCardProductNotFound, errors.CodeTaken, InvalidInput))
async def import_gift_cards(
    body: ImportIn, request: Request, tx: Annotated[Tx, allow("giftcards:write")]
) -> ImportOut:
    """Enter printed cards from CSV: all rows, or none and the faults of each."""
    return await service.import_gift_cards(tx, body, language_of(request))


@router.get("/gift-cards/{gift_card_id}", responses=refusals(errors.GiftCardNotFound))
async def get_gift_card(gift_card_id: GiftCardId, tx: Annotated[Tx, allow("giftcards:read")]) -> GiftCardDetail:
    """One card, and what lapses next."""
    return await service.get_gift_card(tx, gift_card_id)


@router.patch("/gift-cards/{gift_card_id}", responses=refusals(errors.GiftCardNotFound))
async def change_gift_card(
    gift_card_id: GiftCardId, body: GiftCardChange, tx: Annotated[Tx, allow("giftcards:write")]
) -> GiftCardOut:
    """Change sender, recipient, message or delivery; null forgets them."""
    return await service.change_gift_card(tx, gift_card_id, body)


@router.post("/gift-cards/{gift_card_id}/reveal", responses=refusals(errors.GiftCardNotFound))
async def reveal_code(gift_card_id: GiftCardId, tx: Annotated[Tx, allow("giftcards:write")]) -> CodeOut:
    """The code in clear, to print or send it again; the event log keeps who asked."""
    return CodeOut(code=await service.reveal_code(tx, gift_card_id))


@router.get("/gift-cards/{gift_card_id}/activities", responses=refusals(errors.GiftCardNotFound))
async def list_activities(
    gift_card_id: GiftCardId, tx: Annotated[Tx, allow("giftcards:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[ActivityOut]:
    """What happened to a card, newest first."""
    items = [ActivityOut.of(each) for each in await service.list_activities(tx, gift_card_id, after(cursor), limit)]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.post(
    "/gift-cards/{gift_card_id}/activities",
    status_code=201,
    response_model=ActedOut,
    responses=refusals(
        *_SPENDING,
        *_CREDITING,
        errors.GiftCardHeld,
        errors.GiftCardActivityNotFound,
        errors.NotARedemption,
        errors.MoreThanRedeemed,
        errors.ImportUsed,
        errors.SameGiftCard,
    ),
)
async def act_on_gift_card(
    gift_card_id: GiftCardId, body: ActivityIn, caller: Annotated[Admitted, admit("giftcards:redeem")]
) -> Any:
    """Sell, load, redeem, refund, correct, block, transfer. All but REDEEM need ``giftcards:write`` as well."""
    if body.type != "REDEEM":
        caller.actor.require("giftcards:write")
    await prove_pin(caller, gift_card_id, body.pin)

    async def act(tx: Tx) -> ActedOut:
        told = NewActivity(
            body.type,
            body.reference or str(new_id()),
            other_gift_card_id=body.gift_card_id,
            location_id=body.location_id or tx.actor.location_id,
            pin_proven=body.pin is not None,
            **body.model_dump(include={"amount_minor", "currency", "reason", "allow_partial", "redemption_id"}),
        )
        return ActedOut.after(await service.act(tx, gift_card_id, told))

    async with caller.transaction() as tx:
        return await once(tx, lambda: act(tx), status=201)


@router.get("/gift-cards/{gift_card_id}/holds", responses=refusals(errors.GiftCardNotFound))
async def list_holds(
    gift_card_id: GiftCardId, tx: Annotated[Tx, allow("giftcards:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[HoldOut]:
    """Holds of a card, newest first, ended ones, too."""
    items = await service.list_holds(tx, gift_card_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.post(
    "/gift-cards/{gift_card_id}/holds", status_code=201, response_model=HoldOut, responses=refusals(*_SPENDING)
)
async def hold_amount(
    gift_card_id: GiftCardId, body: HoldIn, caller: Annotated[Admitted, admit("giftcards:redeem")]
) -> Any:
    """Set an amount aside for a while; it ends by itself."""
    await prove_pin(caller, gift_card_id, body.pin)
    async with caller.transaction() as tx:
        proven = body.pin is not None
        return await once(tx, lambda: service.hold_amount(tx, gift_card_id, body, pin_proven=proven), status=201)


@router.post(
    "/gift-cards/{gift_card_id}/holds/{hold_id}/capture",
    responses=refusals(
        *_SPENDING, errors.GiftCardHoldNotFound, errors.HoldEnded, errors.CaptureAboveHold, LocationNotFound
    ),
)
async def capture_hold(
    gift_card_id: GiftCardId, hold_id: GiftCardHoldId, body: CaptureIn, tx: Annotated[Tx, allow("giftcards:redeem")]
) -> CapturedOut:
    """Redeem what was held, or less; the rest is free again."""
    return await service.capture_hold(tx, gift_card_id, hold_id, body)


@router.post(
    "/gift-cards/{gift_card_id}/holds/{hold_id}/release",
    responses=refusals(errors.GiftCardNotFound, errors.GiftCardHoldNotFound, errors.HoldEnded),
)
async def release_hold(
    gift_card_id: GiftCardId, hold_id: GiftCardHoldId, tx: Annotated[Tx, allow("giftcards:redeem")]
) -> HoldOut:
    """Set the amount free; harmless when it is free already."""
    return await service.release_hold(tx, gift_card_id, hold_id)


@router.get("/reports/gift-card-liability", response_model=GiftCardLiabilityOut, responses={**refusals(), **CSV})
async def gift_card_liability(
    tx: Annotated[Tx, allow("ledger:read")],
    as_of: Annotated[Instant | None, Query(description="As it stood just before this instant.")] = None,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Any:
    """What gift cards owe, at face value, by currency and month of lapse."""
    report = await service.gift_card_liability(tx, as_of)
    return Response(as_csv(report), media_type="text/csv; charset=utf-8") if form == "csv" else report


async def prove_pin(caller: Admitted, gift_card_id: UUID, pin: SecretStr | None) -> None:
    """Check a PIN that was given, in a transaction of its own: a wrong one is counted although it is refused."""
    if pin is None:
        return
    async with caller.transaction() as tx:
        refusal = await service.prove_pin(tx, gift_card_id, pin)
    if refusal is not None:
        raise refusal
