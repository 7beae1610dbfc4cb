"""Who may open an organization here, and the link that opens the first one of a server."""

import hmac
from typing import Final

from pydantic import SecretStr

from passerelle.kit import directory
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Tx
from passerelle.organizations.errors import SetupTokenWrong, SignUpClosed

_BYTES: Final = 16


def setup_token(vault: Vault) -> str:
    """The secret of the setup link: it follows from the master key, so nothing is stored and all processes agree.

    It opens one organization, the first; after that it is worth nothing.
    """
    return vault.instance_index("setup_link", "first organization")[:_BYTES].hex()


def setup_link(settings: Settings, vault: Vault) -> str:
    """Where the first organization is opened; what stands behind # is sent to no server and into no log."""
    return settings.url(f"/app/setup#{setup_token(vault)}")


async def require_sign_up(tx: Tx, settings: Settings, token: SecretStr | None) -> None:
    """Refuse unless this server takes a new organization, now: raises SignUpClosed, SetupTokenWrong.

    Of two who open the first one at the same instant, the second is refused.
    """
    if settings.sign_up == "closed":
        raise SignUpClosed
    if settings.sign_up == "open":
        return
    given = token.get_secret_value() if token is not None else ""
    if not await directory.hold_first_place(tx):
        raise SignUpClosed
    if not hmac.compare_digest(given.encode(), setup_token(tx.vault).encode()):
        raise SetupTokenWrong
