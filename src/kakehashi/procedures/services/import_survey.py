"""Load the national survey of procedures into one local government's inventory."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.batching import insert_many
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.domain.kinds import guess_kind
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.domain.survey import (
    SurveyError,
    SurveyProblem,
    SurveyRow,
    decode_survey,
    read_survey,
    read_survey_rows,
)
from kakehashi.procedures.domain.survey_parquet import is_parquet, parquet_rows
from kakehashi.procedures.models import Batch, BatchRow, BatchSource, BatchState, Procedure, ProcedureText, RowState
from kakehashi.procedures.models.procedure import VolumeSource
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.snapshots import digest_of, snapshot
from kakehashi.procedures.services.batches import digest_of_rows
from kakehashi.search.services import index_texts

Progress = Callable[[int, int], None]
"""Called with the rows handled so far and the rows in all."""

_BATCH = 1_000


@dataclass(slots=True)
class ImportReport:
    """What became of each row: `read = created + updated + unchanged + skipped + len(problems)`."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    problems: list[SurveyProblem] = field(default_factory=list)
    batch: Batch | None = None


@service
def import_survey(
    *,
    actor: Actor,
    data: bytes,
    institution: str = "",
    progress: Progress | None = None,
    batch: Batch | None = None,
) -> ImportReport:
    """Load the survey's CSV or Parquet; rows that were there are brought up to date, own entries are kept.

    `institution` keeps only rows that name this place of filing (申請を提出する機関), "" keeps all.
    What the town wrote itself (kind once confirmed, own volumes, department, texts) is never
    overwritten. One act, one journal event with the digest of the file; what it made and changed is kept as a batch, so
    that the whole import can be taken back: the `batch` given (one that waited for the worker), or a new one.

    Raises DomainError when the file as a whole cannot be read.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    try:
        found = read_survey_rows(parquet_rows(data)) if is_parquet(data) else read_survey(decode_survey(data))
        items = list(found)
    except SurveyError as error:
        raise DomainError(str(error), field="file") from error
    report = ImportReport(read=len(items))
    rows = _wanted(items, institution, report)
    written = _write(rows, report, progress or _no_progress)
    sha256 = hashlib.sha256(data).hexdigest()
    if written:
        name = f"棚卸調査（{institution or 'すべての機関'}）"
        kept = batch or Batch(source=BatchSource.SURVEY, sha256=sha256, made_by=actor.label[:200])
        kept.name, kept.content = name, b""
        report.batch = _keep(kept, written, report)
    record_event(
        actor=actor,
        code="procedures.survey.imported",
        subject_kind="procedures.inventory",
        subject_id=current_government_id(),
        payload={
            "sha256": sha256,
            "institution": institution,
            "read": report.read,
            "created": report.created,
            "updated": report.updated,
            "problems": len(report.problems),
            "rows": report.batch.digest if report.batch else "",
        },
    )
    return report


def _no_progress(_done: int, _total: int) -> None:
    """Nobody watches."""


def _wanted(items: list[SurveyRow | SurveyProblem], institution: str, report: ImportReport) -> list[SurveyRow]:
    rows: list[SurveyRow] = []
    for item in items:
        if isinstance(item, SurveyProblem):
            report.problems.append(item)
        elif institution and institution not in item.institutions:
            report.skipped += 1
        else:
            rows.append(item)
    return rows


def _write(rows: list[SurveyRow], report: ImportReport, progress: Progress) -> list[BatchRow]:
    """Write the rows that are new or differ; what a batch must remember of each."""
    known = {each.survey_id: each for each in Procedure.objects.exclude(survey_id="")}
    texts = _texts_of([each.id for each in known.values()])
    new: list[Procedure] = []
    changed: list[Procedure] = []
    written: list[BatchRow] = []
    for at, row in enumerate(rows):
        if at % _BATCH == 0:
            progress(at // 2, len(rows))
        procedure = known.get(row.survey_id)
        before: dict[str, Any] = {}
        if procedure is None:
            procedure = Procedure(survey_id=row.survey_id, volume_source=VolumeSource.SURVEY)
            _fill(procedure, row)
            new.append(procedure)
        elif procedure.survey == row.raw:
            report.unchanged += 1
            continue
        else:
            before = snapshot(procedure, texts[procedure.id]) | {"survey": procedure.survey}
            _fill(procedure, row)
            changed.append(procedure)
        written.append(
            BatchRow(
                line=row.line,
                state=RowState.CHANGE if before else RowState.NEW,
                name=procedure.name,
                procedure_id=procedure.id,
                before=before,
                after=digest_of(snapshot(procedure, texts[procedure.id])),
            )
        )
    _store(new, changed, len(rows), progress)
    report.created, report.updated = len(new), len(changed)
    return written


def _store(new: list[Procedure], changed: list[Procedure], total: int, progress: Progress) -> None:
    """Write what was made ready, and make it findable: the second half of the way."""
    work, done = max(1, 2 * len(new) + len(changed)), 0

    def went(rows: int) -> None:
        nonlocal done
        done += rows
        progress(total // 2 + (total - total // 2) * done // work, total)

    for start in range(0, len(new), _BATCH):
        piece = new[start : start + _BATCH]
        insert_many(piece)
        went(len(piece))
    for start in range(0, len(changed), _BATCH):
        piece = changed[start : start + _BATCH]
        Procedure.objects.bulk_update(piece, _SURVEY_FIELDS)
        went(len(piece))
    for start in range(0, len(new), _BATCH):
        piece = new[start : start + _BATCH]
        rows = [(each.id, each.name, {"basis": each.legal_basis}, False) for each in piece]
        index_texts(government_id=current_government_id(), kind=PROCEDURE, rows=rows)
        went(len(piece))


def _texts_of(ids: list[UUID]) -> Mapping[UUID, list[ProcedureText]]:
    found: dict[UUID, list[ProcedureText]] = defaultdict(list)
    if ids:
        for text in ProcedureText.objects.all():
            found[text.procedure_id].append(text)
    return found


def _keep(batch: Batch, rows: list[BatchRow], report: ImportReport) -> Batch:
    """Keep what was done, for the report and for taking it back as a whole."""
    batch.digest, batch.state, batch.applied_at = digest_of_rows(rows), BatchState.APPLIED, clock.now()
    batch.counts = {
        name: count
        for name, count in (("new", report.created), ("change", report.updated), ("same", report.unchanged))
        if count
    }
    batch.save()
    for start in range(0, len(rows), _BATCH):
        piece = rows[start : start + _BATCH]
        for row in piece:
            row.batch = batch
        insert_many(piece)
    return batch


_SURVEY_FIELDS = [
    "name", "kind", "legal_basis", "fee", "volume", "online_volume", "life_events", "institutions",
    "survey", "volume_order", "effort", "search_key", "updated_at",
]  # fmt: skip


def _fill(procedure: Procedure, row: SurveyRow) -> None:
    """Copy the survey's cells; leave what the town has said itself."""
    if not procedure.kind_confirmed:
        procedure.kind = guess_kind(row.name).value
        procedure.name = row.name
    procedure.legal_basis = procedure.legal_basis or row.legal_basis
    if not procedure.fee and row.has_fee is False:
        procedure.fee = "無料"
    if procedure.volume_source == VolumeSource.SURVEY:
        procedure.volume = row.volume
        procedure.online_volume = row.online_volume
    procedure.life_events = list(row.life_events)
    procedure.institutions = list(row.institutions)
    procedure.survey = row.raw
    procedure.derive()
