"""Passwords of operators: hashed with argon2, and checked at a pace that forbids guessing."""

import asyncio
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_secret
from passerelle.organizations import rules
from passerelle.organizations.errors import AccountLocked, SignInFailed
from passerelle.organizations.events import OperatorLockedOut
from passerelle.organizations.models import Operator

# RFC 9106's second recommended choice: 64 MiB, 3 passes, 4 lanes.
_hasher: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)

Failure = SignInFailed | AccountLocked


async def hashed(password: str) -> str:
    """What is stored of a password."""
    return await asyncio.to_thread(_hasher.hash, password)


async def check(tx: Tx, operator: Operator, password: str) -> Failure | None:
    """None when it is the operator's password; the operator's row must be locked.

    A refusal is returned, not raised: the failure must be counted, so the transaction must commit.
    """
    if rules.is_locked(operator.locked_until, clock.now()):
        return AccountLocked(minutes=rules.LOCK_MINUTES)
    if not await asyncio.to_thread(_matches, operator.password_hash, password):
        return await count_failure(tx, operator)
    return None


async def count_failure(tx: Tx, operator: Operator) -> Failure:
    """Count a wrong password or code; after some in a row the account is locked for a while."""
    state = rules.after_failure(operator.failed_sign_ins, clock.now())
    operator.failed_sign_ins, operator.locked_until = state.failed_sign_ins, state.locked_until
    if state.locked_until is None:
        return SignInFailed(limit=rules.MAX_FAILED_SIGN_INS)
    await announce(tx, OperatorLockedOut(operator_id=operator.id))
    return AccountLocked(minutes=rules.LOCK_MINUTES)


async def refuse_unknown(password: str) -> None:
    """Spend the time of a real check, so that answers do not tell which e-mails exist."""
    await asyncio.to_thread(_matches, _hash_of_nobody(), password)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(new_secret())
