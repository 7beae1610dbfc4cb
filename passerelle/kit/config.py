"""Settings: read once from the environment (``PASSERELLE_…``) or a ``.env`` file, never from code."""

import ipaddress
import re
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything an operator can set. Only base URLs tell the vendors from their emulators."""

    model_config = SettingsConfigDict(env_prefix="PASSERELLE_", env_file=".env", extra="ignore")

    data_dir: Path = Field(default=Path("data"), description="Database, master key and uploads live here.")
    base_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("http://127.0.0.1:8000"), description="How phones and tills reach this server."
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    api_processes: int = Field(default=1, ge=1, le=64)

    database_url: str | None = Field(default=None, description="A PostgreSQL DSN; empty starts the embedded one.")
    database_owner_url: str | None = Field(default=None, description="DSN for migrations, when it differs.")
    database_pool_size: int = Field(default=10, ge=2, le=200)
    statement_timeout_ms: int = Field(default=5_000, ge=100)
    lock_timeout_ms: int = Field(default=3_000, ge=100)

    master_key: SecretStr | None = Field(default=None, description="32 bytes in base 64; empty uses a file.")
    signup: Literal["open", "first", "closed"] | None = Field(
        default=None, description="Who may open organizations; by default “open” on this machine alone, else “first”."
    )
    simulator_url: AnyHttpUrl | None = Field(
        default=None, description="A page with simulated phones, shown to operators of a demonstration."
    )
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    max_body_bytes: int = Field(default=1_000_000, ge=10_000)
    max_upload_bytes: int = Field(default=6_000_000, ge=100_000)
    max_import_bytes: int = Field(default=50_000_000, ge=100_000)
    trusted_proxies: str = Field(default="127.0.0.1", description="Addresses whose X-Forwarded-For is believed.")

    apple_p12: Path | None = None
    apple_p12_password: SecretStr | None = None
    apple_certificate: Path | None = Field(default=None, description="PEM: pass certificate, WWDR optional.")
    apple_private_key: Path | None = None
    apple_private_key_password: SecretStr | None = None
    apple_trust_roots: Path | None = Field(default=None, description="PEM with further roots, for development.")
    apns_url: AnyHttpUrl = AnyHttpUrl("https://api.push.apple.com")
    apns_ca_file: Path | None = None
    apns_key: Path | None = Field(default=None, description="p8 key for token authentication.")
    apns_key_id: str | None = None

    google_service_account: Path | None = None
    google_issuer_id: str | None = None
    google_token_url: AnyHttpUrl | None = Field(default=None, description="Instead of the account file's own.")
    google_api_url: AnyHttpUrl = AnyHttpUrl("https://walletobjects.googleapis.com/walletobjects/v1")
    google_save_url: AnyHttpUrl = AnyHttpUrl("https://pay.google.com/gp/v/save")
    google_keys_url: AnyHttpUrl = AnyHttpUrl("https://pay.google.com/gp/m/issuer/keys")

    smtp_url: SecretStr | None = Field(default=None, description="smtp:// or smtps:// with user and password.")
    smtp_from: str | None = Field(default=None, description="Sender of mails.")

    apple_badge: Path | None = Field(default=None, description="The operator's downloaded Apple Wallet badge.")
    google_badge: Path | None = Field(default=None, description="The operator's downloaded Google Wallet button.")

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.match(r"smtps?://[^/?#]+/?$", value.get_secret_value()):
            raise ValueError("must be smtp://user:password@host:587 or smtps://user:password@host:465")
        return value

    @property
    def sign_up(self) -> Literal["open", "first", "closed"]:
        """Who may open organizations: anybody, whoever holds the server's setup link for the first one, nobody.

        Without a word from the operator only a server that nobody else reaches is open.
        """
        if self.signup is not None:
            return self.signup
        return "open" if _is_loopback(self.base_url.host or "") else "first"

    def url(self, path: str) -> str:
        """An absolute address of this server."""
        return str(self.base_url).rstrip("/") + path


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
