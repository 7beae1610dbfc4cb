"""Money: whole minor units and an ISO 4217 currency, never a float."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import ClassVar, Final

from babel.core import get_global
from babel.numbers import format_currency

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class UnknownCurrency(Refusal):
    """A code that ISO 4217 does not list."""

    code = "unknown_currency"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "“{currency}” is not a currency. Use an ISO 4217 code such as EUR or MAD.",
        "fr": "« {currency} » n'est pas une devise. Utilisez un code ISO 4217 comme EUR ou MAD.",
        "ar": "«{currency}» ليست عملة. استخدم رمز ISO 4217 مثل EUR أو MAD.",
    }


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units: 450 EUR is € 4.50, 450 JPY is ¥ 450, 450 TND is 0.450 dinar."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    def __str__(self) -> str:
        """For programs and logs: 12.50 EUR."""
        return f"{self.decimal():f} {self.currency}"

    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))

    def formatted(self, language: str) -> str:
        """As a reader of that language writes it, such as ``4,50 €``."""
        return _formatted(self.amount_minor, self.currency, language)


# ISO 4217, list one, 2024: currencies whose minor unit is not a hundredth. CLDR follows usage instead of the
# standard (it writes dinars of Iraq without decimals), and amounts on the wire must follow the standard.
_EXPONENTS: Final = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),  # noqa: SIM905  a table is read, not a list
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),  # noqa: SIM905
    **dict.fromkeys("CLF UYW".split(), 4),  # noqa: SIM905
}


@cache
def exponent(currency: str) -> int:
    """Digits after the decimal point by ISO 4217: EUR 2, JPY 0, TND 3. Raises UnknownCurrency."""
    if currency not in get_global("all_currencies"):
        raise UnknownCurrency(currency=currency[:8])
    return _EXPONENTS.get(currency, 2)


@lru_cache(maxsize=4096)
def _formatted(amount_minor: int, currency: str, language: str) -> str:
    return format_currency(Money(amount_minor, currency).decimal(), currency, locale=language)
