"""効果: the figures of the whole government, a department, a kind or one procedure; the steps people came to; what is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import compiled_form
from kakehashi.indicators.domain.figure import Figure
from kakehashi.indicators.hooks import Measure, Period
from kakehashi.indicators.selectors import compute
from kakehashi.kernel.percent import percent
from kakehashi.procedures.domain.filing_steps import CONFIRM
from kakehashi.procedures.models import Channel, EffectAssumption, FilingTally, HandlingTime, Procedure
from kakehashi.procedures.selectors.effect_measures import with_saved
from kakehashi.procedures.selectors.measures import MEASURES
from kakehashi.procedures.selectors.processing import Percentile, finished_in, needs_no_correction

__all__ = [
    "FIGURES",
    "EffectScope",
    "ProcedureEffect",
    "StepLine",
    "TallyFilters",
    "assumption_of",
    "effects_by_procedure",
    "figures_of",
    "narrowed",
    "own_assumption",
    "steps_of",
    "tallies_of",
]

_ORDER = (
    "completion_rate", "first_time_right", "days_to_decision", "days_to_decision_p90", "within_standard_period",
    "minutes_saved", "screen_minutes", "visits_avoided", "sheets_avoided",
)  # fmt: skip
FIGURES: dict[str, Measure] = {
    code: measure for name in _ORDER for measure in MEASURES if measure.code == (code := f"procedures.{name}")
}
"""What the pages of 効果 show, in their order."""


_SAVED = ("minutes", "visits", "sheets")


@dataclass(frozen=True, slots=True)
class EffectScope:
    """What a page of 効果 is about; None and "" narrow nothing."""

    period: Period
    department: UUID | None = None
    kind: str = ""
    procedure: UUID | None = None

    def filters(self, path: str) -> dict[str, Any]:
        """As filters of rows that lead to their procedure by `path`."""
        found: dict[str, Any] = {}
        if self.department:
            found[f"{path}__department"] = self.department
        if self.kind:
            found[f"{path}__kind"] = self.kind
        if self.procedure:
            found[path] = self.procedure
        return found


def narrowed(measure: Measure, scope: EffectScope) -> Measure:
    """The same measure of fewer rows."""
    filters = scope.filters(measure.department_path.removesuffix("__department"))

    def fewer(rows: Any) -> Any:
        return None if rows is None else lambda period: rows(period).filter(**filters)

    return replace(
        measure,
        numerator=fewer(measure.numerator),
        denominator=fewer(measure.denominator),
        unknown=fewer(measure.unknown),
    )


def figures_of(scope: EffectScope) -> list[tuple[Measure, Figure]]:
    """Every figure, counted now."""
    return [(measure, compute(narrowed(measure, scope), scope.period)) for measure in FIGURES.values()]


def own_assumption(procedure: Procedure) -> EffectAssumption | None:
    """What was written for this procedure alone."""
    found: EffectAssumption | None = EffectAssumption.objects.filter(procedure=procedure).first()
    return found


def assumption_of(kind: str) -> EffectAssumption | None:
    """What was written for a kind."""
    found: EffectAssumption | None = EffectAssumption.objects.filter(procedure__isnull=True, kind=kind).first()
    return found


@dataclass(frozen=True, slots=True)
class ProcedureEffect:
    """One line of the table: a procedure's year. What nobody knows is None, which is not zero."""

    procedure: Procedure
    submitted: int
    stopped: int
    open: int
    finished: int
    online: int
    first_time: int
    median_days: int | None
    p90_days: int | None
    judged: int
    within: int
    minutes: int | None
    visits: int | None
    sheets: int | None
    screen_minutes: int | None

    @property
    def completion(self) -> Decimal | None:
        """完了率."""
        return percent(self.submitted, self.submitted + self.stopped)

    @property
    def first_time_right(self) -> Decimal | None:
        """補正なしの割合."""
        return percent(self.first_time, self.finished)

    @property
    def within_share(self) -> Decimal | None:
        """標準処理期間のうちに終わった割合."""
        return percent(self.within, self.judged)


