"""Serial numbers of passes: they name the tenant and the card, so a phone's request finds both by itself."""

from typing import Final
from uuid import UUID

from passerelle.kit.ids import InvalidId, decode, encode

_SEPARATOR: Final = "-"


def serial_number_of(organization_id: UUID, pass_id: UUID) -> str:
    """Unique over all tenants, as one Apple pass type or Google issuer may serve several."""
    return encode("p", organization_id).removeprefix("p_") + _SEPARATOR + encode("p", pass_id).removeprefix("p_")


def open_serial_number(serial_number: str) -> tuple[UUID, UUID] | None:
    """Organization and pass, or None for a text that is no serial number of ours."""
    organization, separator, card = serial_number.partition(_SEPARATOR)
    if not separator:
        return None
    try:
        return decode("p", f"p_{organization}"), decode("p", f"p_{card}")
    except InvalidId:
        return None
