"""What must hold for a certificate that signs passes; one finding for each fault, with its remedy.

Used at the import, by the doctor and by the check of finished passes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

from passerelle.passes.wallets.apple import leaf as facts
from passerelle.passes.wallets.apple import wwdr
from passerelle.passes.wallets.apple.findings import Finding, Rule

_WARN_BEFORE: Final = timedelta(days=30)

CHAIN_EXPIRED_GENERATION: Final = Rule(
    "error",
    "wwdr_expired",
    "This certificate was issued below Apple's WWDR intermediate that expired on 7 February 2023. Create a new"
    " certificate for the same Pass Type ID in Apple's developer portal; it will be issued below G4.",
    "Ce certificat dépend du certificat intermédiaire WWDR d'Apple expiré le 7 février 2023. Créez un nouveau"
    " certificat pour le même Pass Type ID sur le portail développeur d'Apple ; il dépendra de G4.",
    "صدرت هذه الشهادة تحت شهادة WWDR الوسيطة من Apple التي انتهت في 7 فبراير 2023. أنشئ شهادة جديدة لنفس"
    " Pass Type ID في بوابة مطوري Apple؛ وستصدر تحت G4.",
)
CHAIN_ECDSA_GENERATION: Final = Rule(
    "error",
    "wwdr_ecdsa_generation",
    "This certificate was issued below WWDR {generation}, Apple's ECDSA family, which does not issue pass"
    " certificates. Create a Pass Type ID certificate; it is issued below G4.",
    "Ce certificat dépend de WWDR {generation}, la famille ECDSA d'Apple, qui n'émet pas de certificats de cartes."
    " Créez un certificat Pass Type ID ; il dépend de G4.",
    "صدرت هذه الشهادة تحت WWDR {generation}، عائلة ECDSA من Apple التي لا تصدر شهادات بطاقات. أنشئ شهادة"
    " Pass Type ID؛ فهي تصدر تحت G4.",
)
CHAIN_OTHER_GENERATION: Final = Rule(
    "error",
    "wwdr_wrong_generation",
    "This certificate was issued below WWDR {generation}, which serves other purposes than passes. Choose the Pass"
    " Type ID certificate, issued below G4.",
    "Ce certificat dépend de WWDR {generation}, qui sert à autre chose que les cartes. Choisissez le certificat"
    " Pass Type ID, qui dépend de G4.",
    "صدرت هذه الشهادة تحت WWDR {generation} المخصصة لأغراض غير البطاقات. اختر شهادة Pass Type ID الصادرة تحت G4.",
)
CHAIN_UNTRUSTED: Final = Rule(
    "error",
    "issuer_untrusted",
    "This certificate was not issued by Apple but by «{issuer}». Use the Pass Type ID certificate from Apple's"
    " developer portal.",
    "Ce certificat n'a pas été émis par Apple mais par « {issuer} ». Utilisez le certificat Pass Type ID du portail"
    " développeur d'Apple.",
    "لم تصدر Apple هذه الشهادة بل «{issuer}». استخدم شهادة Pass Type ID من بوابة مطوري Apple.",
)
CHAIN_FORGED: Final = Rule(
    "error",
    "issuer_signature_wrong",
    "The certificate names «{issuer}» as its issuer, but that authority's certificate did not sign it. Download the"
    " certificate again from Apple's developer portal.",
    "Le certificat désigne « {issuer} » comme émetteur, mais le certificat de cette autorité ne l'a pas signé."
    " Téléchargez-le à nouveau depuis le portail développeur d'Apple.",
    "تذكر الشهادة «{issuer}» جهةً مُصدِرة، لكن شهادة تلك الجهة لم توقّعها. نزّلها مجددًا من بوابة مطوري Apple.",
)
PASS_TYPE_MISSING: Final = Rule(
    "error",
    "certificate_without_pass_type",
    "The certificate names no pass type identifier (UID). It is another kind of certificate; choose the Pass Type"
    " ID certificate.",
    "Le certificat ne nomme aucun identifiant de type de carte (UID). C'est un autre type de certificat ; choisissez"
    " le certificat Pass Type ID.",
    "لا تذكر الشهادة معرّف نوع البطاقة (UID). إنها من نوع آخر؛ اختر شهادة Pass Type ID.",
)
TEAM_MISSING: Final = Rule(
    "error",
    "certificate_without_team",
    "The certificate names no team identifier (OU). Download the Pass Type ID certificate again from Apple's"
    " developer portal.",
    "Le certificat ne nomme aucun identifiant d'équipe (OU). Téléchargez à nouveau le certificat Pass Type ID depuis"
    " le portail développeur d'Apple.",
    "لا تذكر الشهادة معرّف الفريق (OU). نزّل شهادة Pass Type ID مجددًا من بوابة مطوري Apple.",
)
EXTENSION_MISSING: Final = Rule(
    "error",
    "certificate_not_for_passes",
    "The certificate lacks Apple's mark for pass certificates (1.2.840.113635.100.6.1.16). Create a certificate of"
    " the kind Pass Type ID.",
    "Le certificat ne porte pas la marque d'Apple pour les cartes (1.2.840.113635.100.6.1.16). Créez un certificat de"
    " type Pass Type ID.",
    "تفتقر الشهادة إلى علامة Apple الخاصة بشهادات البطاقات (1.2.840.113635.100.6.1.16). أنشئ شهادة من نوع"
    " Pass Type ID.",
)
EXTENSION_DIFFERS: Final = Rule(
    "error",
    "certificate_pass_types_differ",
    "The certificate names {uid} as its subject but is marked for {extension}. Download it again from Apple's"
    " developer portal.",
    "Le certificat a pour sujet {uid} mais porte la marque de {extension}. Téléchargez-le à nouveau depuis le portail"
    " développeur d'Apple.",
    "تذكر الشهادة {uid} موضوعًا لها لكنها موسومة لـ {extension}. نزّلها مجددًا من بوابة مطوري Apple.",
)
USAGE_MISSING: Final = Rule(
    "error",
    "certificate_usage_missing",
    "The certificate's extended key usage does not allow signing passes (1.2.840.113635.100.4.14). Create a"
    " certificate of the kind Pass Type ID.",
    "L'usage étendu de la clé du certificat n'autorise pas la signature de cartes (1.2.840.113635.100.4.14). Créez un"
    " certificat de type Pass Type ID.",
    "لا يسمح الاستخدام الموسّع لمفتاح الشهادة بتوقيع البطاقات (1.2.840.113635.100.4.14). أنشئ شهادة من نوع"
    " Pass Type ID.",
)
NOT_NFC: Final = Rule(
    "note",
    "certificate_without_nfc",
    "The certificate does not allow NFC. Passes work without it; for NFC, ask Apple for the NFC entitlement and"
    " create the certificate again.",
    "Le certificat n'autorise pas le NFC. Les cartes fonctionnent sans ; pour le NFC, demandez l'autorisation à Apple"
    " puis recréez le certificat.",
    "لا تسمح الشهادة بـ NFC. تعمل البطاقات من دونه؛ وللحصول عليه اطلب إذن NFC من Apple ثم أنشئ الشهادة من جديد.",
)
PASS_TYPE_DIFFERS: Final = Rule(
    "error",
    "pass_type_mismatch",
    "The certificate is for {certified}, but {expected} was expected. Give the certificate of {expected}, or"
    " correct the pass type identifier.",
    "Le certificat est celui de {certified}, alors que {expected} était attendu. Donnez le certificat de {expected},"
    " ou corrigez l'identifiant de type de carte.",
    "الشهادة خاصة بـ {certified} بينما المتوقع {expected}. قدّم شهادة {expected} أو صحّح معرّف نوع البطاقة.",
)
TEAM_DIFFERS: Final = Rule(
    "error",
    "team_mismatch",
    "The certificate belongs to the team {certified}, but {expected} was expected. Give the certificate of that"
    " team, or correct the team identifier.",
    "Le certificat appartient à l'équipe {certified}, alors que {expected} était attendu. Donnez le certificat de"
    " cette équipe, ou corrigez l'identifiant d'équipe.",
    "تعود الشهادة إلى الفريق {certified} بينما المتوقع {expected}. قدّم شهادة ذلك الفريق أو صحّح معرّف الفريق.",
)
EXPIRED: Final = Rule(
    "error",
    "certificate_expired",
    "The certificate expired on {date}. Create a new one for the same Pass Type ID in Apple's developer portal;"
    " cards already in wallets stay.",
    "Le certificat a expiré le {date}. Créez-en un nouveau pour le même Pass Type ID sur le portail développeur"
    " d'Apple ; les cartes déjà installées restent.",
    "انتهت صلاحية الشهادة في {date}. أنشئ شهادة جديدة لنفس Pass Type ID في بوابة مطوري Apple؛ البطاقات"
    " الموجودة في المحافظ تبقى.",
)
EXPIRES_SOON: Final = Rule(
    "warning",
    "certificate_expires_soon",
    "The certificate expires on {date}. Create its successor for the same Pass Type ID now; afterwards no card can"
    " be issued or updated.",
    "Le certificat expire le {date}. Créez dès maintenant son successeur pour le même Pass Type ID ; ensuite, aucune"
    " carte ne pourra être émise ni mise à jour.",
    "تنتهي صلاحية الشهادة في {date}. أنشئ الآن بديلها لنفس Pass Type ID؛ فبعد ذلك لا يمكن إصدار أي بطاقة أو تحديثها.",
)
NOT_YET_VALID: Final = Rule(
    "error",
    "certificate_not_yet_valid",
    "The certificate is valid only from {date}. Check the clock of this machine, or wait until then.",
    "Le certificat n'est valable qu'à partir du {date}. Vérifiez l'horloge de cette machine, ou attendez cette date.",
    "لا تسري الشهادة إلا من {date}. تحقّق من ساعة هذا الجهاز أو انتظر ذلك التاريخ.",
)
INTERMEDIATE_EXPIRED: Final = Rule(
    "error",
    "intermediate_expired",
    "The intermediate certificate above this one expired on {date}. Create a new Pass Type ID certificate, which"
    " Apple issues below its current intermediate.",
    "Le certificat intermédiaire dont dépend celui-ci a expiré le {date}. Créez un nouveau certificat Pass Type ID,"
    " qu'Apple émet sous son intermédiaire actuel.",
    "انتهت صلاحية الشهادة الوسيطة التي تعلو هذه الشهادة في {date}. أنشئ شهادة Pass Type ID جديدة تصدرها Apple"
    " تحت شهادتها الوسيطة الحالية.",
)

_GENERATION_RULES: Final = {
    wwdr.BEFORE_GENERATIONS: CHAIN_EXPIRED_GENERATION,
    "G2": CHAIN_ECDSA_GENERATION,
    "G6": CHAIN_ECDSA_GENERATION,
}


def find_issuer(leaf: x509.Certificate, candidates: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """The authority that signed the leaf: one of the candidates, or the WWDR G4 that comes with the product."""
    authorities = [each for each in (*candidates, wwdr.bundled_g4()) if wwdr.may_issue(each)]
    return next((each for each in authorities if wwdr.issued(leaf, each)), None)


def check_generation(leaf: x509.Certificate) -> list[Finding]:
    """Whether the WWDR intermediate that the leaf names is the one for passes; others' names pass."""
    generation = wwdr.generation(leaf.issuer)
    if generation in {None, wwdr.GENERATION_FOR_PASSES}:
        return []
    rule = _GENERATION_RULES.get(generation or "", CHAIN_OTHER_GENERATION)
    return [rule.at("certificate", generation=generation)]


