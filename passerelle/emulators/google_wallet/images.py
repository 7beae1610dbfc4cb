"""Pass images, fetched once per address and then kept, as Google's servers do: a new image needs a new URL."""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import httpx

from passerelle.emulators.google_wallet.state import WalletState

MAX_IMAGE_BYTES: Final = 5_000_000
MAX_IMAGES: Final = 200
_TYPES: Final = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})


@dataclass(frozen=True)
class Image:
    media_type: str
    content: bytes


def image_key(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:32]


def image_urls(value: Any) -> list[str]:
    """Every `sourceUri.uri` in a body."""
    if isinstance(value, list):
        return [url for item in value for url in image_urls(item)]
    if not isinstance(value, dict):
        return []
    source = value.get("sourceUri")
    here = [source["uri"]] if isinstance(source, dict) and isinstance(source.get("uri"), str) else []
    return here + [url for key, item in value.items() if key != "sourceUri" for url in image_urls(item)]


@dataclass
class ImageCache:
    """Only addresses that a saved pass names are ever fetched."""

    state: WalletState
    _images: OrderedDict[str, Image] = field(default_factory=OrderedDict)

    async def find(self, key: str) -> Image | None:
        """The image behind a key of `image_key`, None when no saved pass has it or it cannot be had."""
        if key not in self._images:
            url = self._url(key)
            fetched = await _fetch(url) if url else None
            if fetched is None:
                return None
            self._images[key] = fetched
            while len(self._images) > MAX_IMAGES:
                self._images.popitem(last=False)
        return self._images[key]

    def _url(self, key: str) -> str | None:
        for saved in self.state.saved_passes():
            for url in image_urls(saved.wallet_object) + image_urls(saved.wallet_class):
                if image_key(url) == key:
                    return url
        return None


async def _fetch(url: str) -> Image | None:
    content = bytearray()
    try:
        async with (
            httpx.AsyncClient(timeout=5, follow_redirects=True, max_redirects=3) as client,
            client.stream("GET", url) as answer,
        ):
            media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            if answer.status_code != 200 or media_type not in _TYPES:
                return None
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > MAX_IMAGE_BYTES:
                    return None
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    return Image(media_type, bytes(content))
