"""Judges the signature of a pass: is it over this manifest, by whom, below whom, and when."""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography import x509

from passerelle.passes.wallets.apple import certificate_rules, der, wwdr
from passerelle.passes.wallets.apple import leaf as facts
from passerelle.passes.wallets.apple.findings import Finding, Rule
from passerelle.passes.wallets.apple.verify import cms
from passerelle.passes.wallets.apple.verify.reading import text

_LIMIT_BYTES: Final = 500_000
_CLOCK_TOLERANCE: Final = timedelta(hours=24)
_SHA1: Final = "1.3.14.3.2.26"

UNREADABLE: Final = Rule(
    "error",
    "signature_unreadable",
    "The file signature is no CMS signature in DER. Sign the bytes of manifest.json, detached, in DER and not PEM.",
    "Le fichier signature n'est pas une signature CMS en DER. Signez les octets de manifest.json, en mode détaché, en"
    " DER et non en PEM.",
    "ملف signature ليس توقيع CMS بصيغة DER. وقّع بايتات manifest.json توقيعًا منفصلًا بصيغة DER لا PEM.",
)
NOT_DETACHED: Final = Rule(
    "error",
    "signature_not_detached",
    "The signature carries the signed content inside itself. Sign detached.",
    "La signature contient le contenu signé. Signez en mode détaché.",
    "يحمل التوقيع المحتوى الموقّع داخله. وقّع توقيعًا منفصلًا.",
)
SEVERAL_SIGNERS: Final = Rule(
    "warning",
    "signature_several_signers",
    "The signature has {count} signers, of which only the first was checked. Sign once, with the pass certificate.",
    "La signature a {count} signataires, dont seul le premier a été vérifié. Signez une fois, avec le certificat de"
    " la carte.",
    "للتوقيع {count} موقّعين ولم يُفحص إلا الأول. وقّع مرة واحدة بشهادة البطاقة.",
)
LEAF_MISSING: Final = Rule(
    "error",
    "signer_certificate_missing",
    "The signature does not hold the certificate that made it. Embed the Pass Type ID certificate.",
    "La signature ne contient pas le certificat qui l'a produite. Incluez le certificat Pass Type ID.",
    "لا يحتوي التوقيع على الشهادة التي أنشأته. ضمّن شهادة Pass Type ID.",
)
INTERMEDIATE_MISSING: Final = Rule(
    "error",
    "intermediate_missing",
    "The signature does not hold the intermediate that issued the pass certificate. Embed Apple's WWDR G4.",
    "La signature ne contient pas l'intermédiaire qui a émis le certificat de la carte. Incluez le WWDR G4 d'Apple.",
    "لا يحتوي التوقيع على الشهادة الوسيطة التي أصدرت شهادة البطاقة. ضمّن WWDR G4 من Apple.",
)
ALGORITHM: Final = Rule(
    "error",
    "signature_algorithm_unsupported",
    "The kind of signature ({algorithm}) is not one that Wallet is known to accept. Sign with RSA and SHA-256.",
    "Ce type de signature ({algorithm}) n'est pas de ceux que Wallet accepte. Signez en RSA avec SHA-256.",
    "نوع التوقيع ({algorithm}) ليس مما يُعرف أن Wallet يقبله. وقّع بـ RSA مع SHA-256.",
)
OLD_DIGEST: Final = Rule(
    "warning",
    "signature_sha1",
    "The signature uses SHA-1, as passes did before 2016. Sign with SHA-256.",
    "La signature utilise SHA-1, comme les cartes d'avant 2016. Signez avec SHA-256.",
    "يستخدم التوقيع SHA-1 كما كانت البطاقات قبل 2016. وقّع بـ SHA-256.",
)
WRONG: Final = Rule(
    "error",
    "signature_wrong",
    "The signature was not made by the key of its certificate. Sign again with the matching key.",
    "La signature n'a pas été produite par la clé de son certificat. Signez à nouveau avec la bonne clé.",
    "لم يُنشأ التوقيع بمفتاح شهادته. وقّع من جديد بالمفتاح المطابق.",
)
DIGEST_WRONG: Final = Rule(
    "error",
    "manifest_changed",
    "manifest.json was changed after it was signed: the signed digest is another. Sign the final manifest.",
    "manifest.json a été modifié après la signature : l'empreinte signée diffère. Signez le manifeste final.",
    "تغيّر manifest.json بعد توقيعه: البصمة الموقّعة مختلفة. وقّع البيان النهائي.",
)
ATTRIBUTES_MISSING: Final = Rule(
    "error",
    "signed_attributes_missing",
    "The signature lacks signed attributes; Apple asks for content type, message digest and signing time.",
    "La signature n'a pas d'attributs signés ; Apple exige le type de contenu, l'empreinte et la date de signature.",
    "ينقص التوقيعَ السماتُ الموقّعة؛ تطلب Apple نوع المحتوى والبصمة ووقت التوقيع.",
)
TIME_MISSING: Final = Rule(
    "error",
    "signing_time_missing",
    "The signature has no signing time, and Wallet refuses such passes. Sign with the signingTime attribute.",
    "La signature n'a pas de date de signature, et Wallet refuse de telles cartes. Signez avec l'attribut"
    " signingTime.",
    "لا يحمل التوقيع وقت التوقيع، وWallet يرفض هذه البطاقات. وقّع مع السمة signingTime.",
)
TIME_OUTSIDE: Final = Rule(
    "error",
    "signed_outside_validity",
    "The pass was signed on {date}, when its certificate was not valid ({start} to {end}). Sign with a valid one.",
    "La carte a été signée le {date}, alors que son certificat n'était pas valable ({start} au {end}). Signez avec un"
    " certificat valable.",
    "وُقّعت البطاقة في {date} حين لم تكن شهادتها سارية ({start} إلى {end}). وقّع بشهادة سارية.",
)
TIME_AHEAD: Final = Rule(
    "warning",
    "signing_time_ahead",
    "The signing time {date} lies in the future. Check the clock of the machine that signs.",
    "La date de signature {date} est dans le futur. Vérifiez l'horloge de la machine qui signe.",
    "وقت التوقيع {date} في المستقبل. تحقّق من ساعة الجهاز الذي يوقّع.",
)
EXPIRED_SINCE: Final = Rule(
    "warning",
    "certificate_expired_since",
    "The certificate has expired since, on {date}. The pass stays in wallets, but a change needs a new certificate.",
    "Le certificat a expiré depuis, le {date}. La carte reste dans les portefeuilles, mais une modification"
    " demande un"
    " nouveau certificat.",
    "انتهت الشهادة منذ ذلك الحين في {date}. تبقى البطاقة في المحافظ لكن أي تغيير يحتاج إلى شهادة جديدة.",
)
OLD_GENERATION: Final = Rule(
    "warning",
    "signed_below_expired_wwdr",
    "The pass was signed below Apple's WWDR intermediate that expired on {date}. Sign it again below G4.",
    "La carte a été signée sous l'intermédiaire WWDR d'Apple expiré le {date}. Signez-la à nouveau sous G4.",
    "وُقّعت البطاقة تحت شهادة WWDR الوسيطة من Apple التي انتهت في {date}. وقّعها من جديد تحت G4.",
)
PASS_TYPE_DIFFERS: Final = Rule(
    "error",
    "pass_type_not_certified",
    "The pass is of type {stated}, but its certificate is for {certified}. Sign with the certificate of {stated}.",
    "La carte est de type {stated}, mais son certificat est celui de {certified}. Signez avec le certificat de"
    " {stated}.",
    "البطاقة من النوع {stated} لكن شهادتها خاصة بـ {certified}. وقّع بشهادة {stated}.",
)
TEAM_DIFFERS: Final = Rule(
    "error",
    "team_not_certified",
    "The pass names the team {stated}, but its certificate belongs to {certified}. Correct teamIdentifier.",
    "La carte nomme l'équipe {stated}, mais son certificat appartient à {certified}. Corrigez teamIdentifier.",
    "تذكر البطاقة الفريق {stated} لكن شهادتها تعود إلى {certified}. صحّح teamIdentifier.",
)