def check_chain(
    leaf: x509.Certificate,
    intermediate: x509.Certificate | None,
    trust: Sequence[x509.Certificate],
    others: Sequence[x509.Certificate] = (),
) -> list[Finding]:
    """Whether the leaf comes from Apple's G4, or from an authority of ``trust``.

    ``others`` are the certificates that came along: one of them may bear the issuer's name without having signed.
    """
    if wrong_generation := check_generation(leaf):
        return wrong_generation
    if intermediate is not None and wwdr.is_trusted(intermediate, trust):
        return []
    namesakes = (each.subject == leaf.issuer for each in (wwdr.bundled_g4(), *trust, *others))
    forged = intermediate is None and any(namesakes)
    rule = CHAIN_FORGED if forged else CHAIN_UNTRUSTED
    return [rule.at("certificate", issuer=_readable_name(leaf.issuer))]


def check_leaf(leaf: x509.Certificate) -> list[Finding]:
    """Whether the certificate is a Pass Type ID certificate, and whether it allows NFC."""
    findings: list[Finding] = []
    uid, extension = facts.pass_type_identifier(leaf), facts.certified_pass_type(leaf)
    if uid is None:
        findings.append(PASS_TYPE_MISSING.at("certificate"))
    if facts.team_identifier(leaf) is None:
        findings.append(TEAM_MISSING.at("certificate"))
    if extension is None:
        findings.append(EXTENSION_MISSING.at("certificate"))
    elif uid is not None and extension != uid:
        findings.append(EXTENSION_DIFFERS.at("certificate", uid=uid, extension=extension))
    if not facts.may_sign_passes(leaf):
        findings.append(USAGE_MISSING.at("certificate"))
    if not facts.is_nfc_capable(leaf):
        findings.append(NOT_NFC.at("certificate"))
    return findings


