"""My page on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from passerelle.customers.schemas import CustomerId
from passerelle.kit.wire import Outbound


class PageLinkOut(Outbound):
    """``url`` is shown this once: give it to the customer alone, it opens once and until ``expires_at``.

    ``may_erase`` tells whether the page lets the customer erase their data: as the caller may.
    """

    customer_id: CustomerId
    url: Annotated[str, Field(repr=False)]
    qr_svg: Annotated[str, Field(repr=False, description="The address as a picture, for a phone held to the screen.")]
    may_erase: bool
    expires_at: datetime
