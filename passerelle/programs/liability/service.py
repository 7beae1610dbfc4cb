"""The verbs of liability; the only writer of its table."""

import csv
import io
from collections import defaultdict
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import ABOVE_ALL
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Outstanding
from passerelle.programs import service as programs
from passerelle.programs.errors import UnitNotFound, UnitNotNamed
from passerelle.programs.liability import queries, rules
from passerelle.programs.liability.errors import PeriodReversed
from passerelle.programs.liability.events import LiabilityLimitExceeded, LiabilityLimitKept
from passerelle.programs.liability.rules import MILLION, Redeemed
from passerelle.programs.liability.schemas import (
    AllocationIn,
    AllocationOut,
    BooksAllocationOut,
    LiabilityOut,
    LiabilityRowOut,
    LimitOut,
    ProgramLiabilityOut,
    RecognisedOut,
)
from passerelle.programs.schemas import Program, Unit
from passerelle.purchases import service as purchases

_PROGRAMS: Final = 200


async def liability(tx: Tx, *, as_of: datetime | None = None, program_id: UUID | None = None) -> LiabilityOut:
    """What units owe by program, unit and month of expiry, now or as it stood just before ``as_of``.

    Cost and breakage are those of today. Raises ProgramNotFound.
    """
    if program_id is not None:
        known = [await programs.get_program(tx, program_id)]
    else:
        known = await programs.list_programs(tx, ABOVE_ALL, _PROGRAMS)
    zones = {unit.id: program.time_zone for program in known for unit in program.units if unit.spendable}
    held: dict[UUID, list[Outstanding]] = defaultdict(list)
    for each in await ledger.outstanding(tx, zones, at=as_of):
        held[each.unit_id].append(each)
    limits = {row["program_id"]: row["limit_minor"] for row in await queries.limits(tx)}
    rows: list[LiabilityRowOut] = []
    sums: list[ProgramLiabilityOut] = []
    for program in known:
        own = _rows(program, held)
        rows += own
        sums.append(_sum(program, own, limits.get(program.id)))
    totals: dict[str, int] = defaultdict(int)
    for each_sum in sums:
        totals[each_sum.currency] += each_sum.liability_minor
    return LiabilityOut(as_of=as_of, totals_minor=dict(totals), programs=sums, rows=rows)


async def set_limit(tx: Tx, program_id: UUID, limit_minor: int | None) -> LimitOut:
    """Set or lift the limit of a program, and look at once whether it is exceeded. Raises ProgramNotFound."""
    await programs.get_program(tx, program_id)
    if limit_minor is None:
        await tx.execute(queries.DROP_LIMIT, tx.organization_id, program_id)
    else:
        await tx.execute(queries.SET_LIMIT, tx.organization_id, program_id, limit_minor, clock.now())
    await check_limits(tx)
    return await get_limit(tx, program_id)


async def get_limit(tx: Tx, program_id: UUID) -> LimitOut:
    """The limit of a program beside what it owes now; raises ProgramNotFound."""
    found = (await liability(tx, program_id=program_id)).programs[0]
    return LimitOut(
        program_id=program_id,
        limit_minor=found.limit_minor,
        liability_minor=found.liability_minor,
        exceeded=found.exceeded,
        exceeded_at=await queries.exceeded_at(tx, program_id),
    )


async def check_limits(tx: Tx) -> None:
    """Tell which programs came to owe more than their limit, and which no longer do, since this was last asked."""
    limits = {row["program_id"]: row for row in await queries.limits(tx, for_update=True)}
    if not limits:
        return
    for each in (await liability(tx)).programs:
        limit = limits.get(each.program_id)
        if limit is None or each.exceeded == (limit["exceeded_at"] is not None):
            continue
        at = clock.now() if each.exceeded else None
        await tx.execute(queries.MARK, tx.organization_id, each.program_id, at)
        fact = LiabilityLimitExceeded if each.exceeded else LiabilityLimitKept
        await announce(tx, fact(each.program_id, each.liability_minor, limit["limit_minor"], each.currency))


def allocate(given: AllocationIn) -> AllocationOut:
    """Revenue by IFRS 15 for given figures."""
    split = rules.allocate(
        given.sales_minor,
        given.sales_minor if given.goods_minor is None else given.goods_minor,
        given.units_issued,
        cost_micros=given.unit_value_micros,
        expected_ppm=given.expected_ppm,
        round_to_minor=given.round_to_minor,
    )
    periods = [Redeemed(period.redeemed, period.expected_total) for period in given.periods]
    return _allocation_out(split, rules.recognise(split.units_minor, periods))


