"""The provider token: its content, when it is renewed, and that secrets stay out of sight."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey

from passerelle.kit import clock
from passerelle.passes.wallets.apple.apns_identity import ApnsCertificate, ApnsToken, ProviderToken

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def token(key: ec.EllipticCurvePrivateKey) -> ProviderToken:
    return ProviderToken(ApnsToken("KEY1234567", "TEAM123456", _p8(key)))


def _p8(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _issued_at(header: str, key: ec.EllipticCurvePrivateKey) -> int:
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    decoded = jwt.decode(header.removeprefix("authorization: bearer "), ECKey.import_key(public.decode()), ["ES256"])
    assert decoded.header["alg"] == "ES256"
    assert decoded.header["kid"] == "KEY1234567"
    assert decoded.claims["iss"] == "TEAM123456"
    issued_at: int = decoded.claims["iat"]
    return issued_at


@pytest.mark.parametrize(
    ("minutes", "renewed"), [(0, False), (19, False), (49, False), (50, True), (59, True), (600, True), (-5, True)]
)
def test_renewal_follows_age(
    token: ProviderToken, key: ec.EllipticCurvePrivateKey, minutes: int, *, renewed: bool
) -> None:
    with clock.frozen(START):
        first = token.header()
    assert _issued_at(first, key) == START.timestamp()
    later = START + timedelta(minutes=minutes)
    with clock.frozen(later):
        second = token.header()
    assert (second != first) == renewed
    assert _issued_at(second, key) == (later if renewed else START).timestamp()


def test_a_refused_token_is_replaced_once_in_twenty_minutes(
    token: ProviderToken, key: ec.EllipticCurvePrivateKey
) -> None:
    with clock.frozen(START):
        first = token.header()
    with clock.frozen(START + timedelta(minutes=30)):
        assert token.renew_after_refusal(first)
        second = token.header()
        assert second != first
        assert token.renew_after_refusal(first), "another push of the same batch: the new token is there already"
        assert token.header() == second
        assert not token.renew_after_refusal(second), "a clock that is wrong is not cured by more tokens"
        assert token.header() == second
    with clock.frozen(START + timedelta(minutes=51)):
        assert token.renew_after_refusal(second)


def test_secrets_are_not_shown(key: ec.EllipticCurvePrivateKey) -> None:
    secret = _p8(key)
    assert "PRIVATE" not in repr(ApnsToken("K", "T", secret))
    assert "PRIVATE" not in repr(ApnsCertificate(b"public", secret))
