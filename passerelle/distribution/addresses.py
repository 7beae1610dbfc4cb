"""The addresses that join links have for people."""

from typing import Annotated

from fastapi import Depends

from passerelle.distribution.models import JoinLink
from passerelle.kit.web import Edge, edge

At = Annotated[Edge, Depends(edge)]


def link_url(link: JoinLink, at: Edge) -> str:
    """What a QR code says."""
    return at.settings.url(f"/j/{link.code}")


def embed_url(link: JoinLink, at: Edge) -> str:
    """The form alone, for frames of other sites."""
    return at.settings.url(f"/j/{link.code}/embed")
