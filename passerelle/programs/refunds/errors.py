"""Refusals of refunds; those about the money are in purchases, and all that a refund may meet are listed here."""

from typing import ClassVar, Final

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.organizations.errors import LocationNotFound
from passerelle.purchases.errors import (
    LineNotInPurchase,
    MoreItemsThanBought,
    NothingLeftToRefund,
    OtherCurrency,
    PurchaseNotFound,
    RefundAboveRest,
    RefundNotPositive,
    RefundReferenceReused,
    VoidedNotRefundable,
)

REFUSED: Final[tuple[type[Refusal], ...]] = (
    PurchaseNotFound,
    LocationNotFound,
    RefundAboveRest,
    NothingLeftToRefund,
    VoidedNotRefundable,
    RefundNotPositive,
    OtherCurrency,
    LineNotInPurchase,
    MoreItemsThanBought,
    RefundReferenceReused,
    SpentMeanwhile,
)


class PurchaseNotOpen(Refusal):
    """Nothing can be spent on a purchase that was voided or refunded whole."""

    code = "purchase_not_open"
    text: ClassVar[Sentence] = {
        "en": "This purchase was voided or refunded: nothing can be spent on it any more.",
        "fr": "Cet achat a été annulé ou remboursé : rien ne peut plus y être dépensé.",
        "ar": "أُلغيت عملية الشراء هذه أو استُردت: لا يمكن الصرف عليها بعد الآن.",
    }