_PATH: Final = "signature"
# Apple's certificates always have these marks; another authority's, made for tests, need not.
_MARKS: Final = frozenset({certificate_rules.EXTENSION_MISSING.code, certificate_rules.USAGE_MISSING.code})


def read_signature(data: bytes) -> cms.CmsSignature | None:
    """The signature taken apart, or None when it is not readable."""
    try:
        return cms.read_cms(data) if len(data) <= _LIMIT_BYTES else None
    except der.MalformedAsn1:
        return None


def check_signature(
    signature: cms.CmsSignature, manifest: bytes, *, trust: Sequence[x509.Certificate], now: datetime
) -> Iterator[Finding]:
    """Whether the signature is good for this manifest and by someone whom Apple, or ``trust``, certified."""
    if not signature.detached:
        yield NOT_DETACHED.at(_PATH)
    if signature.signer_count > 1:
        yield SEVERAL_SIGNERS.at(_PATH, count=signature.signer_count)
    yield from _check_attributes(signature, manifest)
    if signature.signer is None:
        yield LEAF_MISSING.at(_PATH)
        return
    yield from _check_key(signature, manifest)
    yield from _check_time(signature.signer, signature.signing_time, now)
    yield from _check_issuer(signature, signature.signer, trust)


def check_names(signer: x509.Certificate, document: dict[str, Any]) -> Iterator[Finding]:
    """Whether the pass bears the names that its certificate allows (UID and OU)."""
    certified, stated = facts.pass_type_identifier(signer), text(document, "passTypeIdentifier")
    if certified is not None and stated is not None and certified != stated:
        yield PASS_TYPE_DIFFERS.at("pass.json/passTypeIdentifier", stated=stated, certified=certified)
    certified, stated = facts.team_identifier(signer), text(document, "teamIdentifier")
    if certified is not None and stated is not None and certified != stated:
        yield TEAM_DIFFERS.at("pass.json/teamIdentifier", stated=stated, certified=certified)


