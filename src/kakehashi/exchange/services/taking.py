"""受け取る: a CSV of another system, matched, tried row by row without writing, then taken in."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import DataError, IntegrityError, transaction

from kakehashi.exchange.domain.coexistence import Intake
from kakehashi.exchange.domain.columns import missing_columns, propose_columns
from kakehashi.exchange.domain.csv_text import BadTable, Table, read_table
from kakehashi.exchange.models import IntakeRun, Layout, RunState
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors import remembered_headers
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, KakehashiError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

__all__ = ["apply_intake", "map_intake", "start_intake", "table_of", "try_intake"]


class _Undo(Exception):
    """Takes a trial back."""


@service
def start_intake(
    *, actor: Actor, code: str, how: Intake, file_name: str, content: bytes, from_folder: bool = False
) -> IntakeRun:
    """Take a file in for confirmation, with a proposal for its columns; nothing of it is applied yet.

    Raises DomainError for a file that is no table, PermissionRefused.
    """
    require(actor, ExchangePermission.SYSTEMS)
    require(actor, how.permission)
    table = _read(content)
    proposed = propose_columns(table.headers, how.columns, remembered_headers(code))
    run: IntakeRun = IntakeRun.objects.create(
        code=code,
        file_name=file_name.replace("\x00", "")[-200:],
        sha256=sha256(content).hexdigest(),
        content=content,
        mapping={key: match.at for key, match in proposed.items()},
        from_folder=from_folder,
        made_by=actor.label[:200],
    )
    return run


def _read(content: bytes) -> Table:
    try:
        return read_table(content)
    except BadTable as error:
        raise DomainError(str(error), field="file") from error


def table_of(run: IntakeRun) -> Table:
    """The table of a run that is not applied yet. Raises DomainError when its content is gone."""
    return _read(bytes(run.content))


@service
def map_intake(*, actor: Actor, run: IntakeRun, how: Intake, mapping: Mapping[str, int]) -> IntakeRun:
    """Choose the columns; the choice is remembered by header for the next file of this kind.

    Raises DomainError for a column chosen twice or out of range, Stale for a run that is applied.
    """
    require(actor, ExchangePermission.SYSTEMS)
    if run.state != RunState.DRAFT:
        raise Stale
    headers, known = table_of(run).headers, {column.key for column in how.columns}
    if not set(mapping) <= known or any(not 0 <= at < len(headers) for at in mapping.values()):
        raise DomainError("選べない列です。画面を読み直してください。")
    if len(set(mapping.values())) != len(mapping):
        raise DomainError("同じ列を二つの項目に使っています。列の対応を確かめてください。")
    run.mapping = dict(mapping)
    run.save(update_fields=["mapping"])
    Layout.objects.update_or_create(
        code=run.code,
        defaults={
            "columns": [{"key": key, "header": headers[at]} for key, at in mapping.items()],
            "saved_at": clock.now(),
            "saved_by": actor.label[:200],
        },
    )
    return run


def try_intake(*, actor: Actor, run: IntakeRun, how: Intake) -> list[dict[str, Any]]:
    """試し: what would become of every row, worked out by really doing it and taking all of it back."""
    found: list[list[dict[str, Any]]] = []
    try:
        with transaction.atomic():
            found.append(_applied(actor, run, how))
            raise _Undo
    except _Undo:
        return found[0]


@service
def apply_intake(*, actor: Actor, run: IntakeRun, how: Intake) -> IntakeRun:
    """取り込む: each row by itself; one that cannot be taken in never stops the others, and stands in the report.

    Taking the same file again changes nothing: its rows are known. Raises Stale when the run is applied already,
    DomainError when a required column is missing, PermissionRefused.
    """
    require(actor, ExchangePermission.SYSTEMS)
    require(actor, how.permission)
    if not IntakeRun.objects.filter(id=run.id, state=RunState.DRAFT).update(state=RunState.APPLIED):
        raise Stale("このファイルは、もう取り込まれています。")
    report = _applied(actor, run, how)
    is_whole = all(each["state"] != "wrong" for each in report)
    run.state = RunState.APPLIED if is_whole else RunState.FAILED
    run.report, run.content = report, b""
    run.save(update_fields=["state", "report", "content"])
    record_event(
        actor=actor, code="exchange.intake.applied", subject_kind="exchange.intake", subject_id=run.id,
        payload={"code": run.code, "sha256": run.sha256, "ok": run.ok_count, "known": run.known_count,
                 "wrong": run.wrong_count},
    )  # fmt: skip
    return run


def _applied(actor: Actor, run: IntakeRun, how: Intake) -> list[dict[str, Any]]:
    if missing := missing_columns(how.columns, run.mapping):
        raise DomainError(f"「{'」「'.join(missing)}」に当たる列を選んでください。", code="columns")
    table = table_of(run)
    return [_row(actor, run, how, line, cells) for line, cells in enumerate(table.rows, 2)]


def _row(actor: Actor, run: IntakeRun, how: Intake, line: int, cells: tuple[str, ...]) -> dict[str, Any]:
    values = {key: cells[at] for key, at in run.mapping.items()}
    empty = [column.label for column in how.columns if column.is_required and not values.get(column.key)]
    if empty:
        return {"line": line, "state": "wrong", "text": f"「{'」「'.join(empty)}」が空です。"}
    try:
        with transaction.atomic():
            taken = how.apply(actor, values)
    except DomainError as error:
        return {"line": line, "state": "wrong", "text": error.message}
    except (KakehashiError, ValueError, IntegrityError, DataError):
        return {"line": line, "state": "wrong", "text": "この行は取り込めません。値を確かめてください。"}
    return {"line": line, "state": "ok" if taken.is_new else "known", "text": taken.text}
