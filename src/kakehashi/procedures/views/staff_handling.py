"""審査の決まり of a procedure: what its clock leaves out, where applications go by their answers, how one objects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.eforms.domain.condition_choices import ChosenConditions, condition_of, sentences
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.eforms.domain.definition import FormDefinition
from kakehashi.governments.selectors import get_government
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.people.models import Person
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.teaching import Basis, law_of_correction, teaching_paragraphs
from kakehashi.procedures.forms import AppealRuleForm, PeriodRuleForm, RoutingForm
from kakehashi.procedures.models import Procedure, RoutingRule
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.clocks import appeal_of, period_rule_of
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.selectors.routing import findings_of, form_of, rule_sentence, rules_of
from kakehashi.procedures.services import (
    add_routing_rule,
    drop_routing_rule,
    raise_routing_rule,
    set_appeal_rule,
    set_period_rule,
)
from kakehashi.procedures.services.letters import decider_of

__all__ = ["drop_rule", "handling_page", "raise_rule"]

_NUMBERS = {"number", "amount", "integer", "money", "calculation"}


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_http_methods(["GET", "POST"])
def handling_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """The rules on one page; each form is sent alone, named by `what`."""
    procedure = get_procedure(procedure_id)
    what = request.POST.get("what", "") if request.method == "POST" else ""
    definition = form_of(procedure)
    forms = _forms(request, procedure, definition, what)
    if what in forms and forms[what].is_valid():
        try:
            _SAVE[what](request, procedure, definition, forms[what].cleaned_data)
        except DomainError as error:
            forms[what].add_error(error.field if error.field in forms[what].fields else None, error.message)
        else:
            messages.success(request, "審査の決まりを保存しました。")
            return redirect("procedures-staff:handling", procedure.id)
    return render(
        request, "procedures/staff/handling.html", _context(procedure, forms, definition), status=422 if what else 200
    )


def _context(procedure: Procedure, forms: dict[str, Any], definition: FormDefinition | None) -> dict[str, Any]:
    government = get_government(procedure.government_id)
    findings = findings_of(procedure)
    return {
        "procedure": procedure,
        "forms": forms,
        "has_form": definition is not None,
        "rules": [
            (rule.place, rule_sentence(rule, definition), row, [each for each in findings if each.place == rule.place])
            for rule, row in rules_of(procedure)
        ],
        "teaching": teaching_paragraphs(decider_of(government), appeal_of(procedure)),
        "law": law_of_correction(
            is_disposition=procedure.kind == Kind.DISPOSITION,
            basis=Basis(procedure.basis),
            government_name=government.name,
        ),
    }


def _forms(request: Request, procedure: Procedure, definition: FormDefinition | None, what: str) -> dict[str, Any]:
    period, appeal = period_rule_of(procedure), appeal_of(procedure)
    offered = sentences(definition, "") if definition is not None else []
    numbers = [
        (field.key, field.label)
        for step in (definition.steps if definition else ())
        for field in step.fields
        if field.type in _NUMBERS
    ]

    def data(name: str) -> Any:
        return request.POST if what == name else None

    return {
        "period": PeriodRuleForm(
            data("period"),
            initial={
                "leaves_out_corrections": period.leaves_out_corrections,
                "leaves_out_inquiries": period.leaves_out_inquiries,
                "closings": period.closings,
            },
        ),
        "appeal": AppealRuleForm(
            data("appeal"),
            initial={
                "review": appeal.review.value,
                "office": appeal.office,
                "months": appeal.months,
                "comes_first": appeal.comes_first,
            },
        ),
        "routing": RoutingForm(
            data("routing"),
            sentences=offered,
            numbers=numbers,
            people=list(Person.objects.filter(is_active=True).order_by("kana", "name")[:500]),
            initial={"department": str(procedure.department_id or "")},
        ),
    }


def _save_period(
    request: Request, procedure: Procedure, definition: FormDefinition | None, given: dict[str, Any]
) -> None:
    set_period_rule(actor=request.actor, procedure=procedure, **given)


def _save_appeal(
    request: Request, procedure: Procedure, definition: FormDefinition | None, given: dict[str, Any]
) -> None:
    set_appeal_rule(actor=request.actor, procedure=procedure, **given)


def _save_routing(
    request: Request, procedure: Procedure, definition: FormDefinition | None, given: dict[str, Any]
) -> None:
    add_routing_rule(
        actor=request.actor,
        procedure=procedure,
        condition=_condition(given, definition) if definition is not None else None,
        department=given["department"],
        handler=given["handler"],
    )


def _condition(given: dict[str, Any], definition: FormDefinition) -> Condition | None:
    """The chosen sentences and the number, joined as chosen."""
    joint = given["joint"]
    parts = []
    made = condition_of(ChosenConditions(tuple(given["conditions"]), joint), definition, "")
    if made is not None:
        parts += list(made.of) if made.op == joint else [made]
    if given["number_field"] and given["number_value"] is not None:
        parts.append(Condition(given["number_op"] or "at_least", given["number_field"], int(given["number_value"])))
    if not parts:
        return None
    whole = parts[0] if len(parts) == 1 else Condition(joint, of=tuple(parts))
    return Condition("not", of=(whole,)) if given["is_negated"] else whole


_SAVE = {"period": _save_period, "appeal": _save_appeal, "routing": _save_routing}


def _rule(rule_id: UUID) -> RoutingRule:
    found: RoutingRule | None = RoutingRule.objects.select_related("procedure").filter(id=rule_id).first()
    if found is None:
        raise Http404
    return found


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def drop_rule(request: Request, rule_id: UUID) -> HttpResponse:
    """振り分けの決まりをやめる."""
    rule = _rule(rule_id)
    drop_routing_rule(actor=request.actor, rule=rule)
    messages.success(request, "決まりをやめました。")
    return redirect("procedures-staff:handling", rule.procedure_id)


@staff(ProceduresPermission.EDIT_INVENTORY)
@require_POST
def raise_rule(request: Request, rule_id: UUID) -> HttpResponse:
    """先に見る: one place up."""
    rule = _rule(rule_id)
    raise_routing_rule(actor=request.actor, rule=rule)
    return redirect("procedures-staff:handling", rule.procedure_id)