def _check_attributes(signature: cms.CmsSignature, manifest: bytes) -> Iterator[Finding]:
    if signature.attributes_encoding is None:
        yield ATTRIBUTES_MISSING.at(_PATH)
        return
    if signature.content_type != cms.DATA or signature.message_digest is None:
        yield ATTRIBUTES_MISSING.at(_PATH)
    if signature.signing_time is None:
        yield TIME_MISSING.at(_PATH)
    expected = cms.digest(signature.digest_algorithm, manifest)
    stated = signature.message_digest
    if expected is not None and stated is not None and not hmac.compare_digest(expected, stated):
        yield DIGEST_WRONG.at(_PATH)


def _check_key(signature: cms.CmsSignature, manifest: bytes) -> Iterator[Finding]:
    verdict = cms.verifies(signature, manifest)
    if verdict is None:
        algorithm = f"{signature.signature_algorithm}, {signature.digest_algorithm}"
        yield ALGORITHM.at(_PATH, algorithm=algorithm)
    elif not verdict:
        yield WRONG.at(_PATH)
    if signature.digest_algorithm == _SHA1:
        yield OLD_DIGEST.at(_PATH)


def _check_time(signer: x509.Certificate, signed_at: datetime | None, now: datetime) -> Iterator[Finding]:
    start, end = signer.not_valid_before_utc, signer.not_valid_after_utc
    if signed_at is not None and not start <= signed_at <= end:
        yield TIME_OUTSIDE.at(_PATH, date=f"{signed_at:%Y-%m-%d}", start=f"{start:%Y-%m-%d}", end=f"{end:%Y-%m-%d}")
    elif end < now:
        yield EXPIRED_SINCE.at(_PATH, date=f"{end:%Y-%m-%d}")
    if signed_at is not None and signed_at > now + _CLOCK_TOLERANCE:
        yield TIME_AHEAD.at(_PATH, date=f"{signed_at:%Y-%m-%d}")


def _check_issuer(
    signature: cms.CmsSignature, signer: x509.Certificate, trust: Sequence[x509.Certificate]
) -> Iterator[Finding]:
    embedded = [each for each in signature.certificates if each != signer]
    issuer = certificate_rules.find_issuer(signer, [*embedded, *trust])
    if issuer is not None and issuer not in embedded:
        yield INTERMEDIATE_MISSING.at(_PATH)
    if issuer is not None and wwdr.is_expired_apple(issuer):
        yield OLD_GENERATION.at(_PATH, date=f"{issuer.not_valid_after_utc:%Y-%m-%d}")
    else:
        yield from _at_signature(certificate_rules.check_chain(signer, issuer, trust, embedded))
    yield from _check_issuer_time(issuer, signature.signing_time)
    from_apple = issuer is not None and wwdr.is_apple(issuer)
    for finding in certificate_rules.check_leaf(signer):
        if finding.code in _MARKS and not from_apple:
            yield replace(finding, severity="warning", path=_PATH)
        elif finding.severity == "error":
            yield replace(finding, path=_PATH)


def _check_issuer_time(issuer: x509.Certificate | None, signed_at: datetime | None) -> Iterator[Finding]:
    if issuer is None or signed_at is None:
        return
    start, end = issuer.not_valid_before_utc, issuer.not_valid_after_utc
    if not start <= signed_at <= end:
        yield certificate_rules.INTERMEDIATE_EXPIRED.at(_PATH, date=f"{end:%Y-%m-%d}")


def _at_signature(findings: list[Finding]) -> Iterator[Finding]:
    yield from (replace(finding, path=_PATH) for finding in findings)