def check_expectations(
    leaf: x509.Certificate, pass_type_identifier: str | None, team_identifier: str | None
) -> list[Finding]:
    """Whether the certificate is that of the expected pass type and team; None expects nothing."""
    findings: list[Finding] = []
    uid, unit = facts.pass_type_identifier(leaf), facts.team_identifier(leaf)
    if uid is not None and pass_type_identifier not in {None, uid}:
        findings.append(PASS_TYPE_DIFFERS.at("certificate", certified=uid, expected=pass_type_identifier))
    if unit is not None and team_identifier not in {None, unit}:
        findings.append(TEAM_DIFFERS.at("certificate", certified=unit, expected=team_identifier))
    return findings


def check_dates(leaf: x509.Certificate, intermediate: x509.Certificate | None, instant: datetime) -> list[Finding]:
    """Whether both certificates are valid at this instant, and whether the leaf ends within 30 days."""
    findings: list[Finding] = []
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    if instant < start:
        findings.append(NOT_YET_VALID.at("certificate", date=f"{start:%Y-%m-%d}"))
    elif instant > end:
        findings.append(EXPIRED.at("certificate", date=f"{end:%Y-%m-%d}"))
    elif instant > end - _WARN_BEFORE:
        findings.append(EXPIRES_SOON.at("certificate", date=f"{end:%Y-%m-%d}"))
    if intermediate is not None and instant > intermediate.not_valid_after_utc:
        findings.append(INTERMEDIATE_EXPIRED.at("intermediate", date=f"{intermediate.not_valid_after_utc:%Y-%m-%d}"))
    return findings


def _readable_name(name: x509.Name) -> str:
    common_names = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(common_names[0].value) if common_names else name.rfc4514_string()
