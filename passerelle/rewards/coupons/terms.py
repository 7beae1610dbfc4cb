"""What a campaign promises: its effect, its conditions and limits; on the wire, in the database and in the rules."""

from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from passerelle.kit.wire import WholeNumber, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.schemas import NO_CONDITIONS, UnitCode
from passerelle.programs.schemas import Conditions as Circumstances
from passerelle.purchases.schemas import Channel, ItemCode

MAX_MINOR: Final = 10**12
PositiveMinor = Annotated[WholeNumber, Field(ge=1, le=MAX_MINOR, description="Whole minor units.")]
ItemCodes = Annotated[tuple[ItemCode, ...], Field(max_length=200)]
WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Period = Literal["ever", "day", "week", "month"]
LimitOf = Literal["customer", "campaign"]
Stacking = Literal["exclusive", "combinable"]


class _Frozen(Wire):
    model_config = ConfigDict(frozen=True)


class AmountOff(_Frozen):
    """So much off what the coupon applies to, never more than that."""

    type: Literal["amount_off"]
    amount_minor: PositiveMinor


class PercentOff(_Frozen):
    """A share off: 1250 basis points are 12.5 %, rounded down once; at most ``max_discount_minor``."""

    type: Literal["percent_off"]
    basis_points: Annotated[WholeNumber, Field(ge=1, le=10_000)]
    max_discount_minor: PositiveMinor | None = None


class FreeItem(_Frozen):
    """So many items of the basket for nothing: the cheapest of those with a listed SKU or category."""

    type: Literal["free_item"]
    skus: ItemCodes = ()
    categories: ItemCodes = ()
    quantity: Annotated[WholeNumber, Field(ge=1, le=100)] = 1

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.skus and not self.categories:
            raise ValueError("Say which item is free: give its SKU or its category.")
        return self


class GrantUnits(_Frozen):
    """Units of the campaign's program for the member; ``unit`` may be left out when the program has one."""

    type: Literal["grant_units"]
    amount: Annotated[WholeNumber, Field(ge=1, le=10_000_000)]
    unit: UnitCode | None = None


class Items(_Frozen):
    """So many pieces of the basket with a listed SKU or category."""

    skus: ItemCodes = ()
    categories: ItemCodes = ()
    quantity: Annotated[WholeNumber, Field(ge=1, le=100)] = 1

    def matches(self, sku: str | None, category: str | None) -> bool:
        """Whether something with these names is meant."""
        return sku in self.skus or category in self.categories


class BuyGet(_Frozen):
    """Buy so many pieces, get so many others cheaper: the cheapest that are left, and no piece counts twice.

    ``get`` without SKUs and categories is of what is bought. ``basis_points`` is the share off, all of it unless said
    otherwise, rounded down once. ``times`` is how often it repeats in one basket.
    """

    type: Literal["buy_get"]
    buy: Items
    get: Items = Items()
    basis_points: Annotated[WholeNumber, Field(ge=1, le=10_000)] = 10_000
    times: Annotated[WholeNumber, Field(ge=1, le=100)] = 1

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.buy.skus and not self.buy.categories:
            raise ValueError("Say what must be bought: give its SKU or its category.")
        return self

    @property
    def given(self) -> Items:
        """What is given: as listed, else the same as is bought."""
        if self.get.skus or self.get.categories:
            return self.get
        return self.buy.model_copy(update={"quantity": self.get.quantity})


Effect: TypeAlias = Annotated[AmountOff | PercentOff | FreeItem | GrantUnits | BuyGet, Field(discriminator="type")]


def _distinct_days(days: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(days)) != len(days):
        raise ValueError("A weekday stands twice.")
    return tuple(sorted(days))


class Hours(_Frozen):
    """From ``opens`` to before ``closes`` on these weekdays (1 is Monday); past midnight when it closes earlier."""

    days: Annotated[
        tuple[Annotated[WholeNumber, Field(ge=1, le=7)], ...],
        Field(min_length=1, max_length=7),
        AfterValidator(_distinct_days),
    ] = (1, 2, 3, 4, 5, 6, 7)
    opens: WallTime
    closes: WallTime


class Conditions(_Frozen):
    """When and for what the coupon is taken; a list left empty means no restriction.

    ``skus`` and ``categories`` say what the discount applies to; ``minimum_basket_minor`` counts the whole basket.
    """

    minimum_basket_minor: Annotated[WholeNumber, Field(ge=0, le=MAX_MINOR)] = 0
    skus: ItemCodes = ()
    categories: ItemCodes = ()
    location_ids: Annotated[tuple[LocationId, ...], Field(max_length=200)] = ()
    channels: Annotated[tuple[Channel, ...], Field(max_length=3)] = ()
    hours: Annotated[tuple[Hours, ...], Field(max_length=28)] = ()


class Limit(_Frozen):
    """At most so many uses, or so much discount, of one customer or of the whole campaign in a calendar period."""

    of: LimitOf
    period: Period = "ever"
    uses: Annotated[WholeNumber, Field(ge=1, le=10**9)] | None = None
    discount_minor: PositiveMinor | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.uses is None and self.discount_minor is None:
            raise ValueError("A limit needs “uses” or “discount_minor”.")
        return self


def _one_of_each(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    if len({(limit.of, limit.period) for limit in limits}) != len(limits):
        raise ValueError("Two limits say something of the same period.")
    return limits


Limits = Annotated[tuple[Limit, ...], Field(max_length=8), AfterValidator(_one_of_each)]
DaysAfterIssue = Annotated[WholeNumber, Field(ge=0, le=3_660)]


class Terms(_Frozen):
    """Everything that a redemption is judged by, beside the campaign's state and window.

    ``uses_per_code``: how often one code may be used, null is without end. ``holder_only``: a code is good only for
    the customer it was issued to. A code is usable from the start of the ``starts_days_after_issue``-th day after
    the day of its issue (0: at once) to the end of the ``ends_days_after_issue``-th.
    """

    effect: Effect
    conditions: Conditions = Conditions()
    limits: Limits = ()
    uses_per_code: Annotated[WholeNumber, Field(ge=1, le=10**9)] | None = 1
    holder_only: bool = False
    stacking: Stacking = "exclusive"
    starts_days_after_issue: DaysAfterIssue = 0
    ends_days_after_issue: DaysAfterIssue | None = None
    hold_minutes: Annotated[WholeNumber, Field(ge=1, le=7 * 24 * 60)] = 15

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        last = self.ends_days_after_issue
        if last is not None and last < self.starts_days_after_issue:
            raise ValueError("The coupon would end before it starts.")
        return self


HowMany = Annotated[WholeNumber, Field(ge=1, le=10**9)]


class AfterPurchase(_Frozen):
    """Which purchases give their buyer a code of the campaign, and how many.

    ``items`` must be in the basket, ``conditions`` are those of earning rules. Of one customer: ``per_customer`` in
    all, ``at_once`` that can still be used, ``per_day`` by the day of the purchase. ``stock`` is of all customers.
    """

    minimum_amount_minor: Annotated[WholeNumber, Field(ge=0, le=MAX_MINOR)] = 0
    items: Items | None = None
    conditions: Circumstances = NO_CONDITIONS
    per_customer: HowMany | None = None
    at_once: HowMany | None = None
    per_day: HowMany | None = None
    stock: HowMany | None = None

    @model_validator(mode="after")
    def _can_happen(self) -> Self:
        if self.items is not None and not self.items.skus and not self.items.categories:
            raise ValueError("Say which items the purchase must have: give a SKU or a category.")
        if self.conditions.attributes:
            raise ValueError("Only custom events have attributes, a purchase has none.")
        return self
