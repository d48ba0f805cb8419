"""振り分け: write the rules, and send what has arrived where its answers say; never on the way in, which is the hot path."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef

from kakehashi.cases.services import transfer_case
from kakehashi.eforms.domain.conditions import Condition, condition_to_json
from kakehashi.eforms.selectors import open_answers
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department, Person
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.domain.routing import first_met
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import Application, Procedure, Routed, RoutingRule
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.routing import form_of, rule_sentence, rules_of

__all__ = ["add_routing_rule", "drop_routing_rule", "raise_routing_rule", "route_application", "route_arrived"]

MOST = 50
_PIECE = 200


@service
def add_routing_rule(
    *, actor: Actor, procedure: Procedure, condition: Condition | None, department: Department, handler: Person | None
) -> RoutingRule:
    """Add a rule behind the others. Raises `DomainError` without a condition, for a person who has left, or beyond 50 rules."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if condition is None:
        raise DomainError("条件を1つ以上選んでください。", field="conditions", code="required")
    if handler is not None and not handler.is_active:
        raise DomainError("この職員は在籍していません。", field="handler")
    rules = RoutingRule.objects.filter(procedure=procedure)
    if rules.count() >= MOST:
        raise DomainError(f"決まりは{MOST}個までです。", field="conditions")
    last = rules.aggregate(last=Max("position"))["last"] or 0
    rule: RoutingRule = RoutingRule.objects.create(
        procedure=procedure, position=last + 1, condition=condition_to_json(condition), department=department, handler=handler
    )  # fmt: skip
    _record(actor, procedure, {"added": rule.condition, "department": str(department.id)})
    return rule


@service
def drop_routing_rule(*, actor: Actor, rule: RoutingRule) -> None:
    """Take a rule away; what it has sent stays where it is."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    rule.delete()
    _record(actor, rule.procedure, {"removed": rule.condition})


@service
def raise_routing_rule(*, actor: Actor, rule: RoutingRule) -> None:
    """Try a rule before the one above it; nothing happens to the first."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    rows = list(RoutingRule.objects.select_for_update().filter(procedure=rule.procedure).order_by("position", "id"))
    at = next((place for place, row in enumerate(rows) if row.id == rule.id), 0)
    if at == 0:
        return
    rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for place, row in enumerate(rows, start=1):
        row.position = place
    RoutingRule.objects.bulk_update(rows, ["position"])
    _record(actor, rule.procedure, {"raised": rule.condition})


@service
def route_application(*, actor: Actor, application: Application, act_id: UUID | None = None) -> RoutingRule | None:
    """Send an application to the section its answers call for, once; return the rule that was met, None when none was.

    An application that was routed, has no rules, or is with the applicant or in decision already, stays where it is.
    """
    rules = rules_of(application.procedure)
    if not rules or application.case is None or Routed.objects.filter(application=application).exists():
        return None
    met = first_met([rule for rule, _ in rules], open_answers(application.answers))
    row = next((row for rule, row in rules if met is not None and rule.id == met.id), None)
    sentence = rule_sentence(met, form_of(application.procedure)) if met is not None else ""
    Routed.objects.create(application=application, rule_id=row.id if row else None, sentence=sentence[:300])
    if row is None or (row.department_id == application.case.department_id and row.handler_id is None):
        return row
    handler = row.handler if row.handler and row.handler.is_active else None
    transfer_case(
        actor=actor, case=application.case, department=row.department, handler=handler,
        reason=f"回答による振り分け：{sentence}", act_id=act_id or uuid7(),
    )  # fmt: skip
    return row


@service
def route_arrived(*, government_id: UUID) -> int:
    """Route what arrived for procedures with rules and was not looked at; return how many. Called by the worker."""
    actor = system_actor(government_id, "振り分け")
    ruled = RoutingRule.objects.values("procedure_id").distinct()
    waiting = (
        Application.objects.filter(procedure_id__in=ruled, state=State.SUBMITTED.value, case__isnull=False)
        .exclude(Exists(Routed.objects.filter(application=OuterRef("id"))))
        .select_related("procedure", "case__department", "case__handler")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("arrived_at", "id")
    )
    found = list(waiting[:_PIECE])
    for application in found:
        route_application(actor=actor, application=application)
    return len(found)


def _record(actor: Actor, procedure: Procedure, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code="procedures.routing.changed", subject_kind=PROCEDURE, subject_id=procedure.id, payload=payload
    )  # fmt: skip
