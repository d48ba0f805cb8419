"""A file is read into a kept table: read, matched, tried, applied."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.columns import header_key, propose_columns
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service
from kakehashi.opendata.domain.importing import Fate, Known, PlannedLine, matchable, plan_lines
from kakehashi.opendata.domain.registry import RegisterTable
from kakehashi.opendata.domain.tables import BadTable, GivenTable, read_given
from kakehashi.opendata.models import ImportState, TableImport
from kakehashi.opendata.selectors.registers import cells_of, remembered_headers
from kakehashi.opendata.services.registers import SUBJECT, require_keeper

__all__ = ["ImportPlan", "apply_import", "match_import", "plan_import", "start_import", "take_table"]


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do: every line, the lines that could not be read, and the IDs that the file does not have."""

    lines: list[PlannedLine]
    faults: list[tuple[int, str]]
    missing: list[str]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines there are of each fate; unreadable ones are broken."""
        counted = Counter(line.fate.value for line in self.lines)
        counted[Fate.BROKEN.value] += len(self.faults)
        return {fate.value: counted.get(fate.value, 0) for fate in Fate} | {"missing": len(self.missing)}


@service
def start_import(
    *, actor: Actor, register: RegisterTable, name: str, content: bytes, kind: str, idempotency_key: UUID
) -> TableImport:
    """Read a file (CSV, Excel, JSON, GeoJSON) and propose which column is which; nothing is imported yet.

    Raises PermissionRefused, and DomainError for a file that is no table.
    """
    require_keeper(actor, register)
    made = TableImport.objects.filter(idempotency_key=idempotency_key).first()
    if made is not None:
        return made
    try:
        table = read_given(name, content, register.columns)
    except BadTable as problem:
        raise DomainError(str(problem), field="file") from problem
    if table.merged:
        raise DomainError(
            f"結合されたセルが{table.merged}か所あります。結合を解き、それぞれのセルに値を書いてください。",
            field="file",
        )
    return TableImport.objects.create(
        register=register.code,
        file_name=name[:200],
        encoding=table.encoding,
        headers=table.headers,
        rows=[[line, cells] for line, cells in table.rows],
        faults=[[line, why] for line, why in table.faults],
        matches=propose(register, table.headers, remembered_headers(register)),
        report={"kind": register.kind(kind).code},
        made_by=actor.label[:200],
        idempotency_key=idempotency_key,
    )


@service
def match_import(
    *,
    actor: Actor,
    register: RegisterTable,
    table_import: TableImport,
    matches: Mapping[str, str],
    retires_missing: bool,
) -> TableImport:
    """Say which heading of the file is which column (our key → heading) and whether rows the file lacks are retired.

    Raises PermissionRefused, and DomainError for a column used twice, an unknown heading or a missing ID.
    """
    require_keeper(actor, register)
    chosen = {key: header for key, header in matches.items() if header}
    doubled = [header for header, count in Counter(chosen.values()).items() if count > 1]
    if doubled:
        raise DomainError(f"「{doubled[0]}」を二つの列に使っています。", field=None)
    if any(header not in table_import.headers for header in chosen.values()):
        raise DomainError("ファイルにない見出しです。")
    for column in register.own_columns:
        if column.is_unique and column.key not in chosen:
            raise DomainError(f"「{column.header}」にあたる列を選んでください。", field=column.key)
    TableImport.objects.filter(id=table_import.id, state=ImportState.READ).update(
        matches=chosen, retires_missing=retires_missing
    )
    table_import.refresh_from_db()
    return table_import


@service
def apply_import(*, actor: Actor, register: RegisterTable, table_import: TableImport) -> TableImport:
    """Do what the trial said, and write `opendata.register.imported` with counts and a digest of the lines.

    Broken lines are left out and named in the report. A second call does nothing. Raises PermissionRefused.
    """
    require_keeper(actor, register)
    with transaction.atomic():
        kept = TableImport.objects.select_for_update().get(id=table_import.id)
        if kept.state == ImportState.APPLIED:
            return kept
        plan = plan_import(register, kept)
        _write(register, plan, register.kind(kept.report.get("kind", "")).at_first, retire=kept.retires_missing)
        counts = plan.counts if kept.retires_missing else plan.counts | {"missing": 0}
        kept.report = {**kept.report, "counts": counts, "lines": _told(plan)}
        kept.state, kept.applied_at, kept.rows = ImportState.APPLIED, clock.now(), []
        kept.save()
        _record(actor, register, kept.id, kept.file_name, counts, plan)
    return kept


@service
def take_table(
    *,
    actor: Actor,
    register: RegisterTable,
    name: str,
    table: GivenTable,
    kind: str,
    import_id: UUID,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportPlan:
    """Import a table that was read already, with the columns that were proposed; for the command line.

    Raises PermissionRefused, and DomainError when the column of the ID is not found.
    """
    require_keeper(actor, register)
    matches = propose(register, table.headers, {})
    for column in register.own_columns:
        if column.is_unique and column.key not in matches:
            raise DomainError(f"「{column.header}」にあたる列が見つかりません。")
    plan = _planned(register, table.headers, table.rows, matches, table.faults, kind)
    if not dry_run:
        _write(register, plan, register.kind(kind).at_first, retire=False)
        _record(actor, register, import_id, name, plan.counts | {"missing": 0}, plan)
    if progress:
        progress(len(table.rows), len(table.rows))
    return plan


def propose(register: RegisterTable, headers: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """Which heading of a file is probably which of our columns."""
    wanted = [register.own_code, *(column.key for column in register.own_columns)]
    columns = [column for column in register.columns if column.key in wanted]
    found = propose_columns(headers, matchable(columns), remembered)
    # A heading that only resembles ours is offered to a person on the page and never taken by itself where it is a mark or a code.
    return {key: headers[match.at] for key, match in found.items() if match.how in {"remembered", "same", "alias"}}


def plan_import(register: RegisterTable, table_import: TableImport) -> ImportPlan:
    """What the import would do now."""
    rows = [(line, cells) for line, cells in table_import.rows]
    faults = [(line, why) for line, why in table_import.faults]
    kind = table_import.report.get("kind", "")
    return _planned(register, table_import.headers, rows, table_import.matches, faults, kind)


def _planned(
    register: RegisterTable,
    headers: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    matches: Mapping[str, str],
    faults: Sequence[tuple[int, str]],
    kind: str,
) -> ImportPlan:
    at = {key: headers.index(header) for key, header in matches.items() if header in headers}
    known = {row.identifier: Known(cells_of(register, row), row.is_retired) for row in register.model.objects.all()}
    own = [column for column in register.columns if column.key == register.own_code]
    same = _same_rows(register, rows, headers, at, kind)
    lines = plan_lines(
        [*own, *register.own_columns],
        rows,
        at,
        own_code=(register.own_code, register.derived().get(register.own_code, "")),
        known=known,
        always=register.kind(kind).always,
        same_row=same,
    )
    named = {line.identifier for line in lines}
    missing = [identifier for identifier, row in known.items() if identifier not in named and not row.is_retired]
    return ImportPlan(lines, list(faults), missing)


def _same_rows(
    register: RegisterTable,
    rows: Sequence[tuple[int, Sequence[str]]],
    headers: Sequence[str],
    at: Mapping[str, int],
    kind: str,
) -> dict[int, str]:
    if register.same_rows is None:
        return {}
    find, found = register.same_rows(kind), {}
    for line, cells in rows:
        given = {header: cells[number] for number, header in enumerate(headers)}
        given |= {key: cells[number] for key, number in at.items()}
        identifier = find(given)
        if identifier:
            found[line] = identifier
    return found


def _write(register: RegisterTable, plan: ImportPlan, at_first: Mapping[str, Any], *, retire: bool) -> None:
    model, now = register.model, clock.now()
    new = [model(**{**at_first, **line.values}) for line in plan.lines if line.fate is Fate.NEW]
    model.objects.bulk_create(new, batch_size=500)
    changed = {line.identifier: line for line in plan.lines if line.fate is Fate.CHANGED}
    rows = list(model.objects.filter(identifier__in=list(changed)))
    fields: set[str] = set()
    for row in rows:
        line = changed[row.identifier]
        for key in line.changed:
            setattr(row, key, line.values[key])
        row.revision += 1
        row.updated_at = now
        fields |= {*line.changed, "revision", "updated_at"}
    if rows:
        model.objects.bulk_update(rows, sorted(fields), batch_size=300)
    if retire and plan.missing:
        model.objects.filter(identifier__in=plan.missing, retired_on=None).update(
            retired_on=clock.today(), revision=F("revision") + 1
        )


def _told(plan: ImportPlan) -> list[list[Any]]:
    """The lines worth reading later: everything but the unchanged and the foreign ones."""
    told = [[line, "", "", Fate.BROKEN.value, why, []] for line, why in plan.faults]
    quiet = {Fate.SAME, Fate.ELSEWHERE}
    told += [
        [one.line, one.identifier, one.name, one.fate.value, one.problem, list(one.notes)]
        for one in plan.lines
        if one.fate not in quiet or one.notes
    ]
    return sorted(told, key=lambda row: (row[0], row[1]))


def _record(
    actor: Actor, register: RegisterTable, import_id: UUID, name: str, counts: Mapping[str, int], plan: ImportPlan
) -> None:
    lines = json.dumps([[one.line, one.identifier, one.fate.value] for one in plan.lines], ensure_ascii=False)
    record_event(
        actor=actor,
        code=f"{SUBJECT}.imported",
        subject_kind=SUBJECT,
        subject_id=import_id,
        payload={
            "register": register.code,
            "file": name,
            "counts": dict(counts),
            "digest": hashlib.sha256(lines.encode()).hexdigest(),
        },
    )


def known_heading(register: RegisterTable, header: str) -> bool:
    """Whether a heading is one of ours under any name."""
    words = {header_key(word) for column in register.columns for word in (column.header, *column.aliases)}
    return header_key(header) in words
