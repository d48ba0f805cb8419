"""処理期間の実績: counted for the worker's snapshot, and read for everybody with what is too few left out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from kakehashi.indicators.hooks import Period
from kakehashi.kernel.folding import fold
from kakehashi.kernel.percent import percent
from kakehashi.procedures.models import (
    Application,
    Channel,
    Correction,
    FilingTally,
    Procedure,
    ProcedureText,
    ProcessingTime,
)
from kakehashi.procedures.selectors.public import public_procedures
from kakehashi.procedures.selectors.waiting import ENOUGH

__all__ = [
    "ENOUGH_FOR_SHARES",
    "Percentile",
    "PublicTime",
    "count_processing",
    "finished_in",
    "names_in",
    "needs_no_correction",
    "processing_years",
    "public_processing",
    "public_time",
]

ENOUGH_FOR_SHARES = 10
"""Below this many a share, or the tenth from the top, would tell about persons."""

_COUNTED_PART = Q(days_to_decision__lte=F("procedure__standard_processing_days"))


class Percentile(Aggregate):
    """A number of days somebody really took: `share` of the others took no longer."""

    function = "PERCENTILE_DISC"
    name = "percentile"
    output_field = FloatField()
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"


def finished_in(period: Period) -> QuerySet[Application]:
    """What got its result and was finished in a period: completed, not withdrawn, with its days on the clock."""
    rows: QuerySet[Application] = Application.objects.filter(
        completed_at__gte=period.start_at, completed_at__lt=period.end_at, days_to_decision__isnull=False
    )
    return rows


def needs_no_correction() -> Any:
    """Whether no 補正 was ever asked of an application."""
    return ~Exists(Correction.objects.filter(application=OuterRef("pk")))


def count_processing(year: int) -> list[ProcessingTime]:
    """Unsaved snapshot rows of a fiscal year, one per procedure with a result in it. Two queries."""
    period = Period.year(year)
    has_period = Q(procedure__standard_processing_days__isnull=False)
    rows = (
        finished_in(period)
        .order_by()
        .values("procedure", "procedure__standard_processing_unit", "procedure__standard_processing_days")
        .annotate(
            results=Count("id"),
            median=Percentile("days_to_decision", share=0.5),
            p90=Percentile("days_to_decision", share=0.9),
            judged=Count("id", filter=has_period),
            within=Count("id", filter=has_period & _COUNTED_PART),
            first_time=Count("id", filter=Q(needs_no_correction())),
            came_online=Count("id", filter=Q(channel=Channel.ONLINE)),
        )
    )
    begun = {
        row["procedure"]: row
        for row in FilingTally.objects.filter(day__range=(period.first, period.last))
        .order_by()
        .values("procedure")
        .annotate(handed=Coalesce(Sum("submitted"), 0), given_up=Coalesce(Sum("stopped"), 0))
    }
    return [
        ProcessingTime(
            procedure_id=row["procedure"],
            fiscal_year=year,
            unit=row["procedure__standard_processing_unit"],
            standard_days=row["procedure__standard_processing_days"],
            count=row["results"],
            median_days=int(row["median"]),
            p90_days=int(row["p90"]),
            judged=row["judged"],
            within=row["within"],
            first_time=row["first_time"],
            online=row["came_online"],
            submitted=begun[row["procedure"]]["handed"] if row["procedure"] in begun else 0,
            stopped=begun[row["procedure"]]["given_up"] if row["procedure"] in begun else 0,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class PublicTime:
    """What everybody may know of a procedure's year; None is what is left out because it is too few, or not known."""

    procedure_id: UUID
    fiscal_year: int
    count: int | None
    standard_days: int | None
    unit: str
    median_days: int | None
    p90_days: int | None
    within: Decimal | None
    first_time: Decimal | None
    online: Decimal | None
    completion: Decimal | None


def public_time(row: ProcessingTime) -> PublicTime:
    """Leave out what is too few to be published: days below `ENOUGH` results, shares and the slowest tenth below `ENOUGH_FOR_SHARES`."""
    many, enough = row.count >= ENOUGH_FOR_SHARES, row.count >= ENOUGH
    ended = row.submitted + row.stopped
    return PublicTime(
        procedure_id=row.procedure_id,
        fiscal_year=row.fiscal_year,
        count=row.count if enough else None,
        standard_days=row.standard_days,
        unit=row.unit,
        median_days=row.median_days if enough else None,
        p90_days=row.p90_days if many else None,
        within=percent(row.within, row.judged) if many and row.judged >= ENOUGH_FOR_SHARES else None,
        first_time=percent(row.first_time, row.count) if many else None,
        online=percent(row.online, row.count) if many else None,
        completion=percent(row.submitted, ended) if ended >= ENOUGH_FOR_SHARES else None,
    )


def processing_years() -> list[int]:
    """The fiscal years that were counted, newest first."""
    return list(ProcessingTime.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct())


def public_processing(year: int, text: str = "") -> QuerySet[ProcessingTime]:
    """The snapshot rows of a fiscal year of procedures residents may read about; the caller orders and pages them."""
    open_to_all = public_procedures().prefetch_related(None).order_by().values("id")
    rows: QuerySet[ProcessingTime] = ProcessingTime.objects.filter(fiscal_year=year, procedure__in=open_to_all)
    for word in fold(text[:200]).split()[:10]:
        rows = rows.filter(procedure__search_key__contains=word)
    return rows.select_related("procedure__department").defer("procedure__survey")


def names_in(language: str, procedures: list[Procedure]) -> dict[UUID, str]:
    """The names residents read, in a language; the Japanese stand-in where nothing was written."""
    rows = ProcedureText.objects.filter(procedure__in=[each.id for each in procedures], language__in=(language, "ja"))
    found: dict[UUID, str] = {each.id: each.name for each in procedures}
    for text in sorted(rows, key=lambda each: each.language == language):
        found[text.procedure_id] = text.name or found[text.procedure_id]
    return found
