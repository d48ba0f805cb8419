"""The national lists of 国土地理院 are read whole: every row is taken or named, none is guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.lg_code import LgCodeError, normalise
from kakehashi.kernel.services import service
from kakehashi.opendata.domain.tables import BadTable, GivenTable, read_given
from kakehashi.shelters.domain.hazards import HAZARDS
from kakehashi.shelters.models import ReferenceEdition, ReferenceKind, ReferenceSite

_ID, _CODE, _NAME, _ADDRESS = "共通ID", "団体コード", "施設・場所名", "住所"
_LATITUDE, _LONGITUDE = "緯度", "経度"
_BOTH = {ReferenceKind.SITE: "指定避難所との住所同一", ReferenceKind.SHELTER: "指定緊急避難場所との住所同一"}
_COLUMNS = (
    "id", "kind", "common_id", "code", "name", "address", "hazards", "is_both", "accepts", "needs", "note", "latitude", "longitude",
)  # fmt: skip
_STEP = 5_000


@dataclass
class ReferenceReport:
    """What an import did: rows read and taken, and (line, why) for each that was not."""

    kind: str
    read: int = 0
    taken: int = 0
    governments: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


@service
def import_reference(
    *, name: str, content: bytes, dry_run: bool = False, progress: Callable[[int, int], None] | None = None
) -> ReferenceReport:
    """Replace a national list (指定緊急避難場所 or 指定避難所, told by its headings) by the rows of a file.

    The rows of the earlier edition go in the same transaction, so that readers see one or the other. Raises DomainError for a file
    that is neither list, or holds no row that can be read.
    """
    try:
        table = read_given(name, content, most=1_000_000)
    except BadTable as problem:
        raise DomainError(str(problem)) from problem
    kind = kind_of(table.headers)
    report = ReferenceReport(kind.label, read=len(table.rows) + len(table.faults), faults=list(table.faults))
    rows = list(_checked(table, kind, report, progress))
    if not rows:
        raise DomainError("読める行が一つもありません。")
    report.taken, report.governments = len(rows), len({row[3] for row in rows})
    report.faults.sort()
    if not dry_run:
        with transaction.atomic():
            ReferenceSite.objects.filter(kind=kind).delete()
            _copy(rows)
            ReferenceEdition.objects.create(
                kind=kind,
                file_name=name[:200],
                row_count=len(rows),
                fault_count=len(report.faults),
                digest=hashlib.sha256(content).hexdigest(),
            )
    return report


def kind_of(headers: Sequence[str]) -> ReferenceKind:
    """Which of the national lists a file is. Raises DomainError for neither."""
    known = set(headers)
    if {_ID, _CODE, _NAME, _ADDRESS, _LATITUDE, _LONGITUDE} <= known:
        if {hazard.name for hazard in HAZARDS} <= known:
            return ReferenceKind.SITE
        if _BOTH[ReferenceKind.SHELTER] in known:
            return ReferenceKind.SHELTER
    raise DomainError("国土地理院の「指定緊急避難場所」「指定避難所」のどちらの見出しでもありません。")


def _checked(
    table: GivenTable, kind: ReferenceKind, report: ReferenceReport, progress: Callable[[int, int], None] | None
) -> Iterator[tuple[Any, ...]]:
    at = {header: number for number, header in enumerate(table.headers)}
    codes: dict[str, str] = {}
    seen: dict[str, int] = {}
    total = len(table.rows)
    for done, (line, cells) in enumerate(table.rows, start=1):
        try:
            yield _row(cells, at, kind, codes, seen, line)
        except ValueError as problem:
            report.faults.append((line, str(problem)))
        if progress and (done % _STEP == 0 or done == total):
            progress(done, total)


def _row(
    cells: Sequence[str],
    at: Mapping[str, int],
    kind: ReferenceKind,
    codes: dict[str, str],
    seen: dict[str, int],
    line: int,
) -> tuple[Any, ...]:
    common_id, name, address = cells[at[_ID]], cells[at[_NAME]], cells[at[_ADDRESS]]
    if not common_id or len(common_id) > 20:
        raise ValueError("共通IDがないか、長すぎます。")
    if common_id in seen:
        raise ValueError(f"共通ID {common_id} が{seen[common_id]}行目と同じです。")
    if not name:
        raise ValueError(f"共通ID {common_id}：施設・場所名がありません。")
    row = (
        uuid7(), kind.value, common_id, _code(cells[at[_CODE]], common_id, codes), _one_line(name)[:300], _one_line(address)[:400],
        _hazards(cells, at, common_id) if kind is ReferenceKind.SITE else 0, _mark(cells[at[_BOTH[kind]]], common_id),
        _optional(cells, at, "受入対象者", 1000), _optional(cells, at, "その他市町村長が必要と認める事項", 1000),
        _optional(cells, at, "備考", 2000), *_place(cells[at[_LATITUDE]], cells[at[_LONGITUDE]], common_id),
    )  # fmt: skip
    seen[common_id] = line
    return row


def _code(text: str, common_id: str, codes: dict[str, str]) -> str:
    if text not in codes:
        try:
            codes[text] = normalise(text)
        except LgCodeError as problem:
            raise ValueError(f"共通ID {common_id}：{problem}") from problem
    return codes[text]


def _hazards(cells: Sequence[str], at: Mapping[str, int], common_id: str) -> int:
    return sum(_mark(cells[at[hazard.name]], common_id) << bit for bit, hazard in enumerate(HAZARDS))


def _mark(text: str, common_id: str) -> bool:
    if text in {"", "1"}:
        return bool(text)
    raise ValueError(f"共通ID {common_id}：「{text}」は1でも空欄でもありません。")


def _place(latitude: str, longitude: str, common_id: str) -> tuple[float, float]:
    try:
        north, east = float(latitude), float(longitude)
    except ValueError:
        raise ValueError(f"共通ID {common_id}：緯度・経度「{latitude}, {longitude}」が数ではありません。") from None
    if not (20 <= north <= 46 and 122 <= east <= 154.5):
        raise ValueError(f"共通ID {common_id}：緯度・経度「{latitude}, {longitude}」が日本の外です。")
    return north, east


def _optional(cells: Sequence[str], at: Mapping[str, int], header: str, length: int) -> str:
    return _one_line(cells[at[header]])[:length] if header in at else ""


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text else text


def _copy(rows: Sequence[tuple[Any, ...]]) -> None:
    """Write the rows in one COPY; inserts of a hundred thousand rows would take most of the minute."""
    columns = ", ".join(f'"{name}"' for name in _COLUMNS)
    table = ReferenceSite._meta.db_table
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in rows:
            copy.write_row(row)
