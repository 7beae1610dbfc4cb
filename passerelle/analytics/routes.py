"""HTTP of analytics: reports, what needs attention, and the live stream."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from passerelle.analytics import attention, service, team
from passerelle.analytics.attention import WalletState
from passerelle.analytics.errors import ReportPeriodRefused, TooManyStreams
from passerelle.analytics.live import Live
from passerelle.analytics.schemas import (
    FunnelReportOut,
    HealthOut,
    KpiName,
    KpisOut,
    Question,
    ReturnDays,
    SeriesOut,
    TeamReportOut,
)
from passerelle.kit.db import Tx
from passerelle.kit.ids import InvalidId, decode
from passerelle.kit.web import Admitted, Router, admit, allow, refusals
from passerelle.organizations.errors import LocationNotFound
from passerelle.organizations.schemas import LocationId
from passerelle.passes import service as passes
from passerelle.passes.own import service as own_wallets
from passerelle.programs.errors import ProgramNotFound
from passerelle.programs.schemas import ProgramId

router = Router(prefix="/api/v1", tags=["reports"])
Reader = Annotated[Tx, allow("reports:read")]
First = Annotated[date | None, Query(alias="from", description="First day; by default 30 days before “to”.")]
End = Annotated[date | None, Query(alias="to", description="The day after the last; by default tomorrow.")]
Place = Annotated[LocationId | None, Query(description="Only what happened here.")]
Of = Annotated[ProgramId | None, Query(description="Only this program and its members.")]
Within = Annotated[ReturnDays, Query(description="Days in which a second visit counts as a return.")]
_REFUSALS: Final = refusals(ReportPeriodRefused, LocationNotFound, ProgramNotFound)
_CSV: Final[Mapping[int | str, dict[str, Any]]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
_EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "Server-sent events."}
}
_STREAM_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def _question(
    *,
    tx: Reader,
    first: First = None,
    end: End = None,
    location_id: Place = None,
    program_id: Of = None,
    return_days: Within = 30,
) -> Question:
    return await service.question_of(
        tx, first=first, end=end, location_id=location_id, program_id=program_id, return_days=return_days
    )


About = Annotated[Question, Depends(_question)]


@router.get("/reports/kpis", responses=_REFUSALS)
async def get_kpis(tx: Reader, about: About) -> KpisOut:
    """Activated cards, visit frequency, average basket, rewards distributed, return rate, with their trend.

    Days are of the organization's time zone.
    """
    return await service.kpis(tx, about)


@router.get("/reports/kpis/{name}/series", response_model=SeriesOut, responses={**_REFUSALS, **_CSV})
async def get_kpi_series(
    name: KpiName,
    tx: Reader,
    about: About,
    form: Annotated[Literal["json", "csv"], Query(alias="format")] = "json",
) -> Any:
    """One KPI day by day, as JSON or for a spreadsheet."""
    found = await service.series(tx, name, about)
    if form == "json":
        return found
    file = f'attachment; filename="{name}-{about.period.first}-{about.period.end}.csv"'
    headers = {"Content-Disposition": file, "Cache-Control": "no-store"}
    return Response(service.as_csv(found), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/reports/funnel", responses=_REFUSALS)
async def get_adoption_funnel(tx: Reader, about: About) -> FunnelReportOut:
    """From the page that was seen to the member who came back."""
    return await service.funnel(tx, about)


@router.get("/reports/team", responses=refusals(ReportPeriodRefused))
async def get_team_report(tx: Reader, first: First = None, end: End = None) -> TeamReportOut:
    """What each operator, till and API key did at the counter: purchases, visits, rewards, and what was taken back.

    Days are of the organization's time zone, and those on which something was told.
    """
    about = await service.question_of(tx, first=first, end=end, location_id=None, program_id=None)
    return await team.report(tx, about)


@router.get("/attention", responses=refusals())
async def list_attention(request: Request, tx: Reader) -> HealthOut:
    """What somebody should do something about, and the first steps of a new organization."""
    wallets = await passes.wallets_of(request, tx)
    ends = [ending.expires_at for ending in await own_wallets.certificates_that_end(tx)]
    if wallets.apple_or_none is not None:
        ends.append(wallets.apple_or_none.identity.expires_at)
    configured = bool(ends) or wallets.google_or_none is not None
    return await attention.health(tx, WalletState(configured=configured, certificate_ends=min(ends, default=None)))


@router.get("/live", response_class=StreamingResponse, responses={**refusals(TooManyStreams, InvalidId), **_EVENTS})
async def follow_live(
    request: Request,
    who: Annotated[Admitted, admit("reports:read")],
    last_event_id: Annotated[
        str | None, Header(max_length=60, description="The last id received: the stream goes on after it.")
    ] = None,
) -> StreamingResponse:
    """Facts as they happen (server-sent events): amounts and places, nobody's name or id.

    ``ready`` opens the stream, ``fact`` is one fact, ``reload`` says that some were left out, ``ended`` that the
    caller is no longer signed in.
    """
    live: Live = request.app.state.live
    live.require_room(who.organization_id)
    last: UUID | None = decode("evt", last_event_id) if last_event_id else None
    return StreamingResponse(live.follow(who, last), media_type="text/event-stream", headers=_STREAM_HEADERS)
