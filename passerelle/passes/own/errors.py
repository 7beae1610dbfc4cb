"""Refusals of own identities; faults of a certificate are findings."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class NoAppleRequest(Refusal):
    """There is no signing request that waits."""

    code = "apple_request_missing"
    status = 404
    text: ClassVar[Sentence] = {
        "en": "No signing request waits for its certificate. Make one first.",
        "fr": "Aucune demande de signature n'attend son certificat. Créez-en une d'abord.",
        "ar": "لا يوجد طلب توقيع ينتظر شهادته. أنشئ طلبًا أولًا.",
    }


class GoogleIssuerInUse(Refusal):
    """Cards in wallets belong to their issuer for ever."""

    code = "google_issuer_in_use"
    text: ClassVar[Sentence] = {
        "en": "{count} cards in Google Wallet belong to the issuer {issuer} and could never change again. Keep it.",
        "fr": "{count} cartes dans Google Wallet dépendent de l'émetteur {issuer} et ne changeraient plus jamais. "
        "Gardez-le.",
        "ar": "هناك {count} بطاقة في Google Wallet تابعة للمُصدِر {issuer} ولن تتغيّر بعده أبدًا. أبقِ عليه.",
    }
