"""Bodies of classes and objects: required fields by name, the rest by Google's own field names.

Each builder returns a plain dict. Fields that this version does not know are added with ``body | {...}``. Nothing
is refused here: ``limits.check`` tells what Google would refuse or cut.
"""

from typing import Any, Unpack

from passerelle.passes.wallets.google.fields import (
    EventTicketClassFields,
    EventTicketObjectFields,
    GenericClassFields,
    GenericObjectFields,
    GiftCardClassFields,
    GiftCardObjectFields,
    Image,
    LocalizedString,
    LoyaltyClassFields,
    LoyaltyObjectFields,
    OfferClassFields,
    OfferObjectFields,
    RedemptionChannel,
    ReviewStatus,
    State,
)
from passerelle.passes.wallets.google.values import Text, with_twin

Body = dict[str, Any]


def loyalty_class(
    class_id: str,
    *,
    issuer_name: Text,
    program_name: Text,
    program_logo: Image,
    review_status: ReviewStatus = "UNDER_REVIEW",
    **fields: Unpack[LoyaltyClassFields],
) -> Body:
    """A loyalty programme: what all its cards share."""
    return {
        "id": class_id,
        **with_twin("issuerName", issuer_name),
        **with_twin("programName", program_name),
        "programLogo": program_logo,
        "reviewStatus": review_status,
        **fields,
    }


def loyalty_object(
    object_id: str, class_id: str, *, state: State = "ACTIVE", **fields: Unpack[LoyaltyObjectFields]
) -> Body:
    """One customer's loyalty card."""
    return {"id": object_id, "classId": class_id, "state": state, **fields}


def generic_class(class_id: str, **fields: Unpack[GenericClassFields]) -> Body:
    """A generic class has no name and no review: its objects carry what is shown."""
    return {"id": class_id, **fields}


def generic_object(
    object_id: str,
    class_id: str,
    *,
    card_title: LocalizedString,
    header: LocalizedString,
    state: State = "ACTIVE",
    **fields: Unpack[GenericObjectFields],
) -> Body:
    """A generic card: ``card_title`` is usually the business, ``header`` the title in large letters."""
    return {
        "id": object_id,
        "classId": class_id,
        "cardTitle": card_title,
        "header": header,
        "state": state,
        **fields,
    }


def offer_class(
    class_id: str,
    *,
    issuer_name: Text,
    provider: Text,
    title: Text,
    redemption_channel: RedemptionChannel,
    review_status: ReviewStatus = "UNDER_REVIEW",
    **fields: Unpack[OfferClassFields],
) -> Body:
    """An offer that customers can hold coupons of."""
    return {
        "id": class_id,
        **with_twin("issuerName", issuer_name),
        **with_twin("provider", provider),
        **with_twin("title", title),
        "redemptionChannel": redemption_channel,
        "reviewStatus": review_status,
        **fields,
    }


def offer_object(
    object_id: str, class_id: str, *, state: State = "ACTIVE", **fields: Unpack[OfferObjectFields]
) -> Body:
    """One customer's coupon."""
    return {"id": object_id, "classId": class_id, "state": state, **fields}


def gift_card_class(
    class_id: str,
    *,
    issuer_name: Text,
    review_status: ReviewStatus = "UNDER_REVIEW",
    **fields: Unpack[GiftCardClassFields],
) -> Body:
    """A merchant's gift card."""
    return {"id": class_id, **with_twin("issuerName", issuer_name), "reviewStatus": review_status, **fields}


def gift_card_object(
    object_id: str,
    class_id: str,
    *,
    card_number: str,
    state: State = "ACTIVE",
    **fields: Unpack[GiftCardObjectFields],
) -> Body:
    """One gift card with its balance."""
    return {"id": object_id, "classId": class_id, "cardNumber": card_number, "state": state, **fields}


def event_ticket_class(
    class_id: str,
    *,
    issuer_name: Text,
    event_name: LocalizedString,
    review_status: ReviewStatus = "UNDER_REVIEW",
    **fields: Unpack[EventTicketClassFields],
) -> Body:
    """An event."""
    return {
        "id": class_id,
        **with_twin("issuerName", issuer_name),
        "eventName": event_name,
        "reviewStatus": review_status,
        **fields,
    }


def event_ticket_object(
    object_id: str, class_id: str, *, state: State = "ACTIVE", **fields: Unpack[EventTicketObjectFields]
) -> Body:
    """One ticket."""
    return {"id": object_id, "classId": class_id, "state": state, **fields}
