"""Who does something: carried by every transaction, written beside every fact."""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal
from uuid import UUID

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence
from passerelle.kit.ids import decode, encode

ActorKind = Literal["operator", "api_key", "customer", "device", "system"]

_PREFIXES: Final[dict[ActorKind, str]] = {
    "operator": "opr",
    "api_key": "key",
    "customer": "cus",
    "device": "dev",
    "system": "sys",
}


class Unauthenticated(Refusal):
    """Nobody is known to be calling."""

    code = "unauthenticated"
    status = 401
    text: ClassVar[Sentence] = {
        "en": "Sign in, or send an API key as “Authorization: Bearer …”.",
        "fr": "Connectez-vous, ou envoyez une clé d'API : « Authorization: Bearer … ».",
        "ar": "سجّل الدخول، أو أرسل مفتاح واجهة برمجية: «Authorization: Bearer …».",
    }


class NotAllowed(Refusal):
    """The caller is known but may not do this."""

    code = "not_allowed"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "You are not allowed to do this. Ask an owner of the organization for “{scope}”.",
        "fr": "Vous n'avez pas ce droit. Demandez « {scope} » à un propriétaire de l'organisation.",
        "ar": "ليست لديك صلاحية لذلك. اطلب «{scope}» من مالك المؤسسة.",
    }


@dataclass(frozen=True, slots=True)
class Actor:
    """A caller and what it may do; ``location_id`` when a till is bound to one place."""

    kind: ActorKind
    id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    location_id: UUID | None = None

    @property
    def label(self) -> str:
        """``opr_…``, ``key_…`` or ``system``: how facts and audit name the actor."""
        return encode(_PREFIXES[self.kind], self.id) if self.id else self.kind

    @classmethod
    def of_label(cls, label: str) -> "Actor":
        """Whoever has this label, for a job that does what they asked for; raises InvalidId for another text."""
        kind = next((kind for kind, prefix in _PREFIXES.items() if label.startswith(f"{prefix}_")), None)
        if kind is None:
            return SYSTEM
        return cls(kind, decode(_PREFIXES[kind], label), frozenset({"*"}))

    def may(self, scope: str) -> bool:
        """Whether a scope such as ``customers:write`` was given."""
        return scope in self.scopes or "*" in self.scopes

    def require(self, scope: str) -> None:
        """Refuse unless the scope was given."""
        if not self.may(scope):
            raise NotAllowed(scope=scope)


SYSTEM: Final = Actor("system", None, frozenset({"*"}))
