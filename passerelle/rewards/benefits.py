"""What a reward is: one shape per kind, and what it takes off a basket. Pure."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter

from passerelle.kit.wire import NO_NUL, WholeNumber, Wire
from passerelle.purchases.schemas import ItemCode, PurchaseLine

MinorAmount = Annotated[WholeNumber, Field(ge=1, le=10**12, description="Whole minor units: 450 EUR is € 4.50.")]


class _Benefit(Wire):
    model_config = ConfigDict(frozen=True)


class FreeItem(_Benefit):
    """One item of the basket for nothing: the dearest that is listed, up to ``maximum_minor``.

    With neither list, any item.
    """

    type: Literal["free_item"]
    skus: Annotated[tuple[ItemCode, ...], Field(max_length=500)] = ()
    categories: Annotated[tuple[ItemCode, ...], Field(max_length=100)] = ()
    maximum_minor: MinorAmount | None = None


class AmountOff(_Benefit):
    """An amount off the bill, never more than the bill."""

    type: Literal["amount_off"]
    amount_minor: MinorAmount


class PercentOff(_Benefit):
    """A share of the bill, rounded down to a minor unit, up to ``maximum_minor``."""

    type: Literal["percent_off"]
    percent: Annotated[WholeNumber, Field(ge=1, le=100)]
    maximum_minor: MinorAmount | None = None


class Physical(_Benefit):
    """A thing that is prepared and handed over; see the states of fulfilment."""

    type: Literal["physical"]


class Other(_Benefit):
    """A service, or whatever the name and ``text`` say; staff know what it is."""

    type: Literal["other"] = "other"
    text: Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)] = ""


Benefit: TypeAlias = Annotated[FreeItem | AmountOff | PercentOff | Physical | Other, Field(discriminator="type")]
_ADAPTER: Final[TypeAdapter[Benefit]] = TypeAdapter(Benefit)


def benefit_of(stored: Any) -> Benefit:
    """A benefit as it was kept."""
    return _ADAPTER.validate_python(stored)


def discount_of(benefit: Benefit, basket_minor: int | None, lines: Sequence[PurchaseLine] = ()) -> int | None:
    """What the benefit takes off a basket in minor units; None when that cannot be told from what is known.

    A free item needs the lines; without any line that is listed it takes nothing off.
    """
    if isinstance(benefit, AmountOff):
        return benefit.amount_minor if basket_minor is None else min(benefit.amount_minor, basket_minor)
    if basket_minor is None:
        return None
    if isinstance(benefit, PercentOff):
        return _at_most(basket_minor * benefit.percent // 100, benefit.maximum_minor)
    if isinstance(benefit, FreeItem) and lines:
        prices = [line.unit_amount_minor for line in lines if _is_listed(benefit, line)]
        return min(_at_most(max(prices, default=0), benefit.maximum_minor), basket_minor)
    return None


def _at_most(amount: int, maximum: int | None) -> int:
    return amount if maximum is None else min(amount, maximum)


def _is_listed(benefit: FreeItem, line: PurchaseLine) -> bool:
    if line.unit_amount_minor <= 0:
        return False
    if not benefit.skus and not benefit.categories:
        return True
    return line.sku in benefit.skus or line.category in benefit.categories
