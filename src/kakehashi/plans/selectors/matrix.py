"""The prefecture's view: its municipalities, the indicators they share or that are published, and each cell.

Nothing here reads a municipality's own rows: only copies that were addressed to this prefecture, and what is public. A municipality
reads with its `Sight`: of the same copies those that their towns chose to show to the other towns as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.domain.published import RowKind, Scope
from kakehashi.indicators.domain.registry import MEASURES
from kakehashi.indicators.models import PublishedEdition, PublishedIndicator, PublishedValue
from kakehashi.indicators.selectors.published import editions
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.plans.domain.matrix import OF_ANSWER, OF_FIGURE, Cell, CellState, Column, cell_text
from kakehashi.plans.models import SharedFigure, SharedMeasure
from kakehashi.plans.selectors.sharing import MUNICIPALITIES, room_label

ANSWERS = {answer.value: state for answer, state in OF_ANSWER.items()}
FIGURES = {figure.value: state for figure, state in OF_FIGURE.items()}
_Copy = TypeVar("_Copy", SharedFigure, SharedMeasure)
Cells = dict[str, dict[UUID, Cell]]
"""Column key → government id → cell."""


@dataclass(frozen=True)
class AsOf:
    """Which values are asked for: the newest of a kind of period, or those of one period."""

    kind: PeriodKind = PeriodKind.YEAR
    period: Period | None = None

    @classmethod
    def parse(cls, code: str) -> AsOf:
        """Read 「year」, 「month」 (the newest), 「2026」 or 「2026-10」; the newest year for nonsense."""
        if code in {"", PeriodKind.YEAR}:
            return cls()
        if code == PeriodKind.MONTH:
            return cls(PeriodKind.MONTH)
        try:
            period = Period.parse(code)
        except ValueError:
            return cls()
        return cls(period.kind, period)

    @property
    def code(self) -> str:
        """What `parse` reads."""
        return self.period.code if self.period else str(self.kind.value)

    @property
    def label(self) -> str:
        """The same in words."""
        return self.period.label if self.period else ("最新の年度" if self.kind is PeriodKind.YEAR else "最新の月")


@dataclass(frozen=True)
class Sight:
    """Whose eyes see the copies: those of the prefecture they are addressed to, or a town's, for which fewer are meant."""

    audience_id: UUID
    is_town: bool = False

    def of(self, rows: QuerySet[_Copy]) -> QuerySet[_Copy]:
        """The copies it may see."""
        rows = rows.filter(audience_id=self.audience_id)
        return rows.filter(for_towns=True) if self.is_town else rows


def sight_of(government: Government) -> Sight:
    """The sight of a prefecture, or of a municipality below one; one without a prefecture sees nobody's copies."""
    if government.kind == GovernmentKind.PREFECTURE:
        return Sight(government.id)
    return Sight(government.parent_id or government.id, is_town=True)


def municipalities() -> list[Government]:
    """The municipalities of the prefecture whose scope is open, in the order of codes. Wards of a city are not among them."""
    mine = current_government_id()
    return list(Government.objects.filter(parent_id=mine, kind__in=MUNICIPALITIES).order_by("code"))


def neighbours_of(government: Government) -> list[Government]:
    """The municipalities of a municipality's prefecture, itself among them; itself alone where no prefecture is known."""
    rows = Government.objects.filter(kind__in=MUNICIPALITIES).order_by("code")
    return list(rows.filter(parent_id=government.parent_id) if government.parent_id else rows.filter(id=government.id))


def columns(edition: PublishedEdition | None) -> list[Column]:
    """Every indicator of the matrix: what municipalities share, by room, then what is published in an edition."""
    return [*shared_columns(Sight(current_government_id())), *(published_columns(edition) if edition else ())]


def newest_edition() -> PublishedEdition | None:
    """The edition shown unless another is asked for."""
    return editions().first()


