"""What is sold: products with their amounts, currency and expiry."""

from typing import Final
from uuid import UUID

from passerelle.giftcards import queries, rules
from passerelle.giftcards.errors import ForeignCurrencyNotSet, TooManyGiftCardProducts
from passerelle.giftcards.events import GiftCardProductChanged, GiftCardProductCreated
from passerelle.giftcards.models import GiftCardProductRow
from passerelle.giftcards.schemas.products import (
    Amounts,
    GiftCardProductChange,
    GiftCardProductIn,
    GiftCardProductOut,
)
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.kit.money import exponent
from passerelle.organizations import service as organizations

MAX_PRODUCTS: Final = 200


async def create_product(tx: Tx, new: GiftCardProductIn) -> GiftCardProductOut:
    """Offer a gift card. Raises UnknownCurrency, ForeignCurrencyNotSet, TooManyGiftCardProducts, InvalidInput."""
    expected = (await organizations.get_organization(tx)).currency
    currency = new.currency or expected
    exponent(currency)
    if currency != expected and not new.foreign_currency:
        raise ForeignCurrencyNotSet(expected=expected, given=currency)
    if await queries.count_products(tx) >= MAX_PRODUCTS:
        raise TooManyGiftCardProducts(limit=MAX_PRODUCTS)
    product = GiftCardProductRow(
        organization_id=tx.organization_id,
        id=new_id(),
        currency=currency,
        is_foreign=currency != expected,
        max_balance_minor=new.max_balance_minor or rules.default_max_balance_minor(currency),
        created_at=clock.now(),
        **new.model_dump(include={"name", "names", "expires_after_months", "reloadable", "template_id", "active"}),
    )
    _set_amounts(product, new.amounts)
    tx.session.add(product)
    await tx.flush()
    await announce(tx, GiftCardProductCreated(product_id=product.id))
    return _out(product)


async def change_product(tx: Tx, product_id: UUID, change: GiftCardProductChange) -> GiftCardProductOut:
    """Change what is sold from now on; cards that are out keep the time of what they hold.

    Raises GiftCardProductNotFound, InvalidInput.
    """
    product = await queries.get_product(tx, product_id, for_update=True)
    for name, value in change.model_dump(exclude_unset=True, exclude={"amounts"}).items():
        if value is not None or name in {"expires_after_months", "template_id"}:
            setattr(product, name, value)
    _set_amounts(product, change.amounts or _amounts(product))
    await tx.flush()
    fields = tuple(sorted(change.model_fields_set))
    await announce(tx, GiftCardProductChanged(product_id=product.id, fields=fields))
    return _out(product)


async def hold_product_design(tx: Tx, product_id: UUID) -> GiftCardProductOut:
    """A product whose design is about to be made, held; raises GiftCardProductNotFound."""
    return _out(await queries.get_product(tx, product_id, for_update=True))


async def set_product_design(tx: Tx, product_id: UUID, template_id: UUID) -> None:
    """The design of the product's wallet cards from now on; raises GiftCardProductNotFound."""
    product = await queries.get_product(tx, product_id, for_update=True)
    product.template_id = template_id
    await tx.flush()
    await announce(tx, GiftCardProductChanged(product_id=product_id, fields=("template_id",)))


async def get_product(tx: Tx, product_id: UUID) -> GiftCardProductOut:
    """A product, offered or not; raises GiftCardProductNotFound."""
    return _out(await queries.get_product(tx, product_id))


async def list_products(tx: Tx, before: UUID, limit: int) -> list[GiftCardProductOut]:
    """Products, newest first."""
    return [_out(product) for product in await queries.list_products(tx, before, limit)]


def _set_amounts(product: GiftCardProductRow, amounts: Amounts) -> None:
    product.amounts_minor = sorted(amounts.amounts_minor or [])
    product.minimum_minor, product.maximum_minor = amounts.minimum_minor, amounts.maximum_minor
    highest = max(product.amounts_minor, default=amounts.maximum_minor or 0)
    if highest > product.max_balance_minor:
        raise InvalidInput(detail=f"amounts: {highest} > max_balance_minor {product.max_balance_minor}")


def _amounts(product: GiftCardProductRow) -> Amounts:
    return Amounts(
        amounts_minor=list(product.amounts_minor) or None,
        minimum_minor=product.minimum_minor,
        maximum_minor=product.maximum_minor,
    )


def _out(product: GiftCardProductRow) -> GiftCardProductOut:
    return GiftCardProductOut(
        id=product.id,
        name=product.name,
        names=product.names,
        currency=product.currency,
        foreign_currency=product.is_foreign,
        amounts=_amounts(product),
        expires_after_months=product.expires_after_months,
        reloadable=product.reloadable,
        max_balance_minor=product.max_balance_minor,
        template_id=product.template_id,
        active=product.active,
        created_at=product.created_at,
    )