def effects_by_procedure(scope: EffectScope) -> list[ProcedureEffect]:
    """Every procedure that somebody began or that had a result in the period, the busiest first. Five queries."""
    has_period = Q(procedure__standard_processing_days__isnull=False)
    online = Q(channel=Channel.ONLINE)
    done: dict[UUID, Mapping[str, Any]] = {
        row["procedure"]: row
        for row in finished_in(scope.period)
        .filter(**scope.filters("procedure"))
        .order_by()
        .values("procedure")
        .annotate(
            finished=Count("id"),
            online=Count("id", filter=online),
            first_time=Count("id", filter=Q(needs_no_correction())),
            median_days=Percentile("days_to_decision", share=0.5),
            p90_days=Percentile("days_to_decision", share=0.9),
            judged=Count("id", filter=has_period),
            within=Count("id", filter=has_period & Q(days_to_decision__lte=F("procedure__standard_processing_days"))),
        )
    }
    begun: dict[UUID, Mapping[str, Any]] = {
        row["procedure"]: row
        for row in FilingTally.objects.filter(
            day__range=(scope.period.first, scope.period.last), **scope.filters("procedure")
        )
        .order_by()
        .values("procedure")
        .annotate(
            handed=Coalesce(Sum("submitted"), 0), given_up=Coalesce(Sum("stopped"), 0), written=Coalesce(Sum("open"), 0)
        )
    }
    screens: dict[UUID, float] = dict(
        HandlingTime.objects.filter(
            application__in=finished_in(scope.period).values("id"), **scope.filters("application__procedure")
        )
        .order_by()
        .values_list("application__procedure")
        .annotate(Percentile("minutes", share=0.5))
    )
    procedures = Procedure.objects.filter(id__in={*done, *begun}).select_related("department").defer("survey")
    saved = _saved(scope)
    lines = [
        _line(each, done.get(each.id, {}), begun.get(each.id, {}), screens.get(each.id), saved.get(each.id, {}))
        for each in procedures
    ]
    return sorted(lines, key=lambda line: (-line.finished, -(line.submitted + line.stopped), line.procedure.name))


def _saved(scope: EffectScope) -> dict[UUID, dict[str, int | None]]:
    """What each procedure's online applications saved together, by the rows of the measures; None where nobody assumed anything."""
    rows = finished_in(scope.period).filter(channel=Channel.ONLINE, **scope.filters("procedure")).order_by()
    for name in _SAVED:
        rows = with_saved(rows, name, f"{name}_saved")
    summed: Iterable[Mapping[str, Any]] = rows.values("procedure").annotate(
        **{name: Sum(f"{name}_saved") for name in _SAVED}
    )
    return {row["procedure"]: {name: row[name] for name in _SAVED} for row in summed}


def _line(
    procedure: Procedure,
    done: Mapping[str, Any],
    begun: Mapping[str, Any],
    screen: float | None,
    saved: Mapping[str, int | None],
) -> ProcedureEffect:
    def days(name: str) -> int | None:
        return None if done.get(name) is None else int(done[name])

    return ProcedureEffect(
        procedure=procedure,
        submitted=begun.get("handed", 0),
        stopped=begun.get("given_up", 0),
        open=begun.get("written", 0),
        finished=done.get("finished", 0),
        online=done.get("online", 0),
        first_time=done.get("first_time", 0),
        median_days=days("median_days"),
        p90_days=days("p90_days"),
        judged=done.get("judged", 0),
        within=done.get("within", 0),
        minutes=saved.get("minutes", 0),
        visits=saved.get("visits", 0),
        sheets=saved.get("sheets", 0),
        screen_minutes=None if screen is None else int(screen),
    )


@dataclass(frozen=True, slots=True)
class TallyFilters:
    """What the steps of one procedure are narrowed to; empty narrows nothing."""

    version: int | None = None
    language: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step: of those that have ended how many came to it and how many ended there; and how many are being written there."""

    key: str
    title: str
    reached: int
    stopped: int
    open: int

    @property
    def drop_off(self) -> Decimal | None:
        """The share of those who came to it that went no further."""
        return percent(self.stopped, self.reached)


def tallies_of(procedure: Procedure, period: Period, filters: TallyFilters) -> QuerySet[FilingTally]:
    """The rows that the steps of a procedure are counted from."""
    rows: QuerySet[FilingTally] = FilingTally.objects.filter(
        procedure=procedure, day__range=(period.first, period.last)
    )
    chosen = {"version": filters.version, "language": filters.language, "device": filters.device}
    return rows.filter(**{name: value for name, value in chosen.items() if value})


def steps_of(procedure: Procedure, rows: QuerySet[FilingTally]) -> list[StepLine]:
    """How far people came, in the order of the newest version's steps; steps of older versions it has no more come after."""
    counted: dict[str, list[int]] = {}
    for steps in rows.values_list("steps", flat=True):
        for key, numbers in steps.items():
            counted[key] = [a + b for a, b in zip(counted.get(key, [0, 0, 0]), numbers, strict=True)]
    titles = _titles(procedure)
    order = [*(key for key in titles if key in counted), *(key for key in counted if key not in titles)]
    if CONFIRM in order:
        order = [*(key for key in order if key != CONFIRM), CONFIRM]
    return [StepLine(key, titles.get(key, key), *counted[key]) for key in order]


def _titles(procedure: Procedure) -> dict[str, str]:
    found: dict[str, str] = {}
    versions = FormVersion.objects.filter(form=procedure.form_id) if procedure.form_id else FormVersion.objects.none()
    for version in versions.order_by("-number"):
        for step in compiled_form(version).definition.steps:
            found.setdefault(step.key, step.title)
    return found | {CONFIRM: "確認（出す前のページ）"}
