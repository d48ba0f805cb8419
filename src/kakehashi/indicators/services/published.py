"""Importing published comparison tables. They belong to no town, so these acts stand in no town's journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.indicators.domain.published import (
    Answer,
    Cell,
    PublishedRow,
    PublishedTable,
    Scope,
    UnreadableTable,
    differing_names,
    read_table,
    share_differs,
)
from kakehashi.indicators.models import PublishedEdition, PublishedIndicator, PublishedValue
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.services import service

_MUNICIPALITIES = (
    GovernmentKind.DESIGNATED_CITY,
    GovernmentKind.CITY,
    GovernmentKind.SPECIAL_WARD,
    GovernmentKind.TOWN,
    GovernmentKind.VILLAGE,
)
# The columns of `PublishedValue`, in the order in which `_take_row` writes them.
_COLUMNS = (
    *("id", "indicator_id", "government_id"),
    *("answer", "value", "numerator", "denominator"),
    *("revision", "reason", "is_current", "recorded_at"),
)
_LINES_AT_ONCE = 500
_NULL = r"\N"
_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
Progress = Callable[[int, int], None]


@dataclass
class PublishedReport:
    """What an import did: tables by scope, values that are new, corrected or as they were, and what was left out and why."""

    tables: list[str] = field(default_factory=list)
    created: int = 0
    revised: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    differing_shares: list[str] = field(default_factory=list)


@service
def import_published_tables(
    *,
    files: Sequence[tuple[str, bytes]],
    edition: str,
    source: str,
    as_of: date | None = None,
    is_confirmed: bool = True,
    reason: str = "",
    progress: Progress | None = None,
    among: Sequence[Government] | None = None,
) -> PublishedReport:
    """Import the tables of one edition, each `(file name, content)`; the same again changes nothing.

    A value that differs from the one this edition already has is a correction: it needs a `reason`, and the former value stays as a
    revision. The governments must be there: columns are matched by the order of codes and every name is compared; a table whose names
    differ is refused as a whole. `among` names the governments a table of a demo speaks of, in its order. Raises DomainError.
    """
    report = PublishedReport()
    tables = [(name, _read(name, content)) for name, content in files]
    total = sum(len(table.rows) * len(table.names) for _, table in tables)
    kept, _ = PublishedEdition.objects.get_or_create(
        name=edition, defaults={"source": source, "as_of": as_of, "is_confirmed": is_confirmed}
    )
    kept.source, kept.as_of, kept.is_confirmed, kept.imported_at = source, as_of, is_confirmed, clock.now()
    kept.save()
    done = 0
    for name, table in tables:
        governments = _governments(name, table, among)
        report.tables.append(f"{name}（{len(table.names)}団体 × {len(table.rows)}指標）")
        report.problems += [f"{name} {problem}" for problem in table.problems]
        taken = _Taken(_indicators(kept, table), _current(kept, table.scope), reason.strip())
        for row in table.rows:
            _take_row(taken, row, governments, report)
            done += len(row.cells)
            if progress:
                progress(done, total)
        taken.write()
        report.revised += len(taken.outdated)
        report.created += len(taken.new) - len(taken.outdated)
    return report


Known = tuple[UUID, int, Cell]


@dataclass
class _Taken:
    """What a table says anew: the lines to be written, the ids of the values they replace."""

    indicators: Mapping[tuple[str, str], UUID]
    before: Mapping[tuple[UUID, UUID], Known]
    reason: str
    new: list[str] = field(default_factory=list)
    outdated: list[UUID] = field(default_factory=list)

    def write(self) -> None:
        """All at once by one COPY: the database reads while this process writes, and no line waits for an answer."""
        if self.outdated:
            PublishedValue.objects.filter(id__in=self.outdated).update(is_current=False)
        if not self.new:
            return
        table, columns = PublishedValue._meta.db_table, ", ".join(_COLUMNS)
        with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for start in range(0, len(self.new), _LINES_AT_ONCE):
                copy.write("".join(self.new[start : start + _LINES_AT_ONCE]))


def _read(name: str, content: bytes) -> PublishedTable:
    try:
        return read_table(content)
    except UnreadableTable as problem:
        raise DomainError(f"{name}：{problem}", field="file", code="unreadable") from problem


def _governments(name: str, table: PublishedTable, among: Sequence[Government] | None) -> list[Government]:
    kinds = (GovernmentKind.PREFECTURE,) if table.scope == Scope.PREFECTURE else _MUNICIPALITIES
    # Made-up governments of a demo carry codes that no real one has (99…): no published table speaks of them.
    rows = Government.objects.filter(kind__in=kinds, code__lt="48").order_by("code")
    found = list(rows if among is None else among)
    if wrong := differing_names(table.names, [government.name for government in found]):
        raise DomainError(
            f"{name}：団体の並びが、コード順の団体の一覧と合いません。{wrong[0]}"
            + (f"ほか{len(wrong) - 1}か所。" if len(wrong) > 1 else "")
            + "先に kakehashi import governments で団体の一覧を取り込んでください。",
            field="file",
            code="governments_differ",
        )
    return found


def _current(edition: PublishedEdition, scope: Scope) -> dict[tuple[UUID, UUID], Known]:
    """The current values of an edition by indicator and government, with their id and revision."""
    rows = PublishedValue.objects.filter(indicator__edition=edition, indicator__scope=scope, is_current=True)
    names = ("id", "revision", "indicator_id", "government_id", "answer", "value", "numerator", "denominator")
    found: Iterable[tuple[UUID, int, UUID, UUID, str, Decimal | None, Decimal | None, Decimal | None]]
    found = rows.values_list(*names).iterator(chunk_size=10_000)
    return {
        (indicator, government): (key, revision, _comparable(answer, value, above, below))
        for key, revision, indicator, government, answer, value, above, below in found
    }


def _comparable(answer: str, *numbers: Decimal | None) -> Cell:
    return Cell(Answer(answer), *numbers)


def _indicators(edition: PublishedEdition, table: PublishedTable) -> dict[tuple[str, str], UUID]:
    """The ids of a table's indicators by area and label; those not known yet are made, in the order of the table."""
    mine = PublishedIndicator.objects.filter(edition=edition, scope=table.scope)
    known = {(area, label): key for area, label, key in mine.values_list("area", "label", "id")}
    made = {
        (row.area, row.label): PublishedIndicator(
            edition=edition, scope=table.scope, area=row.area, label=row.label, kind=row.kind, order=order
        )
        for order, row in enumerate((row for row in table.rows if (row.area, row.label) not in known), len(known))
    }
    PublishedIndicator.objects.bulk_create(made.values())
    return known | {key: one.id for key, one in made.items()}


def _take_row(taken: _Taken, row: PublishedRow, governments: Sequence[Government], report: PublishedReport) -> None:
    indicator, now = taken.indicators[row.area, row.label], clock.now().isoformat()
    why = taken.reason.translate(_ESCAPED)
    for government, cell in zip(governments, row.cells, strict=True):
        if share_differs(cell):
            report.differing_shares.append(f"{row.label} {government.name}")
        known = taken.before.get((indicator, government.id))
        if known and known[2] == cell:
            report.unchanged += 1
            continue
        if known and not taken.reason:
            raise DomainError(
                f"{row.label}の{government.name}の値が、この版にある値と違います。訂正の理由が要ります。",
                field="reason",
                code="required",
            )
        if known:
            taken.outdated.append(known[0])
        revision = f"{known[1] + 1}\t{why}" if known else "1\t"
        numbers = "\t".join(
            _NULL if one is None else f"{one:f}" for one in (cell.value, cell.numerator, cell.denominator)
        )
        taken.new.append(
            f"{uuid7()}\t{indicator}\t{government.id}\t{cell.answer.value}\t{numbers}\t{revision}\tt\t{now}\n"
        )
