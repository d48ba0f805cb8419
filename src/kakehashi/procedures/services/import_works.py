"""時間のかかる取り込みを頼む・する: what is too long for a request is asked for here and done by the worker, in one transaction."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID, uuid5

from django.db import IntegrityError, OperationalError, transaction
from django.urls import reverse

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.services import service
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Person
from kakehashi.people.selectors import staff_actor
from kakehashi.procedures.domain.names import NOTICE_IMPORTED
from kakehashi.procedures.models import Batch, BatchSource, BatchState, ImportWork, WorkState, WorkVerb
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.import_works import open_work
from kakehashi.procedures.services.batches import apply_batch, plan_ahead, take_in_sheet
from kakehashi.procedures.services.import_survey import ImportReport, import_survey
from kakehashi.procedures.services.undo_batch import undo_batch

__all__ = ["Tell", "ask_work", "begin_sheet", "begin_survey", "report_as_json", "run_work"]

_log = logging.getLogger(__name__)
_PROBLEMS_KEPT = 500


class Tell(Protocol):
    """Says how far the work is; returns at once."""

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """`done` of `total` rows of this stage; a total of 0 is not known."""

    def stop(self) -> None:
        """Nothing is shown from here on: the work's own end is about to be written into the same row."""


def _taken(actor: Actor, name: str, content: bytes, source: BatchSource, layout: dict[str, Any], key: UUID) -> Batch:
    """The batch that holds the file; sent twice, it is one."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    known: Batch | None = Batch.objects.filter(idempotency_key=key).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            batch: Batch = Batch.objects.create(
                source=source,
                name=name.replace("\x00", "")[-200:],
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
                layout=layout,
                idempotency_key=key,
                made_by=actor.label[:200],
            )
    except IntegrityError:
        return Batch.objects.get(idempotency_key=key)
    return batch


@service
def begin_sheet(*, actor: Actor, name: str, content: bytes, idempotency_key: UUID) -> ImportWork:
    """Keep a long spreadsheet and let the worker read and try it. Sent twice with one key it is one piece of work."""
    return _asked_once(actor, _taken(actor, name, content, BatchSource.SHEET, {}, idempotency_key), WorkVerb.READ)


@service
def begin_survey(*, actor: Actor, name: str, content: bytes, institution: str, idempotency_key: UUID) -> ImportWork:
    """Keep a long file of the national survey and let the worker load it. Sent twice with one key it is one piece of work."""
    layout = {"institution": institution}
    batch = _taken(actor, name, content, BatchSource.SURVEY, layout, idempotency_key)
    return _asked_once(actor, batch, WorkVerb.SURVEY)


def _asked_once(actor: Actor, batch: Batch, verb: WorkVerb) -> ImportWork:
    before: ImportWork | None = ImportWork.objects.filter(batch=batch, verb=verb).order_by("-asked_at").first()
    return before or ask_work(actor=actor, batch=batch, verb=verb)


@service
def ask_work(*, actor: Actor, batch: Batch, verb: WorkVerb) -> ImportWork:
    """Let the worker do `verb` to a batch. While a piece of work is open for the batch, that one is given back: a second click
    asks for nothing. Raises PermissionRefused, and Stale for a batch that has gone on.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if actor.id is None:
        raise PermissionRefused(ProceduresPermission.EDIT_INVENTORY)
    # Asked without a lock first: the worker holds the batch for as long as it works.
    if (open_one := open_work(batch)) is not None:
        return open_one
    batch = Batch.objects.select_for_update().get(id=batch.id)
    wanted = BatchState.APPLIED if verb == WorkVerb.UNDO else BatchState.DRAFT
    if (open_one := open_work(batch)) is not None:
        return open_one
    if batch.state != wanted:
        raise Stale("このまとまりは、もう処理が進んでいます。")
    work: ImportWork = ImportWork.objects.create(
        batch=batch, verb=verb, name=batch.name[:200], asked_by_id=actor.id, total=_expected(batch)
    )
    enqueue("procedures.run_import", government_id=work.government_id, work_id=work.id)
    return work


def _expected(batch: Batch) -> int:
    return int(batch.layout.get("size", 0)) or sum(batch.counts.get(name, 0) for name in ("new", "change"))


