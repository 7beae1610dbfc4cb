"""What is put up at a location, on the wire."""

from passerelle.kit.wire import Outbound


class CheckInCodeOut(Outbound):
    """What stands on paper, and its picture; renewing the code of the location ends it."""

    url: str
    qr_svg: str


class CheckInScreenOut(Outbound):
    """A page for a tablet at the counter; whoever knows its address sees the codes, so keep it to yourself."""

    url: str
    period_seconds: int
