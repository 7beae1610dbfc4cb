"""What gift cards are sold, on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from passerelle.giftcards.schemas.values import AmountMinor, Currency, GiftCardProductId, TemplateId
from passerelle.kit.wire import Name, Outbound, WholeNumber, Wire

Months = Annotated[WholeNumber, Field(ge=1, le=1_200)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Translations = Annotated[dict[LanguageTag, Name], Field(max_length=20)]


class Amounts(Wire):
    """Either fixed ``amounts_minor``, or any amount from ``minimum_minor`` to ``maximum_minor``."""

    amounts_minor: Annotated[list[AmountMinor], Field(max_length=50)] | None = None
    minimum_minor: AmountMinor | None = None
    maximum_minor: AmountMinor | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        bounds = (self.minimum_minor, self.maximum_minor)
        if bool(self.amounts_minor) == (bounds != (None, None)):
            raise ValueError("Give either amounts_minor, or minimum_minor and maximum_minor.")
        low, high = bounds
        if (low is None) != (high is None) or (low is not None and high is not None and low > high):
            raise ValueError("minimum_minor and maximum_minor go together, the lower one first.")
        if self.amounts_minor is not None and len(set(self.amounts_minor)) != len(self.amounts_minor):
            raise ValueError("An amount stands in amounts_minor once.")
        return self


class GiftCardProductIn(Wire):
    """What is sold. Without ``currency`` it is the organization's; another one needs ``foreign_currency``.

    ``expires_after_months``: each amount lapses so many months after it was loaded; null is never. What the law
    allows differs by country: see docs/algorithms/giftcards.md. Without ``max_balance_minor`` it is 10,000 in major
    units. ``template_id`` is the design of its wallet cards; without, one is made with the first.
    """

    name: Name
    names: Annotated[Translations, Field(default_factory=dict)]
    currency: Currency | None = None
    foreign_currency: bool = False
    amounts: Amounts
    expires_after_months: Months | None = None
    reloadable: bool = True
    max_balance_minor: AmountMinor | None = None
    template_id: TemplateId | None = None
    active: bool = True


class GiftCardProductChange(Wire):
    """Fields left out stay as they are; null of ``expires_after_months`` is never, for what is loaded from now on.

    Another design (``template_id``) is for new wallet cards; null has one made with the next.
    """

    name: Name | None = None
    names: Translations | None = None
    amounts: Amounts | None = None
    expires_after_months: Months | None = None
    reloadable: bool | None = None
    max_balance_minor: AmountMinor | None = None
    template_id: TemplateId | None = None
    active: bool | None = None


class GiftCardProductOut(Outbound):
    id: GiftCardProductId
    name: str
    names: dict[str, str]
    currency: str
    foreign_currency: bool
    amounts: Amounts
    expires_after_months: int | None
    reloadable: bool
    max_balance_minor: int
    template_id: TemplateId | None
    active: bool
    created_at: datetime
