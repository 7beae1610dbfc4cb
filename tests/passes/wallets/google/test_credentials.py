"""Service accounts: what is accepted, what is refused and why, and that nothing shows the key."""

import json
import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.kit.i18n import LANGUAGES
from passerelle.passes.wallets.google import errors, names
from passerelle.passes.wallets.google.credentials import (
    ServiceAccount,
    credential_findings,
    load_service_account,
)

ISSUER = "3388000000022141777"

SHORT_KEY = generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  made to be refused
CURVE_KEY = ec.generate_private_key(ec.SECP256R1())


def pem(key: ec.EllipticCurvePrivateKey | RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


REFUSED_FIELDS = [
    ({"type": "authorized_user"}, errors.AccountWrongType),
    ({"type": None}, errors.AccountWrongType),
    ({"client_email": "nobody"}, errors.AccountEmailMissing),
    ({"client_email": None}, errors.AccountEmailMissing),
    ({"client_email": "a@" + "b" * 300}, errors.AccountEmailMissing),
    ({"private_key": None}, errors.AccountKeyUnreadable),
    ({"private_key": 7}, errors.AccountKeyUnreadable),
    ({"private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}, errors.AccountKeyUnreadable),
    ({"private_key": pem(CURVE_KEY)}, errors.AccountKeyUnreadable),
    ({"private_key": pem(SHORT_KEY)}, errors.AccountKeyUnsuitable),
    ({"token_uri": "http://oauth2.googleapis.com/token"}, errors.AccountTokenUriRefused),
    ({"token_uri": "http://169.254.169.254/token"}, errors.AccountTokenUriRefused),
    ({"token_uri": "https://user@oauth2.googleapis.com/token"}, errors.AccountTokenUriRefused),
    ({"token_uri": "https://[broken"}, errors.AccountTokenUriRefused),
    ({"token_uri": "file:///etc/passwd"}, errors.AccountTokenUriRefused),
    ({"token_uri": 5}, errors.AccountTokenUriRefused),
]


@pytest.mark.parametrize(("change", "refusal"), REFUSED_FIELDS)
def test_each_fault_is_refused_by_its_own_name(
    account_fields: dict[str, object], change: dict[str, object], refusal: type[errors.GoogleAccountRefused]
) -> None:
    document = json.dumps({**account_fields, **change})
    with pytest.raises(refusal):
        load_service_account(document)
    assert [type(finding) for finding in credential_findings(document, ISSUER)] == [refusal]


@pytest.mark.parametrize("document", ["", "[]", "no json", b"\xff", '{"a":', "[" * 5000, "x" * 40_000])
def test_what_is_no_document_is_refused(document: str | bytes) -> None:
    with pytest.raises(errors.AccountUnreadable):
        load_service_account(document)
    assert [finding.code for finding in credential_findings(document, ISSUER)] == ["google_account_unreadable"]


def test_findings_list_everything_at_once(account_fields: dict[str, object]) -> None:
    document = json.dumps(
        {**account_fields, "type": "x", "client_email": "", "private_key": "", "token_uri": "ftp://a"}
    )
    assert [finding.code for finding in credential_findings(document, "12a")] == [
        "google_account_wrong_type",
        "google_account_email_missing",
        "google_account_key_unreadable",
        "google_account_token_uri_refused",
        "google_issuer_id_refused",
    ]


def test_a_sound_account_has_no_findings(account_fields: dict[str, object]) -> None:
    assert credential_findings(json.dumps(account_fields), ISSUER) == []


@pytest.mark.parametrize("uri", ["http://127.0.0.1:8099/token", "http://[::1]:1/token", "http://localhost/token"])
def test_an_emulator_on_this_machine_may_give_tokens(account_fields: dict[str, object], uri: str) -> None:
    assert load_service_account(json.dumps({**account_fields, "token_uri": uri})).token_uri == uri


def test_the_setting_replaces_the_token_uri_of_the_document(account_fields: dict[str, object]) -> None:
    document = json.dumps({**account_fields, "token_uri": "http://10.0.0.1/"})
    account = load_service_account(document, token_uri="https://oauth2.googleapis.com/token")
    assert account.token_uri == "https://oauth2.googleapis.com/token"


def test_without_token_uri_google_is_asked(account_fields: dict[str, object]) -> None:
    del account_fields["token_uri"]
    assert load_service_account(json.dumps(account_fields)).token_uri == "https://oauth2.googleapis.com/token"


def test_nothing_shows_the_key(account: ServiceAccount, private_key_pem: str) -> None:
    secret = private_key_pem.splitlines()[1]
    assert secret not in repr(account)
    assert "PRIVATE" not in repr(account)
    assert "RSAKey" not in repr(account)
    with pytest.raises(TypeError):
        pickle.dumps(account)


def test_a_refusal_does_not_quote_the_key(account_fields: dict[str, object]) -> None:
    text = str(account_fields["private_key"])
    account_fields["private_key"] = text[:400] + "\n-----END PRIVATE KEY-----\n"
    with pytest.raises(errors.AccountKeyUnreadable) as refused:
        load_service_account(json.dumps(account_fields))
    assert text[40:80] not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_every_refusal_speaks_every_language() -> None:
    refusals = [kind for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "text")]
    assert len(refusals) >= 13
    for kind in refusals:
        for language in LANGUAGES:
            refusal = kind(bits=1024, field="loyaltyObject.id", characters=2000, limit=1800)
            assert "{" not in refusal.sentence(language)


@pytest.mark.parametrize("value", ["1", ISSUER, "9223372036854775807"])
def test_issuer_ids(value: str) -> None:
    assert names.issuer_id(value) == value


@pytest.mark.parametrize(
    "value", ["", "0", "01", "12a", "-5", "9223372036854775808", "٣٣٨٨", " 12", "12\n", "1" * 40]
)
def test_no_issuer_ids(value: str) -> None:
    with pytest.raises(errors.IssuerIdRefused):
        names.issuer_id(value)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_object_ids_are_always_valid(suffix: str) -> None:
    made = names.object_id(ISSUER, suffix)
    assert names.is_resource_id(made)
    assert names.issuer_of(made) == ISSUER


@settings(deadline=None)
@given(st.text(min_size=1), st.text(min_size=1))
def test_different_suffixes_make_different_ids(one: str, other: str) -> None:
    assert (names.object_id(ISSUER, one) == names.object_id(ISSUER, other)) == (one == other)


def test_clean_suffixes_stay_as_they_are() -> None:
    assert names.object_id(ISSUER, "mem_01.A-z") == f"{ISSUER}.mem_01.A-z"
    assert names.object_id(ISSUER, "a b") != names.object_id(ISSUER, "a_b")


def test_an_empty_suffix_is_no_id() -> None:
    with pytest.raises(ValueError, match="identifier"):
        names.object_id(ISSUER, "")


@pytest.mark.parametrize("value", ["", "1.", "a.b", "1.a b", "1.a/b", "1." + "x" * 300, 5, None, "1.é", "1.a\n"])
def test_no_resource_ids(value: object) -> None:
    assert not names.is_resource_id(value)


def test_payload_keys_are_those_of_the_resources_schema() -> None:
    assert [resource.payload_key for resource in names.Resource if "GIFT" in resource.name] == [
        "giftCardClasses",
        "giftCardObjects",
    ]
