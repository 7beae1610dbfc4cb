"""Days as a time zone has them, whatever its clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=4_096)
def midnight(day: date, time_zone: str) -> datetime:
    """The instant with which a local day begins; where clocks skip midnight the first one after, of two the first."""
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def day_of(instant: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """The local day of an instant, ``[midnight, midnight)``: 23 to 25 hours."""
    today = instant.astimezone(ZoneInfo(time_zone)).date()
    return midnight(today, time_zone), midnight(today + timedelta(days=1), time_zone)
