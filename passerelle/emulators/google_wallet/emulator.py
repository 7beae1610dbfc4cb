"""The emulated Google Wallet: one object that holds the store, the faults, the callbacks and the web app."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.applications import Starlette

from passerelle.emulators.google_wallet import accounts, saving
from passerelle.emulators.google_wallet.callbacks import Callbacks, EventType, Mode
from passerelle.emulators.google_wallet.discovery import Json
from passerelle.emulators.google_wallet.faults import Fault, Faults
from passerelle.emulators.google_wallet.images import Image, ImageCache
from passerelle.emulators.google_wallet.resources import save_linked
from passerelle.emulators.google_wallet.state import Notification, SavedPass, WalletState
from passerelle.emulators.google_wallet.web import make_app

DEMO_ACCOUNT_EMAIL: Final = "customer@example.com"


class GoogleWalletEmulator:
    """Google's side and one customer's phone.

    `base_url` is where `app` is reachable, without a slash at the end; it may be set once the port is known.
    Left empty, each answer uses the address its request came to.
    """

    def __init__(
        self,
        *,
        base_url: str = "",
        account_email: str = DEMO_ACCOUNT_EMAIL,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.base_url = base_url
        self._listeners: list[Callable[[], None]] = []
        self.state = WalletState(clock, self._announce, account_email)
        self.faults = Faults()
        self.callbacks = Callbacks(clock)
        self.images = ImageCache(self.state)
        self.app: Starlette = make_app(self)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change a phone could show; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _announce(self) -> None:
        for listener in list(self._listeners):
            listener()

    def register_service_account(self, email: str, public_key_pem: str, issuer_id: int) -> None:
        """Make a service account known, as an owner of the issuer; the issuer is created when missing.

        Raises:
            ValueError: the key is not an RSA public key in PEM form.
        """
        accounts.register(self.state, email, public_key_pem, issuer_id)

    def create_service_account(self, email: str, issuer_id: int) -> Json:
        """Register an account with a fresh key; the content of its JSON file, `token_uri` pointing here."""
        private_pem, public_pem = accounts.key_pair()
        self.register_service_account(email, public_pem, issuer_id)
        return accounts.service_account_info(email, private_pem, self.base_url)

    def write_service_account_file(self, path: Path, email: str, issuer_id: int) -> None:
        """Write what `create_service_account` makes, readable by its owner alone."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(self.create_service_account(email, issuer_id), indent=2), "utf-8")

    def inject_fault(self, fault: Fault) -> None:
        self.faults.add(fault)

    def misbehave_next_callback(self, mode: Mode) -> None:
        self.callbacks.modes.append(mode)

    async def save(self, jwt: str) -> list[str]:
        """What pressing "Add" on the save page does; the ids of the objects now in the wallet.

        Raises:
            ApiError: the link is refused, with the reason the page shows.
        """
        planned = saving.plan(self.state, jwt)
        saving.create(self.state, planned)
        for object_id in planned.object_ids:
            if self.state.mark_saved(object_id):
                save_linked(self.state, self.state.objects[object_id].body)
                self._call_back("save", object_id)
        return list(planned.object_ids)

    async def remove(self, object_id: str) -> bool:
        """What removing the card on the phone does; False when it was not in the wallet."""
        removed = self.state.mark_removed(object_id)
        if removed:
            self._call_back("del", object_id)
        return removed

    def _call_back(self, event_type: EventType, object_id: str) -> None:
        body = self.state.objects[object_id].body
        issuer = self.state.issuers.get(int(object_id.partition(".")[0]), {})
        for owner in (self.state.classes[body["classId"]].body, issuer):
            if url := owner.get("callbackOptions", {}).get("url"):
                self.callbacks.send(url, event_type, body)
                return

    def saved_passes(self) -> list[SavedPass]:
        """The wallet's cards, the newest first."""
        return list(self.state.saved_passes())

    def notifications(self) -> list[Notification]:
        """The lock screen, the newest first."""
        return list(reversed(self.state.notifications))

    def wipe_notifications(self) -> None:
        self.state.notifications.clear()
        self.state.changed()

    async def image(self, key: str) -> Image | None:
        """An image of a saved pass; `key` comes from `images.image_key(url)`."""
        return await self.images.find(key)

    async def drain(self) -> None:
        """Wait until no callback is under way."""
        await self.callbacks.drain()

    async def aclose(self) -> None:
        """Stop delivering callbacks."""
        await self.callbacks.aclose()
