"""``/metrics``: what an operator must watch, from the database, so that every API process answers the same."""

from starlette.requests import Request
from starlette.responses import Response

from passerelle.kit import jobs
from passerelle.kit.web import edge
from passerelle.passes import identities, reconcile


async def metrics(request: Request) -> Response:
    """Queues and certificates in Prometheus' text format."""
    from prometheus_client import (  # noqa: PLC0415  2 MB where somebody measures
        CONTENT_TYPE_LATEST,
        CollectorRegistry,
        Gauge,
        generate_latest,
    )

    registry = CollectorRegistry()
    due = Gauge("passerelle_card_updates_due", "Cards to be told to a wallet.", ["wallet"], registry=registry)
    oldest = Gauge(
        "passerelle_card_updates_oldest_seconds", "How long the oldest has been due.", ["wallet"], registry=registry
    )
    for wallet in ("apple", "google"):
        due.labels(wallet).set(0)
        oldest.labels(wallet).set(0)
    database = edge(request).database
    for backlog in await reconcile.backlog(database):
        due.labels(backlog.wallet).set(backlog.cards)
        oldest.labels(backlog.wallet).set(backlog.oldest_seconds)
    queued = Gauge("passerelle_jobs", "Jobs in the queue.", ["job", "status"], registry=registry)
    for (job, status), count in (await jobs.count_jobs(database)).items():
        queued.labels(job, status).set(count)
    wallets: identities.Wallets = request.app.state.wallets
    if wallets.apple_or_none is not None:
        ends = Gauge("passerelle_apple_certificate_expiry", "When it ends, in POSIX seconds.", registry=registry)
        ends.set(wallets.apple.identity.expires_at.timestamp())
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
