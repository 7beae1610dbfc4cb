"""What a card in Google Wallet rings for, where Google announces no change by itself.

A message is a call of its own after the card was stored, so a worker may die between the two. What the holder was
last rung for is therefore kept with the installation, and the card rings while that is not what it shows: a ring that
was cut off follows with the next attempt, and the id of the message tells one that Google has already.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from passerelle.kit.log import logger
from passerelle.passes.identities import Google
from passerelle.passes.rendering import GoogleCard
from passerelle.passes.wallets.google.client import Turn
from passerelle.passes.wallets.google.pacing import Priority
from passerelle.passes.wallets.google.results import GoogleOutcome, GoogleResult

_log: Final = logger(__name__)

Rings = Mapping[str, Mapping[str, Any]]


def rung_by(card: GoogleCard) -> dict[str, str]:
    """What to keep once the card was told: a digest of each text that it rings for, for the text may name people."""
    shown = _digests(card.object_body)
    return {module_id: shown[module_id] for module_id in card.notices if module_id in shown}


async def due(
    google: Google, card: GoogleCard, rung: Mapping[str, str] | None, version: int, priority: Priority
) -> Rings:
    """The messages that the holder has not got, by their ids; Google is read only when there may be one.

    ``rung`` is None for a card that was told nothing yet: then what Google shows is what the holder knows.
    """
    shown = rung_by(card)
    if not shown or shown == rung:
        return {}

    async def read(turn: Turn) -> GoogleResult:
        return await google.wallet.get(card.object_resource, card.object_body["id"], turn=turn)

    at_google = (await google.queue.run(read, priority=priority)).resource or {}
    known = _digests(at_google) if rung is None else rung
    sent = {message.get("id") for message in at_google.get("messages", ())}
    wanted = {
        f"{module_id}-{version}": card.notices[module_id]
        for module_id, digest in shown.items()
        if known.get(module_id, digest) != digest
    }
    return {message_id: message for message_id, message in wanted.items() if message_id not in sent}


async def ring(google: Google, card: GoogleCard, rings: Rings, priority: Priority) -> GoogleResult | None:
    """Send the messages; an answer when one is to be tried again, or when the cap kept it silent.

    What Google refuses for good is logged and not tried again: the card is right.
    """
    capped = None
    for message_id, message in rings.items():
        told = {**message, "id": message_id}

        async def add(turn: Turn, told: Mapping[str, Any] = told) -> GoogleResult:
            resource, object_id = card.object_resource, card.object_body["id"]
            return await google.wallet.add_message(resource, object_id, told, notify=True, turn=turn)

        result = await google.queue.run(add, priority=priority)
        if result.outcome is GoogleOutcome.RETRY:
            return result
        if result.outcome is GoogleOutcome.QUOTA:
            capped = result
        elif not result.stored:
            _log.warning("google_message_refused", status=result.status, reason=result.reason)
    return capped


def _digests(body: Mapping[str, Any]) -> dict[str, str]:
    """The text modules of an object, each as a digest of what it says."""
    return {
        module["id"]: hashlib.sha256(_said(module).encode()).hexdigest()[:32]
        for module in body.get("textModulesData", ())
        if "id" in module
    }


def _said(module: Mapping[str, Any]) -> str:
    """All that a module says, in every language, in an order of our own: Google may store it in another."""
    localized = module.get("localizedBody")
    if localized is None:
        return str(module.get("body", ""))
    default = localized.get("defaultValue", {})
    others = sorted((each.get("language"), each.get("value")) for each in localized.get("translatedValues", ()))
    return repr([(default.get("language"), default.get("value")), *others])