def cells_of(
    wanted: Sequence[Column], governments: Sequence[Government], as_of: AsOf, sight: Sight | None = None
) -> Cells:
    """Every cell of some columns. Three queries, however many municipalities; each goes by an index of the prefecture's copies."""
    ids = [one.id for one in governments]
    shared = [one for one in wanted if one.measure_key]
    published = [one for one in wanted if one.published_id]
    found: Cells = {one.key: {} for one in wanted}
    if shared:
        _add_shared(found, shared, ids, as_of, sight or Sight(current_government_id()))
    if published:
        _add_published(found, published, ids)
    return found


def figures_of(origin_id: UUID, measure_key: str) -> list[SharedFigure]:
    """Every copy a municipality gave us of one indicator: those of years, then those of months, each oldest first."""
    rows = SharedFigure.objects.filter(audience_id=current_government_id(), origin_id=origin_id, key=measure_key)
    return list(rows.order_by("-period_kind", "period_first"))


def published_history(published: PublishedIndicator, government: Government) -> list[PublishedValue]:
    """What every edition said of a government under the same name, the newest first, corrections included."""
    rows = PublishedValue.objects.filter(
        indicator__scope=published.scope,
        indicator__area=published.area,
        indicator__label=published.label,
        government=government,
    )
    return list(
        rows.select_related("indicator__edition").order_by(
            F("indicator__edition__as_of").desc(nulls_last=True), "-recorded_at", "-revision"
        )
    )


def shared_columns(sight: Sight) -> list[Column]:
    """Every indicator that a municipality shows to a sight, by room."""
    rows = sight.of(SharedMeasure.objects.all())
    keys = set(rows.order_by().values_list("key", flat=True).distinct())
    found = [_registered_column(key) for key in sorted(keys) if key in MEASURES]
    # One kept by hand is described as the newest of its municipalities describes it.
    unknown = [key for key in keys if key not in MEASURES]
    described = rows.filter(key__in=unknown).order_by("key", "-id").distinct("key") if unknown else ()
    return sorted(found + [_described_column(one) for one in described], key=lambda one: (one.theme, one.label))


def _registered_column(key: str) -> Column:
    measure = MEASURES.get(key)
    theme = f"共有：{room_label(measure.room)}"
    return Column(f"s.{key}", measure.label, measure.unit, theme, measure.direction.value, measure_key=key)


def _described_column(one: SharedMeasure) -> Column:
    digest = hashlib.blake2b(one.key.encode(), digest_size=8).hexdigest()
    note = "手入力" if one.key.startswith("manual:") else ""
    theme = f"共有：{room_label(one.room)}"
    return Column(f"m-{digest}", one.label, one.unit, theme, one.direction, note=note, measure_key=one.key)


def published_columns(edition: PublishedEdition) -> list[Column]:
    """What an edition publishes about municipalities; public, whoever asks."""
    rows = PublishedIndicator.objects.filter(edition=edition, scope=Scope.MUNICIPALITY).order_by("order")
    return [
        Column(
            key=f"p-{one.id.hex}",
            label=one.label,
            unit="%" if one.kind == RowKind.PERCENT else "",
            theme=f"公表値：{one.area}",
            direction=Direction.UP.value,
            is_yes_no=one.kind == RowKind.YES_NO,
            published_id=one.id,
        )
        for one in rows
    ]


def _add_shared(found: Cells, wanted: Sequence[Column], ids: Sequence[UUID], as_of: AsOf, sight: Sight) -> None:
    keys = {one.measure_key: one.key for one in wanted}
    for origin, key, state, value, first in _figures(sight, keys, as_of).values_list(
        "origin_id", "key", "state", "value", "period_first"
    ):
        found[keys[key]][origin] = Cell(FIGURES[state], value, first)
    every = [found[one.key] for one in wanted]
    silent = [one for one in ids if any(one not in cells for cells in every)]
    # Most cells have a value; only of the others, and of what is withheld, must the description be asked.
    described = sight.of(SharedMeasure.objects.filter(key__in=keys))
    told: dict[str, set[UUID]] = {}
    for origin, key, is_shared in described.filter(Q(is_shared=False) | Q(origin_id__in=silent)).values_list(
        "origin_id", "key", "is_shared"
    ):
        told.setdefault(key, set()).add(origin)
        if not is_shared:
            found[keys[key]][origin] = Cell(CellState.WITHHELD)
    # A town cannot know whether another has no such figure or shows it to the prefecture alone.
    speaking = set() if sight.is_town else _speaking(sight, silent)
    unknown = CellState.UNSEEN if sight.is_town else CellState.ABSENT
    for one in wanted:
        cells, telling = found[one.key], told.get(one.measure_key, set())
        for government_id in silent:
            if government_id not in cells:
                cells[government_id] = Cell(
                    CellState.NOT_SURVEYED if government_id in telling
                    else CellState.OUT_OF_SCOPE if government_id in speaking
                    else unknown
                )  # fmt: skip


