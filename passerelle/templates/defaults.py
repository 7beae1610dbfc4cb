"""The card that a program gets without a designer: good colours, three languages, a message for each change.

Texts stand in the organization's language with translations into the other two; the fields, their order and
the lock-screen messages differ by the kind of program.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from passerelle.kit.i18n import LANGUAGES, Language, Sentence
from passerelle.organizations.schemas import Brand
from passerelle.rewards.coupons.service import FREE_ITEM
from passerelle.templates.colours import contrast, hexadecimal, mix, readable_on, rgb
from passerelle.templates.content import (
    LOYALTY,
    Colours,
    FieldContent,
    Fields,
    Kind,
    Link,
    Stamps,
    TemplateContent,
)
from passerelle.templates.look_rules import LABEL_CONTRAST, TEXT_CONTRAST

_ADDRESS: Final = re.compile(r"https?://\S+")
_LIQUID: Final = re.compile(r"\{(?=[{%])")
DRAWN_STAMPS: Final = 30  # more would be too small to count

_TEXTS: Final[Mapping[str, Sentence]] = {
    "stamps": {"en": "STAMPS", "fr": "TAMPONS", "ar": "الأختام"},
    "points": {"en": "POINTS", "fr": "POINTS", "ar": "النقاط"},
    "sessions": {"en": "SESSIONS LEFT", "fr": "SÉANCES RESTANTES", "ar": "الحصص المتبقية"},
    "tier": {"en": "LEVEL", "fr": "NIVEAU", "ar": "المستوى"},
    "reward": {"en": "YOUR REWARD", "fr": "VOTRE CADEAU", "ar": "مكافأتك"},
    "left": {"en": "STILL TO GO", "fr": "ENCORE", "ar": "المتبقي"},
    "member": {"en": "MEMBER", "fr": "MEMBRE", "ar": "العضو"},
    "since": {"en": "MEMBER SINCE", "fr": "MEMBRE DEPUIS", "ar": "عضو منذ"},
    "term": {"en": "MEMBERSHIP", "fr": "ADHÉSION", "ar": "العضوية"},
    "card": {"en": "CARD NUMBER", "fr": "NUMÉRO DE CARTE", "ar": "رقم البطاقة"},
    "offer": {"en": "OFFER", "fr": "OFFRE", "ar": "العرض"},
    "balance": {"en": "BALANCE", "fr": "SOLDE", "ar": "الرصيد"},
    "lapses": {"en": "EXPIRES NEXT", "fr": "EXPIRE BIENTÔT", "ar": "تنتهي قريبًا"},
    "until": {"en": "VALID UNTIL", "fr": "VALABLE JUSQU'AU", "ar": "صالحة حتى"},
    "coupon": {"en": "COUPON", "fr": "BON", "ar": "القسيمة"},
    "status": {"en": "STATUS", "fr": "ÉTAT", "ar": "الحالة"},
    "code": {"en": "CODE", "fr": "CODE", "ar": "الرمز"},
    "from": {"en": "FROM", "fr": "DE LA PART DE", "ar": "من طرف"},
    "for": {"en": "FOR", "fr": "POUR", "ar": "إلى"},
    "message": {"en": "Message", "fr": "Message", "ar": "رسالة"},
    "free_item": FREE_ITEM,
    "coupon_state_value": {
        "en": "{% if coupon.state == 'used' %}Used{% elsif coupon.state == 'expired' %}Expired"
        "{% elsif coupon.state == 'voided' %}Withdrawn{% elsif coupon.uses_left > 1 %}{{ coupon.uses_left }} uses"
        " left{% else %}Ready to use{% endif %}",
        "fr": "{% if coupon.state == 'used' %}Utilisé{% elsif coupon.state == 'expired' %}Expiré"
        "{% elsif coupon.state == 'voided' %}Retiré{% elsif coupon.uses_left > 1 %}Encore {{ coupon.uses_left }} fois"
        "{% else %}Prêt à l'emploi{% endif %}",
        "ar": "{% if coupon.state == 'used' %}مستخدمة{% elsif coupon.state == 'expired' %}منتهية"
        "{% elsif coupon.state == 'voided' %}مسحوبة{% elsif coupon.uses_left > 1 %}المتبقي {{ coupon.uses_left }}"
        "{% else %}جاهزة للاستخدام{% endif %}",
    },
    "coupon_changed": {"en": "Your coupon: %@", "fr": "Votre bon : %@", "ar": "قسيمتك: %@"},
    "gift_balance_changed": {"en": "New balance: %@", "fr": "Nouveau solde : %@", "ar": "الرصيد الجديد: %@"},
    "terms_coupon": {
        "en": "One code, used at the till while it is valid. The card updates by itself: it shows when it was used.",
        "fr": "Un code, à utiliser en caisse tant qu'il est valable. La carte se met à jour toute seule et montre"
        " quand il a été utilisé.",
        "ar": "رمز واحد يُستخدم عند الصندوق ما دام صالحًا. تتحدّث البطاقة تلقائيًا وتُظهر متى استُخدم.",
    },
    "terms_gift_card": {
        "en": "Pay with this card until its balance is spent. Whoever shows it can spend it: keep it like cash. It"
        " updates by itself; removing it from your wallet does not lose the balance.",
        "fr": "Payez avec cette carte jusqu'à épuisement du solde. Quiconque la présente peut la dépenser :"
        " gardez-la comme de l'argent. Elle se met à jour toute seule ; la retirer ne fait pas perdre le solde.",
        "ar": "ادفع بهذه البطاقة حتى نفاد رصيدها. من يُظهرها يمكنه إنفاقها فاحفظها كالنقود. تتحدّث تلقائيًا، وحذفها"
        " من هاتفك لا يُفقدك الرصيد.",
    },
    "terms_ticket": {
        "en": "This ticket lets one person in, once. It updates by itself when the event moves.",
        "fr": "Ce billet laisse entrer une personne, une fois. Il se met à jour tout seul si l'événement change.",
        "ar": "تسمح هذه التذكرة بدخول شخص واحد مرة واحدة. تتحدّث تلقائيًا إذا تغيّر موعد الحدث.",
    },
    "address": {"en": "ADDRESS", "fr": "ADRESSE", "ar": "العنوان"},
    "doors": {"en": "DOORS OPEN", "fr": "OUVERTURE DES PORTES", "ar": "فتح الأبواب"},
    "category": {"en": "TICKET", "fr": "BILLET", "ar": "التذكرة"},
    "ticket_state_value": {
        "en": "{% if event.state == 'cancelled' %}Event cancelled{% elsif ticket.state == 'used' %}Used"
        "{% elsif ticket.state == 'cancelled' %}Cancelled{% else %}Valid{% endif %}",
        "fr": "{% if event.state == 'cancelled' %}Événement annulé{% elsif ticket.state == 'used' %}Utilisé"
        "{% elsif ticket.state == 'cancelled' %}Annulé{% else %}Valable{% endif %}",
        "ar": "{% if event.state == 'cancelled' %}أُلغي الحدث{% elsif ticket.state == 'used' %}مستخدمة"
        "{% elsif ticket.state == 'cancelled' %}ملغاة{% else %}صالحة{% endif %}",
    },
    "ticket_changed": {"en": "Your ticket: %@", "fr": "Votre billet : %@", "ar": "تذكرتك: %@"},
    "event": {"en": "EVENT", "fr": "ÉVÉNEMENT", "ar": "الحدث"},
    "starts": {"en": "STARTS", "fr": "DÉBUT", "ar": "البداية"},
    "venue": {"en": "VENUE", "fr": "LIEU", "ar": "المكان"},
    "seat": {"en": "SEAT", "fr": "PLACE", "ar": "المقعد"},
    "how": {"en": "How it works", "fr": "Comment ça marche", "ar": "كيف تعمل"},
    "terms": {"en": "Good to know", "fr": "Bon à savoir", "ar": "معلومات مهمة"},
    "contact": {"en": "Contact", "fr": "Contact", "ar": "اتصل بنا"},
    "page": {"en": "My details and privacy", "fr": "Mes données et ma confidentialité", "ar": "بياناتي وخصوصيتي"},
    "website": {"en": "Our website", "fr": "Notre site", "ar": "موقعنا"},
    "ready_value": {
        "en": "{% if reward.ready %}Ready for you{% else %}{{ stamps.left }}{% endif %}",
        "fr": "{% if reward.ready %}À vous !{% else %}{{ stamps.left }}{% endif %}",
        "ar": "{% if reward.ready %}جاهزة لك{% else %}{{ stamps.left }}{% endif %}",
    },
    "missing_value": {
        "en": "{% if reward.ready %}Ready for you{% else %}{{ reward.missing }}{% endif %}",
        "fr": "{% if reward.ready %}À vous !{% else %}{{ reward.missing }}{% endif %}",
        "ar": "{% if reward.ready %}جاهزة لك{% else %}{{ reward.missing }}{% endif %}",
    },
    "stamps_changed": {
        "en": "{% if reward.ready %}%@, your reward is ready: {{ reward.name }}{% else %}"
        "You now have %@ stamps{% endif %}",
        "fr": "{% if reward.ready %}%@, votre cadeau vous attend : {{ reward.name }}{% else %}"
        "Vous avez maintenant %@ tampons{% endif %}",
        "ar": "{% if reward.ready %}%@، مكافأتك جاهزة: {{ reward.name }}{% else %}لديك الآن %@ من الأختام{% endif %}",
    },
    "points_changed": {
        "en": "You now have %@ points{% if reward.ready %}, enough for: {{ reward.name }}{% endif %}",
        "fr": "Vous avez maintenant %@ points{% if reward.ready %}, assez pour : {{ reward.name }}{% endif %}",
        "ar": "لديك الآن %@ نقطة{% if reward.ready %}، تكفي لـ: {{ reward.name }}{% endif %}",
    },
    "term_value": {
        "en": "{% if membership.status == 'active' %}Until {{ membership.valid_until }}"
        "{% elsif membership.status == 'ending' %}Ends {{ membership.valid_until }}: renew it"
        "{% elsif membership.status == 'grace' %}Ended {{ membership.valid_until }}: renew now"
        "{% elsif membership.status == 'lapsed' %}Ended {{ membership.valid_until }}"
        "{% elsif membership.status == 'unpaid' %}Not paid yet{% endif %}",
        "fr": "{% if membership.status == 'active' %}Jusqu'au {{ membership.valid_until }}"
        "{% elsif membership.status == 'ending' %}Finit le {{ membership.valid_until }} : à renouveler"
        "{% elsif membership.status == 'grace' %}Finie le {{ membership.valid_until }} : renouvelez vite"
        "{% elsif membership.status == 'lapsed' %}Finie le {{ membership.valid_until }}"
        "{% elsif membership.status == 'unpaid' %}Pas encore payée{% endif %}",
        "ar": "{% if membership.status == 'active' %}حتى {{ membership.valid_until }}"
        "{% elsif membership.status == 'ending' %}تنتهي {{ membership.valid_until }}: جدّدها"
        "{% elsif membership.status == 'grace' %}انتهت {{ membership.valid_until }}: جدّدها الآن"
        "{% elsif membership.status == 'lapsed' %}انتهت {{ membership.valid_until }}"
        "{% elsif membership.status == 'unpaid' %}لم تُدفع بعد{% endif %}",
    },
    "term_changed": {"en": "Your membership: %@", "fr": "Votre adhésion : %@", "ar": "عضويتك: %@"},
    "tier_changed": {"en": "Your level is now %@", "fr": "Votre niveau est maintenant %@", "ar": "مستواك الآن %@"},
    "balance_changed": {
        "en": "Your balance is now %@",
        "fr": "Votre solde est maintenant de %@",
        "ar": "رصيدك الآن %@",
    },
    "starts_changed": {"en": "New time: %@", "fr": "Nouvel horaire : %@", "ar": "الموعد الجديد: %@"},
    "how_stamps": {
        "en": "Show this card at every visit. {{ stamps.goal }} stamps bring you: {{ reward.name }}.",
        "fr": "Présentez cette carte à chaque visite. {{ stamps.goal }} tampons vous offrent : {{ reward.name }}.",
        "ar": "أظهر هذه البطاقة في كل زيارة. {{ stamps.goal }} أختام تمنحك: {{ reward.name }}.",
    },
    "how_points": {
        "en": "Show this card with every purchase to collect points, and trade them for rewards.",
        "fr": "Présentez cette carte à chaque achat pour cumuler des points et les échanger contre des cadeaux.",
        "ar": "أظهر هذه البطاقة مع كل عملية شراء لتجمع النقاط وتستبدلها بالمكافآت.",
    },
    "how_money": {
        "en": "Show this card with every purchase: a part of it comes back as credit.",
        "fr": "Présentez cette carte à chaque achat : une partie vous revient en avoir.",
        "ar": "أظهر هذه البطاقة مع كل عملية شراء: يعود إليك جزء منها رصيدًا.",
    },
    "how_sessions": {
        "en": "Show this card at every visit. It holds the sessions that you have left.",
        "fr": "Présentez cette carte à chaque visite. Elle contient les séances qu'il vous reste.",
        "ar": "أظهر هذه البطاقة في كل زيارة. فيها الحصص المتبقية لك.",
    },
    "how_membership": {
        "en": "Show this card at every visit to enjoy your benefits.",
        "fr": "Présentez cette carte à chaque visite pour profiter de vos avantages.",
        "ar": "أظهر هذه البطاقة في كل زيارة لتستفيد من مزاياك.",
    },
    "how_once": {
        "en": "Show this card at the till.",
        "fr": "Présentez cette carte en caisse.",
        "ar": "أظهر هذه البطاقة عند الصندوق.",
    },
    "how_event": {
        "en": "Show this ticket at the entrance.",
        "fr": "Présentez ce billet à l'entrée.",
        "ar": "أظهر هذه التذكرة عند المدخل.",
    },
    "terms_value": {
        "en": "The card is personal and cannot be exchanged for money. It updates by itself; removing it from your"
        " wallet does not lose your balance.",
        "fr": "La carte est personnelle et ne peut être échangée contre de l'argent. Elle se met à jour toute seule ;"
        " la retirer de votre téléphone ne fait pas perdre votre solde.",
        "ar": "البطاقة شخصية ولا تُستبدل بالنقود. تتحدّث تلقائيًا، وحذفها من هاتفك لا يُفقدك رصيدك.",
    },
    "description_loyalty": {"en": "Loyalty card", "fr": "Carte de fidélité", "ar": "بطاقة ولاء"},
    "description_coupon": {"en": "Coupon", "fr": "Bon de réduction", "ar": "قسيمة"},
    "description_gift_card": {"en": "Gift card", "fr": "Carte cadeau", "ar": "بطاقة هدية"},
    "description_event_ticket": {"en": "Ticket", "fr": "Billet", "ar": "تذكرة"},
    "description_generic": {"en": "Card", "fr": "Carte", "ar": "بطاقة"},
}


# Without units that lapse both are empty, and a field that is empty is left out.
_LAPSES: Final = "{% if expiry.amount %}{{ expiry.amount }} · {{ expiry.last_day }}{% endif %}"
PAGE_LABEL: Final = _TEXTS["page"]
Balance = Literal["points", "money", "sessions"]


@dataclass(frozen=True, slots=True)
class Design:
    """What a default card is made from.

    ``contact`` stands on the back, as Apple asks of who signs. ``names`` and ``reward_names`` are translations of
    the program's name and of its reward by language. ``balance`` is what a card of points counts.
    """

    kind: Kind
    organization_name: str
    program_name: str
    brand: Brand
    language: Language = "en"
    goal: int = 10
    contact: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    reward_name: str | None = None
    reward_names: Mapping[str, str] = field(default_factory=dict)
    balance: Balance = "points"


def default_content(design: Design) -> TemplateContent:
    """A card for a new program, with translations; its images are still to be drawn (``artwork``)."""
    used: list[str] = []

    def text(name: str) -> str:
        used.append(name)
        return _TEXTS[name][design.language]

    def placed(key: str, label: str, value: str, **more: Any) -> FieldContent:
        return FieldContent(key=key, label=text(label), value=value, **more)

    fields = _fields(design, text, placed)
    back = _back(design.kind, placed("how", "how", text(_how(design))), text, placed)
    if design.contact:
        back.append(placed("contact", "contact", design.contact, detect=["phone", "link", "address"]))
    website = design.brand.website
    links = [Link(label=text("website"), url=website)] if website and _ADDRESS.fullmatch(website) else []
    return TemplateContent(
        kind=design.kind,
        language=design.language,
        organization_name=_plain(design.organization_name),
        title=_plain(design.program_name),
        description=text("description_loyalty" if design.kind in LOYALTY else f"description_{design.kind}"),
        logo_text=_plain(design.organization_name),
        fields=Fields(**fields, back=back),
        translations=_translations(design, used),
        colours=_colours(design.brand),
        stamps=Stamps(goal=design.goal) if design.kind == "stamps" and design.goal <= DRAWN_STAMPS else None,
        links=links,
    )


def _back(kind: Kind, how: FieldContent, text: Any, placed: Any) -> list[FieldContent]:
    match kind:
        case "coupon":
            text("free_item")  # what such a coupon says is translated, too
            code = placed("code", "code", "{{ coupon.code }}")
            return [how, code, placed("terms", "terms", text("terms_coupon"))]
        case "gift_card":
            message = placed("message", "message", "{{ gift_card.message }}")
            code = placed("card", "card", "{{ gift_card.code }}")
            return [message, how, code, placed("terms", "terms", text("terms_gift_card"))]
        case "event_ticket":
            doors = placed("doors", "doors", "{{ event.doors }}", format="date_time")
            address = placed("address", "address", "{{ event.address }}", detect=["address"])
            state = placed("status", "status", text("ticket_state_value"), change_message=text("ticket_changed"))
            code = placed("code", "code", "{{ pass.code }}")
            return [state, doors, address, how, code, placed("terms", "terms", text("terms_ticket"))]
    back = [how, placed("card", "card", "{{ pass.code }}"), placed("terms", "terms", text("terms_value"))]
    if kind == "stamps":  # has no place in front
        back.insert(0, placed("tier", "tier", "{{ tier.name }}", change_message=text("tier_changed")))
    if kind in LOYALTY:
        back.insert(0, placed("lapses", "lapses", _LAPSES))
        if kind != "membership":
            back.insert(0, _term(text, placed))
        back.append(placed("page", "page", "{{ organization.page }}", detect=["link"]))
    return back


def _how(design: Design) -> str:
    kind = design.kind
    return {"stamps": "how_stamps", "points": f"how_{design.balance}", "event_ticket": "how_event"}.get(
        kind, "how_membership" if kind in {"membership", "generic"} else "how_once"
    )


def _fields(design: Design, text: Any, placed: Any) -> dict[str, list[FieldContent]]:
    kind = design.kind
    member = placed("member", "member", "{{ customer.full_name }}")
    match kind:
        case "stamps":
            count = "{{ stamps.count }}/{{ stamps.goal }}"
            return {
                "header": [placed("stamps", "stamps", count, change_message=text("stamps_changed"))],
                "secondary": [
                    placed("reward", "reward", "{{ reward.name }}"),
                    placed("left", "left", text("ready_value"), alignment="right"),
                ],
                "auxiliary": [member],
            }
        case "points":
            return {
                "header": [_counted(design.balance, text, placed)],
                "primary": [placed("reward", "reward", "{{ reward.name }}")],
                "secondary": [member, placed("left", "left", text("missing_value"), alignment="right")],
                "auxiliary": [placed("tier", "tier", "{{ tier.name }}", change_message=text("tier_changed"))],
            }
        case "membership":
            return {
                "header": [placed("tier", "tier", "{{ tier.name }}", change_message=text("tier_changed"))],
                "primary": [member],
                "secondary": [placed("since", "since", "{{ member.since }}", format="date", length="long")],
                "auxiliary": [_term(text, placed)],
            }
    return _other_fields(kind, text, placed, member)


def _term(text: Any, placed: Any) -> FieldContent:
    """Until when the membership is good; empty, and so left out, in a program without a term."""
    field: FieldContent = placed("term", "term", text("term_value"), change_message=text("term_changed"))
    return field


def _counted(balance: Balance, text: Any, placed: Any) -> FieldContent:
    """The field that shows what a card of points counts."""
    shown: FieldContent = {
        "points": lambda: placed(
            "points", "points", "{{ balance.points }}", format="decimal", change_message=text("points_changed")
        ),
        "money": lambda: placed(
            "balance", "balance", "{{ balance.money }}", format="currency", change_message=text("balance_changed")
        ),
        "sessions": lambda: placed(
            "sessions",
            "sessions",
            "{{ balance.sessions }}",
            format="decimal",
            change_message=text("balance_changed"),
        ),
    }[balance]()
    return shown


def _other_fields(kind: Kind, text: Any, placed: Any, member: FieldContent) -> dict[str, list[FieldContent]]:
    until = placed("until", "until", "{{ pass.expires }}", format="date")
    match kind:
        case "coupon":
            state = placed("status", "status", text("coupon_state_value"), change_message=text("coupon_changed"))
            return {
                "primary": [placed("offer", "offer", "{{ coupon.value }}")],
                "secondary": [placed("coupon", "coupon", "{{ coupon.title }}"), until],
                "auxiliary": [state, member],
            }
        case "gift_card":
            balance = placed(
                "balance",
                "balance",
                "{{ gift_card.balance }}",
                format="currency",
                change_message=text("gift_balance_changed"),
            )
            names = [
                placed("for", "for", "{{ gift_card.recipient }}"),
                placed("from", "from", "{{ gift_card.sender }}"),
            ]
            return {"primary": [balance], "secondary": [until], "auxiliary": names}
        case "event_ticket":
            starts = placed(
                "starts", "starts", "{{ event.starts }}", format="date_time", change_message=text("starts_changed")
            )
            seat = placed("seat", "seat", "{{ ticket.place }}")
            return {
                "primary": [placed("event", "event", "{{ event.name }}")],
                "secondary": [starts, placed("venue", "venue", "{{ event.venue }}")],
                "auxiliary": [
                    placed("for", "for", "{{ customer.full_name }}"),
                    placed("category", "category", "{{ ticket.type }}"),
                    seat,
                ],
            }
    return {"primary": [member], "secondary": [until]}


def _translations(design: Design, used: list[str]) -> dict[str, dict[str, str]]:
    """Our texts, and the shop's own names where it gave translations of them."""
    language = design.language
    known: dict[str, dict[str, str]] = {
        other: {_TEXTS[name][language]: _TEXTS[name][other] for name in dict.fromkeys(used)}
        for other in LANGUAGES
        if other != language
    }
    pairs = (_plain(design.program_name), design.names), (_plain(design.reward_name or ""), design.reward_names)
    for own, names in pairs:
        for other, name in names.items():
            if own and own != name and other in known:
                known[other][own] = _plain(name)
    return known


def _plain(name: str) -> str:
    """A name in which nobody sees a placeholder: two braces become one."""
    return _LIQUID.sub("", name)


def _colours(brand: Brand) -> Colours:
    """The brand's colours, with text and labels moved towards white or black until they can be read."""
    ground = rgb(brand.background)
    return Colours(
        background=brand.background,
        foreground=_readable(brand.foreground, brand.background, TEXT_CONTRAST),
        label=_readable(brand.label, brand.background, LABEL_CONTRAST),
        strip=hexadecimal(mix(ground, readable_on(ground), 0.04)),
    )


def _readable(colour: str, background: str, least: float) -> str:
    ground, wanted = rgb(background), rgb(colour)
    target = readable_on(ground)
    for step in range(11):
        tried = mix(wanted, target, step / 10)
        if contrast(tried, ground) >= least:
            return hexadecimal(tried)
    return hexadecimal(target)
