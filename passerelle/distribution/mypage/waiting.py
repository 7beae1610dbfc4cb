"""The receipt that a browser opened before anybody was signed in: kept in a cookie of this shop's page for a day."""

from datetime import timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from passerelle.distribution.mypage.visiting import Visit, keep_cookie
from passerelle.kit.ids import encode

_LIFE: Final = timedelta(days=1)
_MAX_CODE: Final = 40


def note_receipt(answer: Response, visit: Visit, code: str | None) -> None:
    """Have the browser remember a receipt, or forget it."""
    keep_cookie(answer, visit, _name(visit), code or "", _LIFE if code else timedelta())


def waiting_receipt(request: Request, visit: Visit) -> str | None:
    """The receipt that this browser opened, if it did; only letters, digits and dashes of it."""
    code = request.cookies.get(_name(visit), "")[:_MAX_CODE]
    return code if code and code.isascii() and code.replace("-", "").isalnum() else None


def _name(visit: Visit) -> str:
    return encode("receipt", visit.host.organization.id)
