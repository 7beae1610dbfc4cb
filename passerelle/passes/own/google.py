"""Verbs of own Google identities: examine an account with a question to Google, use it, leave it."""

from collections.abc import Sequence
from typing import Final

from passerelle.kit import clock, http
from passerelle.kit.config import Settings
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language, Sentence
from passerelle.passes.identities import Wallets
from passerelle.passes.own import held, queries
from passerelle.passes.own.errors import GoogleIssuerInUse
from passerelle.passes.own.events import GoogleIdentityLeft, GoogleIdentityStored
from passerelle.passes.own.models import OwnGoogle
from passerelle.passes.own.schemas import IdentityFinding
from passerelle.passes.wallets.google.client import GoogleWallet
from passerelle.passes.wallets.google.credentials import credential_findings
from passerelle.passes.wallets.google.names import Resource, object_id
from passerelle.passes.wallets.google.results import GoogleOutcome, GoogleResult

_PROBE: Final = "passerelle-test"
_NOT_ALLOWED: Final = Sentence(
    en="Google knows the account, but it may not make cards for the issuer {issuer}. Add {account} as a user in the"
    " Google Pay & Wallet Console, and check the issuer ID.",
    fr="Google connaît le compte, mais il ne peut pas créer de cartes pour l'émetteur {issuer}. Ajoutez {account}"
    " comme utilisateur dans la console Google Pay & Wallet et vérifiez l'identifiant.",
    ar="تعرف Google الحساب لكنه لا يملك إنشاء بطاقات للمُصدِر {issuer}. أضف {account} مستخدمًا في Google Pay & Wallet"
    " Console وتحقّق من معرّف المُصدِر.",
)
_KEY_REFUSED: Final = Sentence(
    en="Google does not accept this key: it was deleted, or the account is disabled. Create a new JSON key.",
    fr="Google n'accepte pas cette clé : elle a été supprimée ou le compte est désactivé. Créez une clé JSON.",
    ar="لا تقبل Google هذا المفتاح: حُذف أو عُطّل الحساب. أنشئ مفتاح JSON جديدًا.",
)
_API_DISABLED: Final = Sentence(
    en="The Google Wallet API is not enabled in the account's project. Enable it in the Google Cloud console, wait"
    " some minutes, and try again.",
    fr="L'API Google Wallet n'est pas activée dans le projet du compte. Activez-la dans la console Google Cloud,"
    " patientez quelques minutes, puis réessayez.",
    ar="واجهة Google Wallet غير مفعّلة في مشروع الحساب. فعّلها من Google Cloud console وانتظر دقائق ثم أعد المحاولة.",
)
_UNREACHABLE: Final = Sentence(
    en="Google does not answer right now, so nothing could be tried. Nothing was changed: try again in a minute.",
    fr="Google ne répond pas pour le moment : rien n'a pu être vérifié ni modifié. Réessayez dans une minute.",
    ar="لا تستجيب Google حاليًا فلم نتمكن من التجربة. لم يتغيّر شيء: أعد المحاولة بعد دقيقة.",
)


async def examine_account(
    document: str, issuer_id: str, settings: Settings, language: Language
) -> list[IdentityFinding]:
    """What stands in the way of using an account: its file, its issuer, and what Google says; empty when all is well.

    Asks Google for a card that does not exist: who may make cards is told that there is none.
    """
    faults: Sequence[Refusal] = credential_findings(document, issuer_id, token_uri=held.token_address(settings))
    if faults:
        return [IdentityFinding(severity="error", code=each.code, text=each.sentence(language)) for each in faults]
    account = held.read_account(document, settings)
    async with http.client() as client:
        wallet = GoogleWallet(client, account, base_url=str(settings.google_api_url))
        answer = await wallet.get(Resource.LOYALTY_CLASS, object_id(issuer_id, _PROBE))
    found = _fault(answer)
    if found is None:
        return []
    code, sentence = found
    values = {"issuer": issuer_id, "account": account.client_email}
    return [IdentityFinding(severity="error", code=code, text=sentence[language].format(**values))]


def _fault(answer: GoogleResult) -> tuple[str, Sentence] | None:
    if answer.outcome is GoogleOutcome.DONE or answer.status == 404:
        return None
    if answer.outcome is not GoogleOutcome.REFUSED:
        return "google_unreachable", _UNREACHABLE
    if (answer.reason or "").lower() in {"accessnotconfigured", "service_disabled"}:
        return "google_api_disabled", _API_DISABLED
    if answer.status == 403:
        return "google_issuer_not_allowed", _NOT_ALLOWED
    return "google_key_refused", _KEY_REFUSED


async def use_account(tx: Tx, document: str, issuer_id: str, present: Wallets) -> None:
    """Make new cards under this issuer; raises GoogleIssuerInUse while cards lie in wallets under another."""
    await _require_same_issuer(tx, issuer_id, present)
    row = await queries.find_google(tx)
    if row is None or row.issuer_id != issuer_id:
        await tx.execute(queries.FORGET_CLASSES, tx.organization_id)
    if row is None:
        row = OwnGoogle(organization_id=tx.organization_id)
        tx.session.add(row)
    row.sealed = (await tx.vault.keys(tx)).encrypt(document, held.GOOGLE)
    row.issuer_id, row.stored_at = issuer_id, clock.now()
    await announce(tx, GoogleIdentityStored(issuer_id=issuer_id))


async def leave(tx: Tx, server: Wallets) -> None:
    """Make new cards under the server's issuer again; raises GoogleIssuerInUse. Harmless to repeat."""
    row = await queries.find_google(tx)
    if row is None:
        return
    if server.google_or_none is None or server.google_or_none.issuer_id != row.issuer_id:
        await _require_none_in_wallets(tx, row.issuer_id)
        await tx.execute(queries.FORGET_CLASSES, tx.organization_id)
    await tx.session.delete(row)
    await announce(tx, GoogleIdentityLeft(issuer_id=row.issuer_id))


async def _require_same_issuer(tx: Tx, issuer_id: str, present: Wallets) -> None:
    if present.google_or_none is not None and present.google_or_none.issuer_id != issuer_id:
        await _require_none_in_wallets(tx, present.google_or_none.issuer_id)


async def _require_none_in_wallets(tx: Tx, issuer_id: str) -> None:
    count = await queries.count_in_google(tx)
    if count:
        raise GoogleIssuerInUse(count=count, issuer=issuer_id)
