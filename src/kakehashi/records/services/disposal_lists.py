"""A disposal list is gathered in pieces by the worker, so that its progress is seen and nothing is lost when it stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year_bounds
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.services import service
from kakehashi.records.models import DisposalList, Disposition, FileState, ItemState, ListState, Measure, RecordFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors.disposals import listed_elsewhere

PIECE = 5000
_MEASURES: dict[Disposition, str] = {
    Disposition.DESTROY: Measure.DESTROY.value,
    Disposition.TRANSFER: Measure.TRANSFER.value,
}


@service
def make_disposal_list(*, actor: Actor, fiscal_year: int) -> DisposalList:
    """Begin the list of the files whose period ended by the end of a fiscal year and before today; the worker gathers them.

    Raises DomainError while another list is being gathered or nothing has expired. Event `records.disposal_list.made`.
    """
    require(actor, RecordsPermission.MANAGE)
    if DisposalList.objects.filter(state=ListState.BUILDING).exists():
        raise DomainError("ほかの一覧を作成しています。終わってから作ってください。")
    cutoff = min(fiscal_year_bounds(fiscal_year)[1] + dt.timedelta(days=1), clock.today())
    total = _expired(cutoff).count()
    if not total:
        raise DomainError("この年度までに満了し、まだどの一覧にもない簿冊はありません。", field="fiscal_year")
    made: DisposalList = DisposalList.objects.create(
        fiscal_year=fiscal_year, cutoff_on=cutoff, total=total, made_by_label=actor.label
    )
    enqueue("records.gather_disposal_list", government_id=made.government_id, list_id=made.id)
    record_event(
        actor=actor,
        code="records.disposal_list.made",
        subject_kind="records.disposal_list",
        subject_id=made.id,
        payload={"fiscal_year": fiscal_year, "cutoff_on": cutoff.isoformat(), "files": total},
    )
    return made


@service
def gather_piece(*, disposal_list: DisposalList, size: int = PIECE) -> bool:
    """Put the next files on a list that is being gathered; False when none is left and the list is open to its sections.

    A file whose expiry is not known is never on a list (`expires_on` None is not before any day).
    """
    locked: DisposalList = DisposalList.objects.select_for_update().get(id=disposal_list.id)
    if locked.state != ListState.BUILDING:
        return False
    rows = _expired(locked.cutoff_on)
    if locked.last_file_id:
        rows = rows.filter(id__gt=locked.last_file_id)
    files: list[Any] = list(rows.order_by("id").values_list("id", "department_id", "expires_on", "disposition")[:size])
    _put_on(locked, files)
    locked.listed += len(files)
    locked.moved_at = clock.now()
    if files:
        locked.last_file_id = files[-1][0]
    if len(files) < size:
        locked.state, locked.total = ListState.OPEN, locked.listed
    locked.save(update_fields=["listed", "total", "moved_at", "last_file_id", "state"])
    return locked.state == ListState.BUILDING


# The rows go as columns: an object for each of 50,000 files takes longer than PostgreSQL does.
_PUT = """
    INSERT INTO records_disposalitem (id, government_id, disposal_list_id, record_file_id, department_id, expires_on, measure,
        extend_years, reason, state, stage, run, stopped_why)
    SELECT new.id, %s, %s, new.file_id, new.department_id, new.expires_on, new.measure, 0, '', %s, 0, 0, ''
    FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::text[]) AS new (id, file_id, department_id, expires_on, measure)
"""


def _put_on(disposal_list: DisposalList, files: Sequence[tuple[UUID, UUID, dt.date, str]]) -> None:
    """Put files with section, expiry and the measure of their schedule on a list, in one statement."""
    if not files:
        return
    base = uuid7().int
    columns = (
        [f"{base + place:032x}" for place in range(len(files))],
        [file_id.hex for file_id, *_ in files],
        [department_id.hex for _, department_id, *_ in files],
        [expires_on.isoformat() for _, _, expires_on, _ in files],
        [_MEASURES.get(Disposition(disposition), "") or '""' for *_, disposition in files],
    )
    arrays = ["{" + ",".join(column) + "}" for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [disposal_list.government_id, disposal_list.id, ItemState.WAITING.value, *arrays])


def _expired(cutoff: dt.date) -> QuerySet[RecordFile]:
    """Kept files whose period ended before a day and that no list under way holds."""
    under_way = listed_elsewhere().values("record_file_id")
    expired = RecordFile.objects.filter(state=FileState.KEPT, expires_on__isnull=False, expires_on__lt=cutoff)
    return expired.exclude(id__in=under_way)
