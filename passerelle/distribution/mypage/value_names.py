# ruff: noqa: RUF001  the apostrophes of print
"""What the codes in an export mean, for whoever reads their own data; the file keeps the codes of the API."""

from collections.abc import Mapping
from typing import Final

from passerelle.kit.i18n import Language

_CODED: Final = frozenset(
    {
        *("account", "cause", "channel", "fulfilment", "kind", "language", "origin", "purpose", "source", "state"),
        *("status", "subject_kind", "topic", "type", "wallet"),
    }
)
"""Fields that hold one word of a list; everywhere else, such a word is what somebody wrote."""

_BY_CODE: Final[Mapping[str, tuple[str, str, str]]] = {
    "accepted": ("accepted", "accepté", "مقبول"),
    "accrual": ("gained", "gain", "كسب"),
    "achievement": ("for an achievement", "pour un défi", "مقابل إنجاز"),
    "active": ("active", "actif", "نشط"),
    "activity": ("by an activity", "par une activité", "بسبب نشاط"),
    "address_changed": ("new e-mail address confirmed", "nouvelle adresse confirmée", "تأكيد البريد الجديد"),
    "adjustment": ("correction", "correction", "تصحيح"),
    "api": ("by another service", "par un autre service", "عبر خدمة أخرى"),
    "apple": ("Apple Wallet", "Apple Wallet", "Apple Wallet"),
    "ar": ("Arabic", "arabe", "العربية"),
    "automatic": ("by itself", "automatiquement", "تلقائيًا"),
    "birthday": ("for a birthday", "pour un anniversaire", "بمناسبة عيد ميلاد"),
    "campaign": ("by a campaign", "par une campagne", "عبر حملة"),
    "cancelled": ("cancelled", "annulé", "ملغى"),
    "coupon": ("coupon", "coupon", "قسيمة"),
    "definition": ("by new conditions", "par de nouvelles conditions", "بسبب شروط جديدة"),
    "discount": ("reduction", "réduction", "خصم"),
    "email": ("e-mail", "e-mail", "البريد الإلكتروني"),
    "en": ("English", "anglais", "الإنجليزية"),
    "ended": ("ended", "terminé", "منتهٍ"),
    "enrolment": ("by joining", "par l’inscription", "بالانضمام"),
    "erasure": ("by an erasure", "par un effacement", "بسبب محو"),
    "expired": ("expired", "expiré", "منتهي الصلاحية"),
    "expiry": ("expired", "expiration", "انتهاء الصلاحية"),
    "failed": ("did not go out", "non parti", "لم يُرسل"),
    "fee": ("fee", "frais", "رسوم"),
    "form": ("by form", "par formulaire", "عبر نموذج"),
    "fr": ("French", "français", "الفرنسية"),
    "gift_card": ("gift card", "carte cadeau", "بطاقة هدية"),
    "google": ("Google Wallet", "Google Wallet", "Google Wallet"),
    "granted": ("agreed", "accordé", "موافق عليه"),
    "held": ("set aside", "réservé", "محجوز"),
    "hold": ("set aside", "mise de côté", "حجز"),
    "import": ("taken over from elsewhere", "repris d’ailleurs", "منقول من مصدر آخر"),
    "issued": ("given", "remis", "ممنوح"),
    "item": ("article", "article", "منتج"),
    "joined": ("joined", "inscrit", "منضم"),
    "lapsed": ("lapsed", "échu", "ساقط"),
    "loyalty_program": ("loyalty program", "programme de fidélité", "برنامج الولاء"),
    "made": ("made", "fait", "تم"),
    "manual": ("by hand", "à la main", "يدويًا"),
    "marketing": ("offers and news", "offres et actualités", "عروض وأخبار"),
    "membership": ("membership", "adhésion", "عضوية"),
    "messenger": ("Messenger", "Messenger", "ماسنجر"),
    "move": ("passed on", "transfert", "تحويل"),
    "new_address": ("new e-mail address", "nouvelle adresse e-mail", "بريد إلكتروني جديد"),
    "new_number": ("new mobile number", "nouveau numéro de mobile", "رقم هاتف جديد"),
    "none": ("—", "—", "—"),
    "online": ("online", "en ligne", "عبر الإنترنت"),
    "page_link": ("link to my page", "lien vers ma page", "رابط صفحتي"),
    "physical": ("handed over", "à remettre", "يُسلَّم باليد"),
    "points": ("points", "points", "نقاط"),
    "purchase": ("purchase", "achat", "شراء"),
    "push": ("notification", "notification", "إشعار"),
    "qualified": ("qualified", "validé", "مستوفٍ"),
    "queued": ("on its way", "en cours d’envoi", "قيد الإرسال"),
    "recorded": ("recorded", "enregistré", "مسجّل"),
    "redeemed": ("used", "utilisé", "مستخدم"),
    "redemption": ("use", "utilisation", "استخدام"),
    "referral": ("by an invitation", "par parrainage", "بدعوة صديق"),
    "refund": ("paid back", "remboursement", "رد مبلغ"),
    "refunded": ("paid back", "remboursé", "مردود"),
    "refused": ("refused", "refusé", "مرفوض"),
    "rejected": ("refused", "refusé", "مرفوض"),
    "release": ("no longer set aside", "fin de mise de côté", "إلغاء الحجز"),
    "reversal": ("taken back", "annulation", "إلغاء"),
    "revoked": ("blocked", "bloqué", "محظور"),
    "reward": ("reward", "récompense", "مكافأة"),
    "rewarded": ("rewarded", "récompensé", "مُكافأ"),
    "sent": ("sent", "envoyé", "مُرسل"),
    "settlement": ("settled", "règlement", "تسوية"),
    "shipping": ("delivery", "livraison", "توصيل"),
    "sms": ("text message", "SMS", "رسالة قصيرة"),
    "staff": ("by the team", "par l’équipe", "عبر فريق العمل"),
    "suspended": ("paused", "suspendu", "موقوف"),
    "taken": ("chosen", "choisi", "مُختار"),
    "telegram": ("Telegram", "Telegram", "تيليغرام"),
    "ticket": ("ticket", "billet", "تذكرة"),
    "tier": ("for a level", "pour un niveau", "مقابل مستوى"),
    "till": ("at the till", "en caisse", "عند الصندوق"),
    "time": ("by time", "avec le temps", "بمرور الوقت"),
    "tip": ("tip", "pourboire", "إكرامية"),
    "undo": ("taking back", "annulation", "إلغاء"),
    "undone": ("taken back", "annulé", "ملغى"),
    "used": ("used", "utilisé", "مستخدم"),
    "visit": ("visit", "visite", "زيارة"),
    "voided": ("voided", "annulé", "ملغى"),
    "waiting": ("waiting", "en attente", "قيد الانتظار"),
    "whatsapp": ("WhatsApp", "WhatsApp", "واتساب"),
    "withdrawn": ("withdrawn", "retiré", "مسحوب"),
}


def value_name(key: str, value: str, language: Language) -> str:
    """What a value means in a field; one that is no code, or not in the table, is told as it is."""
    names = _BY_CODE.get(value) if key in _CODED else None
    if names is None:
        return value
    english, french, arabic = names
    return {"en": english, "fr": french, "ar": arabic}[language]
