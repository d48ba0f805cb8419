"""Load the national survey of procedures into one local government's inventory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from kakehashi.journal.services import record_event
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
)
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.models.procedure import VolumeSource
from kakehashi.procedures.permissions import ProceduresPermission
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


@service
def import_survey(
    *, actor: Actor, data: bytes, institution: str = "", progress: Progress | None = None
) -> ImportReport:
    """Load the survey's CSV; rows that were there are brought up to date, own entries are kept.

    `institution` keeps only rows that name this place of filing (申請を提出する機関), "" keeps all.
    What the town wrote itself (kind once confirmed, own volumes, department, texts) is never
    overwritten. One act, one journal event with the digest of the file.

    Raises DomainError when the file as a whole cannot be read.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    try:
        items = list(read_survey(decode_survey(data)))
    except SurveyError as error:
        raise DomainError(str(error), field="file") from error
    report = ImportReport(read=len(items))
    rows = _wanted(items, institution, report)
    _write(rows, report, progress or _no_progress)
    record_event(
        actor=actor,
        code="procedures.survey.imported",
        subject_kind="procedures.inventory",
        subject_id=current_government_id(),
        payload={
            "sha256": hashlib.sha256(data).hexdigest(),
            "institution": institution,
            "read": report.read,
            "created": report.created,
            "updated": report.updated,
            "problems": len(report.problems),
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


def _write(rows: list[SurveyRow], report: ImportReport, progress: Progress) -> None:
    known = {each.survey_id: each for each in Procedure.objects.exclude(survey_id="")}
    new: list[Procedure] = []
    changed: list[Procedure] = []
    for row in rows:
        procedure = known.get(row.survey_id)
        if procedure is None:
            procedure = Procedure(survey_id=row.survey_id, volume_source=VolumeSource.SURVEY)
            _fill(procedure, row)
            new.append(procedure)
        elif procedure.survey == row.raw:
            report.unchanged += 1
        else:
            _fill(procedure, row)
            changed.append(procedure)
    total = len(new) + len(changed)
    done = 0
    for start in range(0, len(new), _BATCH):
        insert_many(new[start : start + _BATCH])
        done = min(start + _BATCH, len(new))
        progress(done, total)
    for start in range(0, len(changed), _BATCH):
        done += Procedure.objects.bulk_update(changed[start : start + _BATCH], _SURVEY_FIELDS)
        progress(done, total)
    report.created, report.updated = len(new), len(changed)
    index_texts(
        government_id=current_government_id(),
        kind=PROCEDURE,
        rows=[(each.id, each.name, {"basis": each.legal_basis}, False) for each in new],
    )


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
