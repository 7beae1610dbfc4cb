"""What a merchant should know of their wallets before cards stop working."""

from typing import Final

from passerelle.kit import clock
from passerelle.kit.attention import Need, Urgency
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Sentence
from passerelle.passes.own import queries, rules

PLACE: Final = "/settings/wallets"
_SCOPE: Final = "organization:write"
_OVER: Final = Sentence(
    en="Your Apple certificate for {pass_type} ran out on {day}: cards can be neither added nor updated."
    " Renew it now.",
    fr="Votre certificat Apple pour {pass_type} a expiré le {day} : plus aucune carte ne peut être ajoutée ni mise à"
    " jour. Renouvelez-le maintenant.",
    ar="انتهت شهادة Apple الخاصة بـ {pass_type} في {day}: لا يمكن إضافة البطاقات ولا تحديثها. جدّدها الآن.",
)
_SOON: Final = Sentence(
    en="Your Apple certificate for {pass_type} ends in {days} days, on {day}. Renew it: afterwards cards stop"
    " changing.",
    fr="Votre certificat Apple pour {pass_type} expire dans {days} jours, le {day}. Renouvelez-le : ensuite, les"
    " cartes ne changeront plus.",
    ar="تنتهي شهادة Apple الخاصة بـ {pass_type} بعد {days} يومًا، في {day}. جدّدها، فبعدها لن تتغيّر البطاقات.",
)


async def needs(tx: Tx) -> list[Need]:
    """Own certificates that end within 30 days or have ended, the one in use and those of cards given out."""
    now = clock.now()
    found: list[Need] = []
    for row in await queries.list_apple(tx):
        stage = rules.stage_of(row.expires_at, now)
        if stage is None:
            continue
        values = {
            "pass_type": row.pass_type_identifier,
            "day": f"{row.expires_at:%Y-%m-%d}",
            "days": rules.days_left(row.expires_at, now),
        }
        said = _OVER if stage == "over" else _SOON
        sentence = Sentence(
            en=said["en"].format(**values), fr=said["fr"].format(**values), ar=said["ar"].format(**values)
        )
        urgency: Urgency = "now" if stage in {"over", "week"} else "soon"
        code = "apple_certificate_expired" if stage == "over" else "apple_certificate_expires"
        found.append(Need(code, urgency, sentence, _SCOPE, PLACE))
    return found
