"""A service account of our own making, shared by the tests of the Google adapter."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from passerelle.passes.wallets.google.credentials import ServiceAccount, load_service_account


@pytest.fixture(scope="session")
def private_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def private_key_pem(private_key: RSAPrivateKey) -> str:
    return private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def account_fields(private_key_pem: str) -> dict[str, object]:
    """What stands in the JSON file that the Google Cloud console hands out."""
    return {
        "type": "service_account",
        "project_id": "wallet-tests",
        "private_key_id": "0f5c1b7a",
        "private_key": private_key_pem,
        "client_email": "wallet@wallet-tests.iam.gserviceaccount.com",
        "client_id": "104",
        "token_uri": "https://oauth2.googleapis.com/token",
    }


@pytest.fixture
def account(account_fields: dict[str, object]) -> ServiceAccount:
    return load_service_account(json.dumps(account_fields))