async def allocate_books(
    tx: Tx,
    program_id: UUID,
    unit_code: str | None,
    since: datetime,
    until: datetime,
    *,
    as_of: datetime | None = None,
    sales_minor: int | None = None,
) -> BooksAllocationOut:
    """Revenue by IFRS 15 for the units given in ``[since, until)``, as far as they were redeemed before ``as_of``.

    Sales are the purchases of the period, unless they are given. Raises ProgramNotFound, UnitNotNamed, UnitNotFound,
    PeriodReversed.
    """
    at = as_of or clock.now()
    if not since < until <= at:
        raise PeriodReversed
    program = await programs.get_program(tx, program_id)
    unit = _unit(program, unit_code)
    cohort = await ledger.cohort(tx, unit.id, since, until, at)
    sales = await purchases.sales_between(tx, since, until) if sales_minor is None else sales_minor
    expected_ppm = MILLION - unit.breakage_ppm
    split = rules.allocate(sales, sales, cohort.issued, cost_micros=rules.cost_of(unit), expected_ppm=expected_ppm)
    expected = rules.rounded(cohort.issued * expected_ppm, MILLION)
    recognised = rules.recognise(split.units_minor, [Redeemed(cohort.redeemed, expected)])
    return BooksAllocationOut(
        **dict(_allocation_out(split, recognised)),
        program_id=program.id,
        unit=unit.code,
        currency=program.currency,
        as_of=at,
        sales_minor=sales,
        issued=cohort.issued,
        redeemed=cohort.redeemed,
        expired=cohort.expired,
        expected_total=expected,
    )


def as_csv(report: LiabilityOut) -> str:
    """The rows as CSV (RFC 4180). A name that a spreadsheet would take for a formula gets a quote before it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(LiabilityRowOut.model_fields)
    for row in report.rows:
        values = row.model_dump(mode="json")
        if row.program_name.startswith(("=", "+", "-", "@", "\t")):
            values["program_name"] = f"'{row.program_name}"
        writer.writerow(values.values())
    return text.getvalue()


def _rows(program: Program, held: dict[UUID, list[Outstanding]]) -> list[LiabilityRowOut]:
    pairs = [(unit, each) for unit in program.units for each in held.get(unit.id, [])]
    pairs.sort(key=lambda pair: (pair[0].code, pair[1].month or "never"))
    amounts = [each.active + each.pending for _, each in pairs]
    worth = rules.rounded_rows(
        [
            rules.weight(amount, rules.cost_of(unit), unit.breakage_ppm)
            for amount, (unit, _) in zip(amounts, pairs, strict=True)
        ]
    )
    return [
        LiabilityRowOut(
            program_id=program.id,
            program_name=program.name,
            currency=program.currency,
            unit=unit.code,
            month=each.month or "never",
            active=each.active,
            pending=each.pending,
            outstanding=amount,
            cost_micros=rules.cost_of(unit),
            breakage_ppm=unit.breakage_ppm,
            liability_minor=minor,
        )
        for (unit, each), amount, minor in zip(pairs, amounts, worth, strict=True)
    ]


def _sum(program: Program, rows: list[LiabilityRowOut], limit_minor: int | None) -> ProgramLiabilityOut:
    total = sum(row.liability_minor for row in rows)
    return ProgramLiabilityOut(
        program_id=program.id,
        program_name=program.name,
        currency=program.currency,
        liability_minor=total,
        limit_minor=limit_minor,
        exceeded=limit_minor is not None and total > limit_minor,
    )


def _allocation_out(split: rules.Allocation, periods: list[rules.Recognised]) -> AllocationOut:
    return AllocationOut(
        stand_alone_units_minor=split.stand_alone_units_minor,
        goods_minor=split.goods_minor,
        units_minor=split.units_minor,
        periods=[
            RecognisedOut(
                revenue_minor=each.revenue_minor,
                recognised_minor=each.recognised_minor,
                deferred_minor=each.deferred_minor,
            )
            for each in periods
        ],
    )


def _unit(program: Program, code: str | None) -> Unit:
    unit = program.find_unit(code)
    if unit is not None:
        return unit
    if code is None:
        raise UnitNotNamed(units=", ".join(known.code for known in program.units) or "—")
    raise UnitNotFound
