"""A pass's barcode, drawn. Every format is drawn as a QR code, which says so when the pass asked for another."""

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import Any, Final

import segno

QR_NAMES: Final = frozenset({"PKBarcodeFormatQR", "QR_CODE"})
_TEXT_ONLY: Final = "TEXT_ONLY"


@dataclass(frozen=True)
class BarcodeView:
    """`svg` is empty when there is nothing to draw; `asked_for` names a format other than QR."""

    message: str
    alternate_text: str
    svg: str
    asked_for: str


def draw(format_name: str, message: str, alternate_text: str, encoding: str = "") -> BarcodeView:
    asked_for = "" if format_name in QR_NAMES else format_name.removeprefix("PKBarcodeFormat")
    svg = "" if format_name == _TEXT_ONLY else _qr(message, encoding)
    return BarcodeView(message, alternate_text, svg, asked_for)


def _qr(message: str, encoding: str) -> str:
    try:
        code = segno.make_qr(message, error="m", encoding=encoding or None)
    except (ValueError, LookupError):  # too long for a QR code, or not in that encoding
        return ""
    svg: str = code.svg_inline(border=0, dark="#000", omitsize=True, svgclass="qr", lineclass=None)
    return svg


def rotating_value(rotating: dict[str, Any], now: float) -> str:
    """The value Google's rotating barcode shows now: RFC 6238 with the period of the pass."""
    details = rotating.get("totpDetails", {})
    period_ms = max(int(details.get("periodMillis", 0) or 0), 1_000)
    counter = int(now * 1000) // period_ms
    stamp_ms = counter * period_ms
    value: str = rotating.get("valuePattern", "")
    value = value.replace("{totp_timestamp_millis}", str(stamp_ms))
    value = value.replace("{totp_timestamp_seconds}", str(stamp_ms // 1000))
    for at, parameter in enumerate(details.get("parameters", ())):
        digits = min(max(int(parameter.get("valueLength", 8)), 1), 10)
        value = value.replace(f"{{totp_value_{at}}}", _totp(parameter.get("key", ""), counter, digits))
    return value


def _totp(key_base16: str, counter: int, digits: int) -> str:
    try:
        key = base64.b16decode(key_base16, casefold=True)
    except ValueError:
        return "0" * digits
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)
