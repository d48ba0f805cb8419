"""What other systems are told of procedures and applications: by webhooks, and by the list of changes of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kakehashi.exchange.hooks import Fact, WebhookSource
from kakehashi.kernel.personal_data import unwatched
from kakehashi.procedures.models import Application, Procedure

__all__ = ["APPLICATION_KINDS", "TOLD"]

APPLICATION_KINDS = {
    "application.submitted": "申請が届いた",
    "application.accepted": "受け付けて審査を始めた",
    "application.correction_requested": "補正を依頼した",
    "application.correction_answered": "補正が提出された",
    "application.decided": "結果が決まった",
    "application.delivered": "結果の通知を届けた・発送した",
    "application.completed": "手続が終わった",
    "application.withdrawn": "申請が取り下げられた",
    "application.status_changed": "そのほかの状態が変わった（起案・差戻し・取消し）",
}
_APPLICATION_CODES = {
    "procedures.application.submitted": "application.submitted",
    "procedures.application.recorded": "application.submitted",
    "procedures.application.accepted": "application.accepted",
    "procedures.correction.requested": "application.correction_requested",
    "procedures.correction.answered": "application.correction_answered",
    "procedures.application.decided": "application.decided",
    "procedures.decision.recorded": "application.decided",
    "procedures.document.delivered": "application.delivered",
    "procedures.delivery.sent": "application.delivered",
    "procedures.delivery.handed": "application.delivered",
    "procedures.application.completed": "application.completed",
    "procedures.application.withdrawn": "application.withdrawn",
    "procedures.application.proposed": "application.status_changed",
    "procedures.application.returned": "application.status_changed",
    "procedures.application.undone": "application.status_changed",
}
_PROCEDURE_KINDS = {"procedure.opened": "手続を公開した", "procedure.closed": "手続の公開を止めた"}
_PROCEDURE_CODES = {
    "procedures.procedure.opened": "procedure.opened",
    "procedures.procedure.closed": "procedure.closed",
}


def _tell(events: Sequence[Any]) -> Mapping[UUID, Fact]:
    """Ids and states of the things as they stand now. Nothing that a person wrote: no name, no answer, no reason, no number."""
    ids = [event.subject_id for event in events]
    with unwatched():
        columns = ("id", "state", "result", "answers_number", "procedure_id", "procedure__department_id")
        codes = "procedure__department__code"
        applications = {row[0]: row for row in Application.objects.filter(id__in=ids).values_list(*columns, codes)}
    procedures = {
        row[0]: row
        for row in Procedure.objects.filter(id__in=ids).values_list("id", "stage", "department_id", "department__code")
    }
    facts: dict[UUID, Fact] = {}
    for event in events:
        if event.subject_id in applications:
            key, state, result, version, procedure, department, code = applications[event.subject_id]
            data = {"application": str(key), "procedure": str(procedure), "department": code, "state": state}
            facts[event.id] = Fact(department, data | {"result": result, "version": version})
        elif event.subject_id in procedures:
            key, stage, department, code = procedures[event.subject_id]
            facts[event.id] = Fact(department, {"procedure": str(key), "department": code, "stage": stage})
    return facts


TOLD = WebhookSource(
    kinds=APPLICATION_KINDS | _PROCEDURE_KINDS, codes=_APPLICATION_CODES | _PROCEDURE_CODES, tell=_tell
)
