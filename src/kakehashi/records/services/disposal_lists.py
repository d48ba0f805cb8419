"""A disposal list is gathered in pieces by the worker, so that its progress is seen and nothing is lost when it stops."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.batching import insert_many
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year_bounds
from kakehashi.kernel.permissions import require
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.services import service
from kakehashi.records.models import DisposalItem, DisposalList, Disposition, FileState, ListState, Measure, RecordFile
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors.disposals import listed_elsewhere

PIECE = 5000
_MEASURES = {Disposition.DESTROY: Measure.DESTROY.value, Disposition.TRANSFER: Measure.TRANSFER.value}


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
    insert_many(
        [
            DisposalItem(
                disposal_list_id=locked.id,
                record_file_id=file_id,
                department_id=department_id,
                expires_on=expires_on,
                measure=_MEASURES.get(Disposition(disposition), ""),
            )
            for file_id, department_id, expires_on, disposition in files
        ]
    )
    locked.listed += len(files)
    locked.moved_at = clock.now()
    if files:
        locked.last_file_id = files[-1][0]
    if len(files) < size:
        locked.state, locked.total = ListState.OPEN, locked.listed
    locked.save(update_fields=["listed", "total", "moved_at", "last_file_id", "state"])
    return locked.state == ListState.BUILDING


def _expired(cutoff: dt.date) -> QuerySet[RecordFile]:
    """Kept files whose period ended before a day and that no list under way holds."""
    under_way = listed_elsewhere().values("record_file_id")
    expired = RecordFile.objects.filter(state=FileState.KEPT, expires_on__isnull=False, expires_on__lt=cutoff)
    return expired.exclude(id__in=under_way)
