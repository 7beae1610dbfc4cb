"""``passerelle doctor``: looks at everything an installation needs and says each fault in a sentence."""

import asyncio
import json
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final, Literal

import asyncpg

from passerelle.entry.databases import open_database
from passerelle.kit import directory
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault, load_master_key
from passerelle.kit.db import Database
from passerelle.kit.schema import head, revision
from passerelle.organizations import service as organizations
from passerelle.passes import identities
from passerelle.passes.own import service as own_identities
from passerelle.passes.own.service import CertificateEnd
from passerelle.passes.wallets.google.credentials import credential_findings

Severity = Literal["ok", "warning", "error"]
_ORGANIZATIONS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    about: str
    severity: Severity
    sentence: str


def run(settings: Settings, *, as_json: bool) -> int:
    """Print what was found; 1 when something is broken, 0 otherwise."""
    lines = [
        *_settings(settings),
        *_master_key(settings),
        *_database(settings),
        *_apple(settings),
        *_google(settings),
    ]
    if as_json:
        print(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2))
    else:
        signs = {"ok": "✓", "warning": "!", "error": "✗"}
        for line in lines:
            print(f"{signs[line.severity]} {line.about:12} {line.sentence}")
    return 1 if any(line.severity == "error" for line in lines) else 0


def _settings(settings: Settings) -> Iterator[Line]:
    url = settings.base_url
    if url.scheme != "https" and url.host not in {"127.0.0.1", "localhost"}:
        yield Line(
            "address", "error", f"{url} is not https: Apple's and Google's phones refuse it. Set a https address."
        )
    elif url.scheme != "https":
        yield Line("address", "warning", f"{url} is for this machine only; phones need a public https address.")
    else:
        yield Line("address", "ok", f"Phones reach this server at {url}.")


def _master_key(settings: Settings) -> Iterator[Line]:
    try:
        load_master_key(settings.master_key.get_secret_value() if settings.master_key else None, settings.data_dir)
    except ValueError as fault:
        yield Line("master key", "error", f"The master key cannot be read: {fault}")
        return
    path = settings.data_dir / "master.key"
    if settings.master_key is None and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Line("master key", "error", f"{path} can be read by others. Run: chmod 600 {path}")
    else:
        yield Line("master key", "ok", "The master key is there. Keep a copy apart from the backups.")


def _database(settings: Settings) -> Iterator[Line]:
    try:
        with open_database(settings) as urls:
            found, privileged, version = asyncio.run(_asked(urls.application))
            ending = asyncio.run(_ending(urls.application))
    except (OSError, asyncpg.PostgresError) as fault:
        yield Line("database", "error", f"The database cannot be reached: {fault}. Check PASSERELLE_DATABASE_URL.")
        return
    yield Line("database", "ok" if found == head() else "error", f"PostgreSQL {version}, schema revision {found}.")
    if privileged:
        yield Line(
            "database",
            "warning",
            "The server connects as a role that could bypass row-level security. Use one that is only a member of "
            "passerelle_app, and give the owner's DSN as PASSERELLE_DATABASE_OWNER_URL.",
        )
    for name, end in ending:
        severity: Severity = "error" if end.stage in {"over", "week"} else "warning"
        sentence = f"{name}: the own certificate of {end.pass_type_identifier} ends on {end.expires_at:%-d %B %Y}."
        yield Line("organization", severity, sentence)


async def _ending(application: str) -> list[tuple[str, CertificateEnd]]:
    """Own certificates of organizations that should be renewed; nothing is decrypted for this."""
    database = Database(application, Vault(bytes(32)), pool_size=2)
    found: list[tuple[str, CertificateEnd]] = []
    try:
        for organization_id in (await directory.list_tenants(database))[:_ORGANIZATIONS]:
            async with database.transaction(organization_id) as tx:
                ending = await own_identities.certificates_that_end(tx)
                if ending:
                    name = (await organizations.get_organization(tx)).name
                    found += [(name, end) for end in ending]
    finally:
        await database.close()
    return found


async def _asked(application: str) -> tuple[str | None, bool, str]:
    connection = await asyncpg.connect(application)
    try:
        privileged = await connection.fetchval(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user"
        )
        version = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return await revision(application), bool(privileged), str(version)


def _apple(settings: Settings) -> Iterator[Line]:
    try:
        examination = identities.examine_apple(settings)
    except identities.WalletIdentityUnusable as fault:
        yield Line("apple", "error", str(fault))
        return
    if examination is None:
        yield Line("apple", "warning", "No pass certificate is set: cards cannot be added to Apple Wallet.")
        return
    for finding in examination.findings:
        yield Line("apple", "error" if finding.severity == "error" else "warning", finding.sentence["en"])
    identity = examination.identity
    if identity is not None:
        nfc = "NFC-capable" if identity.nfc_capable else "without NFC"
        days = f"valid to {identity.expires_at:%-d %B %Y}"
        yield Line("apple", "ok", f"{identity.pass_type_identifier}, team {identity.team_identifier}, {nfc}, {days}.")


def _google(settings: Settings) -> Iterator[Line]:
    if settings.google_service_account is None:
        yield Line("google", "warning", "No service account is set: cards cannot be added to Google Wallet.")
        return
    try:
        document = settings.google_service_account.read_bytes()
    except OSError as fault:
        yield Line("google", "error", f"{settings.google_service_account} cannot be read: {fault.strerror}.")
        return
    findings = credential_findings(document, settings.google_issuer_id)
    for finding in findings:
        yield Line("google", "error", finding.sentence())
    if not findings:
        yield Line("google", "ok", f"Issuer {settings.google_issuer_id} with a readable service account.")
