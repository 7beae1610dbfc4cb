"""What each operator, till and program did at the counter: counted from the log of facts, by who wrote them."""

from collections import defaultdict
from typing import Final

from passerelle.analytics import queries
from passerelle.analytics.schemas import Question, TeamReportOut, WorkOut
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL, encode
from passerelle.organizations import service as organizations
from passerelle.scanning.offline import service as offline

_COUNTED_AS: Final = {
    "purchase.recorded": "purchases",
    "visit.recorded": "visits",
    "check_in.opened": "visits",
    "reward.redeemed": "rewards",
    "coupon.redeemed": "coupons",
    "gift_card.redeemed": "gift_cards",
    "ticket.used": "tickets",
    "purchase.voided": "undone",
    "visit.undone": "undone",
    "check_in.undone": "undone",
    "reward.redemption_undone": "undone",
    "coupon.redemption_undone": "undone",
    "ticket.entry_undone": "undone",
}
_MOST_TILLS: Final = 1_000
_DEEDS: Final = tuple(dict.fromkeys(_COUNTED_AS.values()))
_FIGURES: Final = (*_DEEDS, "amount_minor")


async def report(tx: Tx, about: Question) -> TeamReportOut:
    """Who did how much in a period, busiest first; whoever did nothing is not in it."""
    organization = await organizations.get_organization(tx)
    midnights = about.period.midnights(organization.time_zone)
    rows = await queries.deeds(tx, list(_COUNTED_AS), midnights[0], midnights[-1])
    done: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_FIGURES, 0))
    for row in rows:
        of_actor = done[row["actor"]]
        of_actor[_COUNTED_AS[row["name"]]] += row["deeds"]
        of_actor["amount_minor"] += row["amount_minor"]
    tills = await offline.list_devices(tx, ABOVE_ALL, _MOST_TILLS)
    names = await organizations.actor_names(tx, done) | {encode("dev", till.id): till.name for till in tills}
    items = [WorkOut(actor=actor, name=names.get(actor), **figures) for actor, figures in done.items()]
    items.sort(key=lambda work: (-sum(getattr(work, name) for name in _DEEDS), work.actor))
    return TeamReportOut(
        first=about.period.first,
        end=about.period.end,
        time_zone=organization.time_zone,
        currency=organization.currency,
        items=items,
    )
