"""Everything the emulated Google knows: accounts, issuers, classes, objects, and one customer's wallet.

All of it lives in memory and is bounded. Stored bodies are never changed in place; a change stores a new one.
"""

import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from joserfc.jwk import RSAKey

from passerelle.emulators.google_wallet.discovery import Json, ResourceKind
from passerelle.emulators.google_wallet.errors import ApiError

MAX_RESOURCES: Final = 200_000
MAX_TOKENS: Final = 1_000
REQUESTS_PER_SECOND: Final = 20
NOTIFICATIONS_PER_DAY: Final = 3
DAY_SECONDS: Final = 86_400

Role = Literal["OWNER", "WRITER", "READER"]


@dataclass(frozen=True)
class Account:
    """A registered service account: the only ones whose signatures count."""

    email: str
    public_key: RSAKey
    issuer_id: int


@dataclass(frozen=True)
class Token:
    email: str
    expires_at: float
    scopes: frozenset[str]


@dataclass(frozen=True)
class Stored:
    kind: ResourceKind
    body: Json


@dataclass(frozen=True)
class FieldChange:
    path: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Notification:
    """What the lock screen shows. `kind` is `message` for TEXT_AND_NOTIFY, `update` for changed fields."""

    id: int
    at: float
    object_id: str
    kind: Literal["message", "update"]
    title: str
    text: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class SavedPass:
    """A card in the customer's wallet, as the phone sees it."""

    kind: ResourceKind
    wallet_class: Json
    wallet_object: Json
    saved_at: float


@dataclass
class WalletState:
    """The store. `changed` is called after every change a phone could show."""

    clock: Callable[[], float]
    changed: Callable[[], None]
    account_email: str
    review_outcome: Literal["APPROVED", "REJECTED", "UNDER_REVIEW"] = "APPROVED"
    language: str = "en"  # the phone's, for notifications
    requests_per_second: int = REQUESTS_PER_SECOND
    accounts: dict[str, Account] = field(default_factory=dict)
    tokens: OrderedDict[str, Token] = field(default_factory=OrderedDict)
    issuers: dict[int, Json] = field(default_factory=dict)
    permissions: dict[int, dict[str, Role]] = field(default_factory=dict)
    classes: dict[str, Stored] = field(default_factory=dict)
    objects: dict[str, Stored] = field(default_factory=dict)
    objects_by_class: dict[str, dict[str, None]] = field(default_factory=dict)
    classes_by_issuer: dict[int, dict[str, None]] = field(default_factory=dict)
    saved: dict[str, float] = field(default_factory=dict)
    notifications: deque[Notification] = field(default_factory=lambda: deque(maxlen=200))
    _notified: dict[str, deque[float]] = field(default_factory=dict)
    _requests: dict[str, deque[float]] = field(default_factory=dict)
    _next_notification: int = 1

    def add_issuer(self, email: str, body: Json) -> Json:
        """A new issuer account, owned by `email`; its id is chosen here unless the body brings one."""
        issuer_id = int(body.get("issuerId") or 3_388_000_000_000_000_000 + secrets.randbelow(10**9))
        self.issuers[issuer_id] = {**body, "issuerId": str(issuer_id)}
        self.permissions[issuer_id] = {email: "OWNER"}
        return self.issuers[issuer_id]

    def find(self, kind: ResourceKind, resource_id: str) -> Stored | None:
        stored = (self.classes if kind.is_class else self.objects).get(resource_id)
        return stored if stored is not None and stored.kind is kind else None

    def exists(self, kind: ResourceKind, resource_id: str) -> bool:
        """Whether the id is taken: ids are unique over all classes, or all objects, of an issuer."""
        return resource_id in (self.classes if kind.is_class else self.objects)

    def put(self, kind: ResourceKind, body: Json) -> None:
        """Store a checked body.

        Raises:
            ApiError: 503 when the emulator is full.
        """
        resource_id: str = body["id"]
        full = len(self.classes) + len(self.objects) >= MAX_RESOURCES
        if full and not self.exists(kind, resource_id):
            raise ApiError(503, "backendError", "The emulator holds as many resources as it may.")
        if kind.is_class:
            self.classes[resource_id] = Stored(kind, body)
            self.classes_by_issuer.setdefault(int(resource_id.partition(".")[0]), {})[resource_id] = None
        else:
            before = self.objects.get(resource_id)
            if before is not None and before.body["classId"] != body["classId"]:
                self.objects_by_class[before.body["classId"]].pop(resource_id, None)
            self.objects[resource_id] = Stored(kind, body)
            self.objects_by_class.setdefault(body["classId"], {})[resource_id] = None
        self.changed()

    def take_request(self, who: str) -> bool:
        """Count a request of an issuer; False when the last second already had as many as allowed."""
        now = self.clock()
        times = self._requests.setdefault(who, deque())
        while times and times[0] <= now - 1:
            times.popleft()
        if len(times) >= self.requests_per_second:
            return False
        times.append(now)
        return True

    def take_notification(self, resource_id: str) -> bool:
        """Count a notification of a pass; False when the last 24 hours already had three."""
        now = self.clock()
        times = self._notified.setdefault(resource_id, deque())
        while times and times[0] <= now - DAY_SECONDS:
            times.popleft()
        if len(times) >= NOTIFICATIONS_PER_DAY:
            return False
        times.append(now)
        return True

    def notify(self, object_id: str, kind: Literal["message", "update"], **shown: Any) -> None:
        """Put a notification on the lock screen. `shown`: title, text and, for updates, changes."""
        made = Notification(self._next_notification, self.clock(), object_id, kind, **shown)
        self._next_notification += 1
        self.notifications.append(made)
        self.changed()

    def mark_saved(self, object_id: str) -> bool:
        """Whether the card was not in the wallet before."""
        if object_id in self.saved:
            return False
        self.saved[object_id] = self.clock()
        self.changed()
        return True

    def mark_removed(self, object_id: str) -> bool:
        if self.saved.pop(object_id, None) is None:
            return False
        self.changed()
        return True

    def saved_passes(self) -> Iterator[SavedPass]:
        """The wallet's cards, the newest first."""
        for object_id, saved_at in reversed(list(self.saved.items())):
            stored = self.objects[object_id]
            wallet_class = self.classes[stored.body["classId"]].body
            yield SavedPass(stored.kind, wallet_class, stored.body, saved_at)
