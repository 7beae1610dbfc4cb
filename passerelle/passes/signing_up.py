"""Who holds a card for which nobody knows a name says who they are in Apple Wallet (Apple: personalization).

The phone sends a token with what its owner chose to tell. The token comes back signed, which tells the phone that the
sign-up was taken; it then fetches the card, and that asks no more, because its holder has a name.
"""

from typing import Annotated, ClassVar
from uuid import UUID

import phonenumbers
from pydantic import Field, StringConstraints, ValidationError

from passerelle.customers import service as customers
from passerelle.customers.schemas import CustomerChange
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.i18n import Sentence
from passerelle.kit.wire import Outbound
from passerelle.passes import queries
from passerelle.passes.events import HolderSignedUp
from passerelle.privacy import service as privacy
from passerelle.privacy.schemas import NewConsent
from passerelle.templates import service as templates
from passerelle.templates.schemas import TemplateContent

_Told = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), Field(repr=False)]


class MalformedSignUp(Refusal):
    """A sign-up without a token or without a name."""

    code = "malformed_sign_up"
    status = 400
    text: ClassVar[Sentence] = {
        "en": "Send “personalizationToken” and “requiredPersonalizationInfo” with a name, as Wallet does.",
        "fr": "Envoyez « personalizationToken » et « requiredPersonalizationInfo » avec un nom, comme Wallet.",
        "ar": "أرسل personalizationToken وrequiredPersonalizationInfo مع اسم كما يفعل Wallet.",
    }


class NothingToSignUp(Refusal):
    """The card does not ask who its holder is."""

    code = "nothing_to_sign_up"
    text: ClassVar[Sentence] = {
        "en": "This card does not ask who holds it.",
        "fr": "Cette carte ne demande pas qui la détient.",
        "ar": "هذه البطاقة لا تسأل عن حاملها.",
    }


class HolderInfo(Outbound):
    """What the owner of the phone told, by Apple's names."""

    full_name: Annotated[_Told, Field(alias="fullName")] = ""
    given_name: Annotated[_Told, Field(alias="givenName")] = ""
    family_name: Annotated[_Told, Field(alias="familyName")] = ""
    phone: Annotated[_Told, Field(alias="phoneNumber")] = ""
    email: Annotated[_Told, Field(alias="emailAddress")] = ""
    postal_code: Annotated[_Told, Field(alias="postalCode")] = ""
    country: Annotated[_Told, Field(alias="ISOCountryCode")] = ""


class SignUpBody(Outbound):
    """The body of Apple's sixth call. ``token`` is signed as it came."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=4_096)] = Field(
        alias="personalizationToken", repr=False
    )
    info: HolderInfo = Field(alias="requiredPersonalizationInfo")


def read_body(body: bytes) -> SignUpBody:
    """The body of a sign-up; raises MalformedSignUp."""
    try:
        return SignUpBody.model_validate_json(body)
    except ValidationError:
        raise MalformedSignUp from None


async def sign_up(tx: Tx, pass_id: UUID, info: HolderInfo) -> bool:
    """Take over what the holder of a card told; False when there is no such card.

    Told again, nothing changes: the answer may have got lost. Raises NothingToSignUp, MalformedSignUp, and what
    ``customers.introduce`` raises.
    """
    row = await queries.find_pass(tx, pass_id)
    if row is None:
        return False
    content = (await templates.published(tx, row["template_id"], row["template_version"])).content
    if content.sign_up is None or row["subject_kind"] != "membership":
        raise NothingToSignUp
    customer_id = row["customer_id"]
    await customers.hold_alone(tx, customer_id)
    known = await customers.get_customer(tx, customer_id)
    if known.first_name is None and known.last_name is None:
        await customers.introduce(tx, customer_id, _change(info))
        await _consent(tx, customer_id, content)
        await announce(tx, HolderSignedUp(pass_id=pass_id, customer_id=customer_id))
    return True


def _change(info: HolderInfo) -> CustomerChange:
    country = info.country.upper()
    told = {
        "first_name": info.given_name or (info.full_name if not info.family_name else ""),
        "last_name": info.family_name,
        "phone": info.phone,
        "email": info.email,
        "region": country if country in phonenumbers.SUPPORTED_REGIONS else "",
    }
    if not told["first_name"] and not told["last_name"]:
        raise MalformedSignUp
    attributes = {"postal_code": info.postal_code} if info.postal_code else {}
    try:
        return CustomerChange.model_validate(
            {name: text for name, text in told.items() if text} | {"attributes": attributes}
        )
    except ValidationError:
        raise MalformedSignUp from None


async def _consent(tx: Tx, customer_id: UUID, content: TemplateContent) -> None:
    """Whoever signs up under terms has agreed to them."""
    asked = content.sign_up
    if asked is None or asked.terms is None:
        return
    agreed = NewConsent(
        purpose="loyalty_program",
        state="granted",
        wording=asked.terms,
        wording_version="card",
        language=content.language,
        source="form",
    )
    await privacy.record_consent(tx, customer_id, agreed)
