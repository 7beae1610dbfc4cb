"""What the phone page is tried with: signed passes with real pictures, and a shop that serves them."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from PIL import Image, ImageDraw
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from passerelle.emulators.apple_ca import Authority, IssuedCertificate, create_authority

TOPIC: Final = "pass.example.cafe"
TEAM: Final = "TEAM123456"
PKPASS: Final = "application/vnd.apple.pkpass"
AUTHORITY: Final[Authority] = create_authority()
LEAF: Final[IssuedCertificate] = AUTHORITY.issue_pass_certificate(TOPIC, TEAM)
FRENCH: Final = '"Points" = "Points"; "Reward" = "Récompense"; "%@ points" = "%@ points"; "Terms" = "Conditions";'
ARABIC: Final = (
    '"Points" = "النقاط"; "Reward" = "المكافأة"; "Name" = "الاسم"; "Terms" = "الشروط"; "Level" = "المستوى";'
)


def picture(width: int, height: int, color: str, accent: str = "") -> bytes:
    """A PNG: one colour, with a disc and a band of another when asked."""
    image = Image.new("RGB", (width, height), color)
    if accent:
        draw = ImageDraw.Draw(image)
        draw.ellipse((width * 0.55, -height * 0.7, width * 1.2, height * 1.2), fill=accent)
        draw.rectangle((0, height * 0.92, width, height), fill=accent)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def cafe_pass(points: int = 40, **changes: Any) -> dict[str, Any]:
    """A loyalty card, with a field of each group."""
    card = {
        "headerFields": [{"key": "points", "label": "Points", "value": points, "changeMessage": "%@ points"}],
        "primaryFields": [{"key": "reward", "label": "free coffee at 100", "value": f"{points} / 100"}],
        "secondaryFields": [
            {"key": "name", "label": "Name", "value": "Amina Idrissi"},
            {"key": "level", "label": "Level", "value": "Gold"},
        ],
        "backFields": [
            {"key": "terms", "label": "Terms", "value": "Points stay for a year. See https://cafe.example/terms"},
            {
                "key": "web",
                "label": "Reward",
                "value": "x",
                "attributedValue": '<a href="https://cafe.example">Shop</a>',
            },
        ],
    }
    return {
        "formatVersion": 1,
        "passTypeIdentifier": TOPIC,
        "serialNumber": "card-1",
        "teamIdentifier": TEAM,
        "organizationName": "Café Atlas",
        "description": "Loyalty card of Café Atlas",
        "logoText": "Café Atlas",
        "backgroundColor": "rgb(24, 72, 62)",
        "foregroundColor": "rgb(255, 255, 255)",
        "labelColor": "#f3c98b",
        "barcodes": [
            {"format": "PKBarcodeFormatQR", "message": "M-1", "messageEncoding": "iso-8859-1", "altText": "M-1"}
        ],
        "storeCard": card,
    } | changes


def pkpass(pass_json: dict[str, Any], files: dict[str, bytes] | None = None) -> bytes:
    """A signed package with an icon, a logo, a strip and two translations."""
    content = {
        "pass.json": json.dumps(pass_json).encode(),
        "icon@2x.png": picture(76, 76, "#18483e", "#f3c98b"),
        "logo@2x.png": picture(64, 64, "#f3c98b", "#e08a4b"),
        "strip@2x.png": picture(750, 288, "#2c6b5c", "#e08a4b"),
        "fr.lproj/pass.strings": FRENCH.encode(),
        "ar.lproj/pass.strings": ARABIC.encode("utf-16"),
        **(files or {}),
    }
    hashed = {name: hashlib.sha1(data).hexdigest() for name, data in content.items()}  # noqa: S324 - Apple's manifest is SHA-1
    manifest = json.dumps(hashed).encode()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(manifest)
    builder = builder.add_signer(LEAF.certificate, LEAF.key, hashes.SHA256()).add_certificate(LEAF.issuer)
    signature = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {**content, "manifest.json": manifest, "signature": signature}.items():
            archive.writestr(name, data)
    return out.getvalue()


@dataclass
class Shop:
    """A shop's website: a smart link that looks at the phone, a landing page, a form, pictures, a web service."""

    save_url: str = ""
    package: bytes = b""
    asked: list[Request] = field(default_factory=list)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/c/token", self.smart_link),
                Route("/c/token.pkpass", self.pass_file),
                Route("/landing", self.landing),
                Route("/join", self.form),
                Route("/again", self.again),
                Route("/logo.png", self.logo),
                Route("/v1/{rest:path}", self.web_service, methods=["GET", "POST", "DELETE"]),
            ]
        )

    async def smart_link(self, request: Request) -> Response:
        self.asked.append(request)
        on_iphone = "iPhone" in request.headers["user-agent"]
        return RedirectResponse("/c/token.pkpass" if on_iphone else self.save_url, 302)

    async def pass_file(self, _: Request) -> Response:
        return Response(self.package, media_type=PKPASS)

    async def landing(self, _: Request) -> Response:
        return HTMLResponse(f'<a href="/c/token.pkpass">Apple</a><a href="{self.save_url}">Google</a>')

    async def form(self, _: Request) -> Response:
        return HTMLResponse("<form><input name=email></form>")

    async def again(self, _: Request) -> Response:
        return RedirectResponse("/again")

    async def logo(self, _: Request) -> Response:
        return Response(picture(64, 64, "#f3c98b", "#e08a4b"), media_type="image/png")

    async def web_service(self, request: Request) -> Response:
        """Apple's, as far as one pass needs it."""
        self.asked.append(request)
        if request.method == "GET" and "/registrations/" in request.url.path:
            return JSONResponse({"serialNumbers": ["card-1"], "lastUpdated": str(len(self.asked))})
        if request.method == "GET":
            headers = {"Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"}
            return Response(self.package, media_type=PKPASS, headers=headers)
        return Response(status_code=201 if request.method == "POST" else 200)