def _speaking(sight: Sight, silent: Sequence[UUID]) -> set[UUID]:
    """Who shares anything with us: where one indicator is not told of, its room is not used there."""
    if not silent:
        return set()
    rows = sight.of(SharedMeasure.objects.filter(origin_id__in=list(silent)))
    return set(rows.order_by().values_list("origin_id", flat=True).distinct())


def _figures(sight: Sight, keys: Collection[str], as_of: AsOf) -> QuerySet[SharedFigure]:
    rows = sight.of(SharedFigure.objects.filter(key__in=list(keys), period_kind=as_of.kind.value))
    return rows.filter(is_latest=True) if as_of.period is None else rows.filter(period_first=as_of.period.first)


def _add_published(found: Cells, wanted: Sequence[Column], ids: Sequence[UUID]) -> None:
    keys = {one.published_id: one.key for one in wanted}
    rows = PublishedValue.objects.filter(indicator__in=list(keys), government__in=list(ids), is_current=True)
    for indicator, government, answer, value in rows.values_list("indicator_id", "government_id", "answer", "value"):
        found[keys[indicator]][government] = Cell(ANSWERS[answer], value)
    for one in wanted:
        cells = found[one.key]
        for government_id in ids:
            # The table does not name the government: that is no answer of its own.
            cells.setdefault(government_id, Cell(CellState.OUT_OF_SCOPE))


@dataclass(frozen=True)
class Moment:
    """One value of the past: when, what, what it was made of, and why it was corrected."""

    label: str
    cell: Cell
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    origin: str = ""
    finality: str = ""
    revision: int = 1
    reason: str = ""
    is_current: bool = True

    @property
    def cells(self) -> list[object]:
        """The same as a line of a file."""
        value: object = cell_text(self.cell) if self.cell.value is None else float(self.cell.value)
        parts = [None if one is None else float(one) for one in (self.numerator, self.denominator)]
        return [self.label, value, *parts, self.origin, self.finality, self.revision, self.reason]


def history_of(column: Column, government: Government) -> list[Moment]:
    """Every value of a cell that is known, oldest first: of years, then of months; of a published one, by edition."""
    if column.published_id:
        published = PublishedIndicator.objects.select_related("edition").get(id=column.published_id)
        return [_published_moment(one) for one in reversed(published_history(published, government))]
    return [_shared_moment(one) for one in figures_of(government.id, column.measure_key)]


def _published_moment(one: PublishedValue) -> Moment:
    edition = one.indicator.edition
    return Moment(
        edition.name, Cell(ANSWERS[one.answer], one.value), one.numerator, one.denominator, "公表値",
        "確定" if edition.is_confirmed else "速報", one.revision, one.reason, one.is_current,
    )  # fmt: skip


def _shared_moment(one: SharedFigure) -> Moment:
    return Moment(
        one.period.label, Cell(FIGURES[one.state], one.value, one.period_first), one.numerator, one.denominator,
        one.get_value_origin_display(), one.finality_words, one.revision,
    )  # fmt: skip


def described_by(government: Government, column: Column) -> SharedMeasure | None:
    """How the municipality itself describes an indicator it shares; None for what is published."""
    rows = SharedMeasure.objects.filter(audience_id=current_government_id(), origin_id=government.id)
    return rows.filter(key=column.measure_key).first() if column.measure_key else None


def published_of(column: Column) -> PublishedIndicator | None:
    """The published indicator behind a column; None for a shared one."""
    rows = PublishedIndicator.objects.select_related("edition")
    return rows.filter(id=column.published_id).first() if column.published_id else None