@service
def run_work(*, work_id: UUID, tell: Tell) -> ImportWork | None:
    """Do a piece of work (the worker's part) as the person who asked for it; None when there is nothing to do any more.

    The batch is locked while it runs: a task that was given twice waits and then finds it done. What cannot be done is said in
    `message` and nothing has changed; an error of ours is logged, too. OperationalError goes up, so that the queue tries again.
    """
    work: ImportWork | None = ImportWork.objects.filter(id=work_id).first()
    if work is None or work.batch_id is None:
        return None
    batch: Batch | None = Batch.objects.select_for_update().filter(id=work.batch_id).first()
    work.refresh_from_db()
    if batch is None or not work.is_open:
        return None
    try:
        with transaction.atomic():
            person: Person | None = Person.objects.filter(id=work.asked_by_id, is_active=True).first()
            if person is None:
                raise PermissionRefused(ProceduresPermission.EDIT_INVENTORY)
            report = _DO[WorkVerb(work.verb)](staff_actor(person), batch, tell)
        tell.stop()
    except OperationalError:
        raise
    except (DomainError, Stale) as error:
        tell.stop()
        return _ended(work, WorkState.FAILED, message=error.message)
    except PermissionRefused:
        tell.stop()
        return _ended(work, WorkState.FAILED, message="頼んだ人に、この操作の権限がありません。")
    except Exception:  # noqa: BLE001 - the page must say so; the queue would only try the same again
        tell.stop()
        _log.exception("import work %s failed", work.id)
        message = "システムの誤りで終えられませんでした。何も変わっていません。管理者に知らせてください。"
        return _ended(work, WorkState.FAILED, message=message)
    return _ended(work, WorkState.DONE, report=report)


def _ended(
    work: ImportWork, state: WorkState, *, message: str = "", report: dict[str, Any] | None = None
) -> ImportWork:
    work.refresh_from_db(fields=["batch"])
    work.state, work.message, work.report, work.ended_at = state, message, report or {}, clock.now()
    work.save(update_fields=["state", "message", "report", "ended_at"])
    words = "が終わりました" if state == WorkState.DONE else "ができませんでした"
    send_notice(
        actor=staff_actor(Person.objects.get(id=work.asked_by_id)),
        kind=NOTICE_IMPORTED,
        to=Recipient(person_id=work.asked_by_id),
        subject=f"{work.get_verb_display()}：{work.name[:80]}",
        body_text=f"「{work.name}」：{work.get_verb_display()}{words}。{message}",
        url=reverse("procedures-staff:import-work", args=[work.id]),
        idempotency_key=uuid5(work.id, "ended"),
    )
    return work


def _read(actor: Actor, batch: Batch, tell: Tell) -> dict[str, Any]:
    tell("ファイルを読んでいます")
    take_in_sheet(batch)
    return _try(actor, batch, tell)


def _try(actor: Actor, batch: Batch, tell: Tell) -> dict[str, Any]:
    plan_ahead(actor=actor, batch=batch, progress=lambda done, total: tell("一行ずつ試しています", done, total))
    return {}


def _apply(actor: Actor, batch: Batch, tell: Tell) -> dict[str, Any]:
    apply_batch(actor=actor, batch=batch, progress=lambda done, total: tell("台帳に書いています", done, total))
    return {}


def _undo(actor: Actor, batch: Batch, tell: Tell) -> dict[str, Any]:
    undo_batch(actor=actor, batch=batch, progress=lambda done, total: tell("元に戻しています", done, total))
    return {}


def _survey(actor: Actor, batch: Batch, tell: Tell) -> dict[str, Any]:
    tell("ファイルを読んでいます")
    report = import_survey(
        actor=actor,
        data=bytes(batch.content),
        institution=batch.layout.get("institution", ""),
        progress=lambda done, total: tell("台帳に書いています", done, total),
        batch=batch,
    )
    if report.batch is None:
        ImportWork.objects.filter(batch=batch).update(batch=None)
        batch.delete()
    return report_as_json(report)


def report_as_json(report: ImportReport) -> dict[str, Any]:
    """The numbers of a survey's import, with the first problems, as they are kept."""
    problems = [[each.line, each.survey_id, each.reason] for each in report.problems[:_PROBLEMS_KEPT]]
    numbers = ("read", "created", "updated", "unchanged", "skipped")
    return {name: getattr(report, name) for name in numbers} | {"problems": problems, "wrong": len(report.problems)}


_DO: dict[WorkVerb, Callable[[Actor, Batch, Tell], dict[str, Any]]] = {
    WorkVerb.READ: _read,
    WorkVerb.TRY: _try,
    WorkVerb.APPLY: _apply,
    WorkVerb.UNDO: _undo,
    WorkVerb.SURVEY: _survey,
}
