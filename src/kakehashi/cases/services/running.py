"""一括の操作: plan it, look at what will be passed over, run it in pieces that survive a stop, take it back for ten seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction

from kakehashi.cases import hooks
from kakehashi.cases.models import BatchState, Case, CaseBatch, CaseBatchRow, RowState
from kakehashi.cases.permissions import CasePermission
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import joined_services, service
from kakehashi.kernel.shared_reads import forget_shared_reads, shared_reads
from kakehashi.kernel.undo import UNDO_SECONDS
from kakehashi.notices.services import cancel_notice, held_notices, let_notices_go
from kakehashi.people.models import Person
from kakehashi.people.selectors import staff_actor

SUBJECT = "cases.batch"
MOST = 500
PIECE = 100
"""The most cases done in one transaction."""
PIECE_SECONDS = 1.5
"""After so long a piece ends where it is: the page that drives the batch answers and shows how far it is."""
LEAST = 10
"""So many are done in a piece however slow the machine: what every piece reads anew would else be read for each case."""
_HELD = 600
_STALLED = timedelta(minutes=2)
_WORKER_SECONDS = 60.0
_ELSEWHERE = "ほかの人が先に処理しました"


@service
def plan_batch(*, actor: Actor, act: str, case_ids: Sequence[UUID], back: str = "") -> CaseBatch:
    """Put up to 500 cases together for one act. Nothing happens to them yet. Raises `DomainError` for none or too many."""
    require(actor, CasePermission.HANDLE)
    require(actor, hooks.batch_act(act).permission)
    if not case_ids:
        raise DomainError("案件を選んでください。", code="required")
    if len(set(case_ids)) > MOST:
        raise DomainError(f"一度に変えられるのは{MOST}件までです。")
    if actor.id is None:
        raise PermissionRefused(CasePermission.HANDLE)
    known = set(Case.objects.filter(id__in=case_ids).values_list("id", flat=True))
    batch: CaseBatch = CaseBatch.objects.create(act=act, made_by_id=actor.id, back=back[:1000])
    chosen = [each for each in dict.fromkeys(case_ids) if each in known]
    CaseBatchRow.objects.bulk_create(
        [CaseBatchRow(batch=batch, case_id=each, position=place) for place, each in enumerate(chosen)]
    )
    return batch


@service
def start_batch(*, actor: Actor, batch: CaseBatch, values: dict[str, Any]) -> CaseBatch:
    """Fix what was chosen and begin; `run_piece` does the rest. Pressing twice, or two people at once, begins it once."""
    require(actor, hooks.batch_act(batch.act).permission)
    locked: CaseBatch = CaseBatch.objects.select_for_update().get(id=batch.id)
    _own(actor, locked)
    if locked.state == BatchState.PLANNED:
        locked.state, locked.values = BatchState.RUNNING, values
        locked.started_at = locked.moved_at = clock.now()
        locked.save(update_fields=["state", "values", "started_at", "moved_at"])
    return locked


@service
def run_piece(
    *, actor: Actor, batch: CaseBatch, size: int = PIECE, seconds: float = PIECE_SECONDS, least: int = LEAST
) -> CaseBatch:
    """Do the next cases of a running batch in this transaction, at most `size` and none begun after `seconds`, but `least` always.

    After the last one the batch is finished.

    A case that somebody else has moved meanwhile is passed over with the reason. The cases are locked in one order, so that two
    batches over the same cases follow one another. A batch that is not running is returned as it is.
    """
    locked: CaseBatch = CaseBatch.objects.select_for_update().get(id=batch.id)
    _own(actor, locked)
    if locked.state != BatchState.RUNNING:
        return locked
    act = hooks.batch_act(locked.act)
    rows = list(CaseBatchRow.objects.filter(batch=locked, state=RowState.WAITING).order_by("position")[:size])
    cases: dict[UUID, Case] = {
        case.id: case
        for case in Case.objects.select_for_update(of=("self",))
        .select_related("department", "handler")
        .filter(id__in=[row.case_id for row in rows])
        .order_by("id")
    }
    refused = act.why_not(actor, list(cases.values()), locked.values)
    end, tried = monotonic() + seconds, 0
    with shared_reads():
        for row in rows:
            _do(actor, locked, row, cases[row.case_id], refused.get(row.case_id, ""))
            tried += 1
            if tried >= least and monotonic() > end:
                break
    CaseBatchRow.objects.bulk_update(rows[:tried], ["state", "reason", "before"])
    locked.moved_at = clock.now()
    locked.save(update_fields=["moved_at"])
    if not rows or not CaseBatchRow.objects.filter(batch=locked, state=RowState.WAITING).exists():
        _finish(actor, locked)
    return locked


def _do(actor: Actor, batch: CaseBatch, row: CaseBatchRow, case: Case, refused: str) -> None:
    if refused:
        row.state, row.reason = RowState.SKIPPED, refused[:200]
        return
    act = hooks.batch_act(batch.act)
    try:
        with transaction.atomic(), joined_services(), held_notices(_HELD) as letters:
            before = act.run(actor, case, batch.values, batch.id)
    except (Stale, NotFound):
        row.state, row.reason = RowState.SKIPPED, _ELSEWHERE
        forget_shared_reads()
    except DomainError as error:
        row.state, row.reason = RowState.SKIPPED, error.message[:200]
        forget_shared_reads()
    else:
        row.state = RowState.DONE
        row.before = {**before, "letters": [str(key) for key in letters]}


def _finish(actor: Actor, batch: CaseBatch) -> None:
    done = list(CaseBatchRow.objects.filter(batch=batch, state=RowState.DONE).order_by("position"))
    skipped = CaseBatchRow.objects.filter(batch=batch, state=RowState.SKIPPED).count()
    let_notices_go(actor=actor, idempotency_keys=_letters(done), delay_seconds=UNDO_SECONDS)
    batch.state, batch.finished_at, batch.digest = BatchState.DONE, clock.now(), digest_of(done)
    batch.save(update_fields=["state", "finished_at", "digest"])
    _record(actor, "cases.batch.finished", batch, {"done": len(done), "skipped": skipped, "digest": batch.digest})


@service
def undo_batch(*, actor: Actor, batch: CaseBatch) -> int:
    """元に戻す: take back every case of a batch where nothing has left the building, within ten seconds of its end; return how many.

    A case whose notice has left, or that has moved on (起案, 施行), stays as it is and says so. Raises `DomainError` when it is
    too late or the act cannot be taken back, `Stale` when it was taken back already.
    """
    locked: CaseBatch = CaseBatch.objects.select_for_update().get(id=batch.id)
    _own(actor, locked)
    act = hooks.batch_act(locked.act)
    if locked.state != BatchState.DONE or locked.finished_at is None:
        raise Stale
    if act.undo is None or clock.now() - locked.finished_at > timedelta(seconds=UNDO_SECONDS):
        raise DomainError("もう元に戻せません。時間が過ぎました。", code="too_late")
    rows = list(
        CaseBatchRow.objects.filter(batch=locked, state=RowState.DONE).select_related("case").order_by("position")
    )
    for row in rows:
        _take_back(actor, act, row)
    CaseBatchRow.objects.bulk_update(rows, ["state", "reason"])
    undone = [row for row in rows if row.state == RowState.UNDONE]
    locked.state = BatchState.UNDONE
    locked.save(update_fields=["state"])
    _record(actor, "cases.batch.undone", locked, {"undone": len(undone), "digest": digest_of(undone)})
    return len(undone)


def _take_back(actor: Actor, act: hooks.BatchAct, row: CaseBatchRow) -> None:
    try:
        with transaction.atomic():
            letters = [UUID(key) for key in row.before.get("letters", ())]
            if not all(cancel_notice(actor=actor, idempotency_key=key) for key in letters):
                raise DomainError("通知がもう出ています")
            if act.undo is not None:
                act.undo(actor, row.case, row.before)
    except (Stale, NotFound):
        row.reason = "そのあと処理が進みました"
    except DomainError as error:
        row.reason = error.message[:200]
    else:
        row.state = RowState.UNDONE


@service
def resume_batches(*, government_id: UUID) -> int:
    """Go on with batches whose page was closed half-way, for whoever began them; return how many pieces were done."""
    stalled = CaseBatch.objects.filter(state=BatchState.RUNNING, moved_at__lt=clock.now() - _STALLED)
    count = 0
    for batch in stalled.select_related("made_by").order_by("moved_at")[:5]:
        person: Person = batch.made_by
        if person.is_active:
            run_piece(actor=staff_actor(person), batch=batch, seconds=_WORKER_SECONDS)
            count += 1
    return count


def digest_of(rows: Sequence[CaseBatchRow]) -> str:
    """SHA-256 over the ids of the cases in order: proves later which ones a batch changed."""
    return sha256("\n".join(str(row.case_id) for row in rows).encode()).hexdigest()


def _letters(rows: Sequence[CaseBatchRow]) -> list[UUID]:
    return [UUID(key) for row in rows for key in row.before.get("letters", ())]


def _own(actor: Actor, batch: CaseBatch) -> None:
    if batch.made_by_id != actor.id:
        raise PermissionRefused(CasePermission.HANDLE)


def _record(actor: Actor, code: str, batch: CaseBatch, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code=code, subject_kind=SUBJECT, subject_id=batch.id, payload={"act": batch.act, **payload}, act_id=uuid7()
    )  # fmt: skip
