"""A running emulator with an authority of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from passerelle.emulators.apns import ApnsEmulator
from passerelle.emulators.apple_ca import Authority, create_authority


@pytest.fixture(scope="module")
def authority() -> Authority:
    return create_authority()


@pytest.fixture(scope="module")
def server_pem(authority: Authority) -> tuple[bytes, bytes]:
    issued = authority.issue_server_certificate()
    return issued.chain_pem(), issued.key_pem()


@pytest_asyncio.fixture
async def emulator(server_pem: tuple[bytes, bytes]) -> AsyncIterator[ApnsEmulator]:
    """An emulator that asks nobody who they are."""
    running = ApnsEmulator(certificate_pem=server_pem[0], key_pem=server_pem[1])
    await running.start()
    yield running
    await running.close()
