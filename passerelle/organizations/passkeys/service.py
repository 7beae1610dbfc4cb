"""The verbs of passkeys; the only writer of its tables."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy.exc import IntegrityError

from passerelle.kit import clock, directory
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import digest, new_id, new_secret
from passerelle.organizations import passwords
from passerelle.organizations import queries as organization_queries
from passerelle.organizations import service as organizations
from passerelle.organizations.passkeys import queries, rules
from passerelle.organizations.passkeys.errors import PasskeyRefused, PasskeysUnavailable, TooManyPasskeys
from passerelle.organizations.passkeys.events import PasskeyAdded, PasskeyRemoved
from passerelle.organizations.passkeys.models import Passkey
from passerelle.organizations.passkeys.rules import RelyingParty
from passerelle.organizations.passkeys.schemas import PasskeyOut
from passerelle.organizations.passwords import Failure
from passerelle.organizations.sessions import service as sessions
from passerelle.organizations.sessions.service import SignedIn

DIRECTORY: Final = "passkey"
MAX_PASSKEYS: Final = 20
_SIGN_IN: Final = "sign-in"
_NONCE_BYTES: Final = 24


def require_relying_party(settings: Settings) -> RelyingParty:
    """Who we are to browsers; raises PasskeysUnavailable."""
    party = rules.relying_party(settings.base_url)
    if party is None:
        raise PasskeysUnavailable
    return party


async def begin(tx: Tx, operator_id: UUID, password: str, party: RelyingParty) -> dict[str, Any] | Failure:
    """What the browser needs to make a passkey; a wrong password is returned. Raises TooManyPasskeys."""
    from webauthn import generate_registration_options, options_to_json  # noqa: PLC0415  see _bytes
    from webauthn.helpers import structs  # noqa: PLC0415

    operator = await organization_queries.operator_for_update(tx, operator_id)
    failure = await passwords.check(tx, operator, password)
    if failure is not None:
        return failure
    present = await queries.list_passkeys(tx, operator_id)
    if len(present) >= MAX_PASSKEYS:
        raise TooManyPasskeys(limit=MAX_PASSKEYS)
    account = await organizations.get_operator(tx, operator_id)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=(await organizations.get_organization(tx)).name,
        user_id=operator_id.bytes,
        user_name=account.email,
        user_display_name=account.name,
        challenge=_challenge(tx.vault, str(operator_id)),
        timeout=int(rules.CHALLENGE_LIFE.total_seconds()) * 1000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in present],
    )
    made: dict[str, Any] = orjson.loads(options_to_json(options))
    return made


async def add_passkey(
    tx: Tx, operator_id: UUID, name: str, credential: Mapping[str, Any], party: RelyingParty
) -> PasskeyOut:
    """Keep a passkey that the browser made; raises PasskeyRefused."""
    from webauthn import verify_registration_response  # noqa: PLC0415  see _bytes
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    challenge = await _spend_challenge(tx, credential, str(operator_id))
    try:
        verified = verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    passkey = Passkey(
        organization_id=tx.organization_id,
        id=new_id(),
        operator_id=operator_id,
        name=name,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        created_at=clock.now(),
    )
    tx.session.add(passkey)
    try:
        await tx.flush()
    except IntegrityError:
        raise PasskeyRefused from None
    await directory.add(tx, DIRECTORY, directory.fingerprint(passkey.credential_id))
    await announce(tx, PasskeyAdded(passkey_id=passkey.id, operator_id=operator_id))
    return _passkey_out(passkey)


async def list_passkeys(tx: Tx, operator_id: UUID) -> list[PasskeyOut]:
    """An operator's passkeys, newest first."""
    return [_passkey_out(passkey) for passkey in await queries.list_passkeys(tx, operator_id)]


async def remove_passkey(tx: Tx, operator_id: UUID, passkey_id: UUID) -> None:
    """Have a passkey open nothing any more; raises PasskeyNotFound."""
    passkey = await queries.get_passkey(tx, operator_id, passkey_id)
    await directory.remove(tx, DIRECTORY, directory.fingerprint(passkey.credential_id))
    await tx.session.delete(passkey)
    await announce(tx, PasskeyRemoved(passkey_id=passkey_id, operator_id=operator_id))


def sign_in_options(vault: Vault, party: RelyingParty) -> dict[str, Any]:
    """What the browser needs to sign in with any passkey that it has for us."""
    from webauthn import generate_authentication_options, options_to_json  # noqa: PLC0415  see _bytes
    from webauthn.helpers import structs  # noqa: PLC0415

    options = generate_authentication_options(
        rp_id=party.id,
        challenge=_challenge(vault, _SIGN_IN),
        timeout=int(rules.CHALLENGE_LIFE.total_seconds()) * 1000,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    made: dict[str, Any] = orjson.loads(options_to_json(options))
    return made


def credential_id_of(credential: Mapping[str, Any]) -> bytes:
    """Which passkey answers; raises PasskeyRefused for what is no answer."""
    return _bytes(credential.get("rawId"))


async def sign_in(tx: Tx, credential: Mapping[str, Any], party: RelyingParty, browser: str | None) -> SignedIn:
    """Open a session for the holder of a passkey; raises PasskeyRefused."""
    from webauthn import verify_authentication_response  # noqa: PLC0415  see _bytes
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415

    passkey = await queries.passkey_for_update(tx, credential_id_of(credential))
    if passkey is None:
        raise PasskeyRefused
    challenge = await _spend_challenge(tx, credential, _SIGN_IN)
    try:
        verified = verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise PasskeyRefused from None
    operator = await organizations.get_operator(tx, passkey.operator_id)
    if operator.disabled:
        raise PasskeyRefused
    passkey.sign_count, passkey.last_used_at = verified.new_sign_count, clock.now()
    return await sessions.open_session(tx, passkey.operator_id, "passkey", browser)


async def forget_spent_challenges(tx: Tx) -> None:
    """Forget answered challenges that are over anyway."""
    await tx.execute(queries.FORGET_CHALLENGES, tx.organization_id, clock.now())


def _challenge(vault: Vault, purpose: str) -> bytes:
    return rules.new_challenge(_mac(vault), new_secret(_NONCE_BYTES), purpose, clock.now())


async def _spend_challenge(tx: Tx, credential: Mapping[str, Any], purpose: str) -> bytes:
    """The challenge that was answered, if it is ours, for this, still good and answered for the first time."""
    response = credential.get("response")
    try:
        said = orjson.loads(_bytes(response.get("clientDataJSON") if isinstance(response, dict) else None))
        challenge = _bytes(said.get("challenge"))
    except (orjson.JSONDecodeError, AttributeError):
        raise PasskeyRefused from None
    ends = rules.challenge_ends(_mac(tx.vault), challenge, purpose, clock.now())
    if ends is None or not await tx.fetchval(queries.SPEND_CHALLENGE, tx.organization_id, digest(challenge), ends):
        raise PasskeyRefused
    return challenge


def _mac(vault: Vault) -> rules.Mac:
    return lambda text: vault.instance_index("passkey_challenge", text)


def _bytes(value: object) -> bytes:
    from webauthn.helpers import base64url_to_bytes  # noqa: PLC0415  a third of a second to load, for few requests

    try:
        return base64url_to_bytes(value) if isinstance(value, str) else _refuse()
    except ValueError:
        return _refuse()


def _refuse() -> bytes:
    raise PasskeyRefused


def _passkey_out(passkey: Passkey) -> PasskeyOut:
    return PasskeyOut(
        id=passkey.id, name=passkey.name, created_at=passkey.created_at, last_used_at=passkey.last_used_at
    )
