"""What the page of a consultation shows of the work on it, with a form for everything that may be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms

from kakehashi.desk.domain.states import ConsultationState, is_open
from kakehashi.desk.forms.work import (
    CauseForm,
    DecideForm,
    EscalateForm,
    EscalationAnswerForm,
    JoinForm,
    MergeForm,
    OptionForm,
    SplitForm,
    TaskForm,
)
from kakehashi.desk.models import Consultation, Escalation, RootCause
from kakehashi.desk.selectors.intake import possible_askers
from kakehashi.desk.selectors.issues import issue_of, mergeable, open_issues, same_trouble
from kakehashi.desk.selectors.joining import merged_as, merges_into, part_of, parts_of, promoted_of, thread_of
from kakehashi.desk.selectors.work import (
    clocks_of,
    escalation_line,
    steps_of,
    theme_of,
    tools_for,
    total_days,
)
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.ids import uuid7
from kakehashi.people.selectors import departments_on

S = ConsultationState


def work_context(
    actor: Actor,
    found: Consultation,
    *,
    can: bool,
    zone: str,
    failed: str = "",
    form: django_forms.BaseForm | None = None,
) -> dict[str, Any]:
    """Everything of the work on a consultation; `failed` names the form that comes back bound as `form`."""
    may_write = can and is_open(found.status)
    clocks = clocks_of(found)
    escalations = list(Escalation.objects.filter(consultation=found).select_related("to", "asked_by").order_by("id"))
    context: dict[str, Any] = {
        "may_write": may_write,
        "failed": failed,
        "theme": theme_of(found),
        "causes": list(RootCause.objects.filter(consultation=found).select_related("owner").order_by("id")),
        "steps": steps_of(found),
        "todo": list(found.tasks.select_related("assignee").order_by("done_at", "due_on", "id")),
        "lessons": list(found.lessons.order_by("id")),
        "clocks": clocks,
        "totals": total_days(clocks),
        "escalations": escalations,
        "answering": next((e for e in escalations if e.to_id == actor.id and e.answered_at is None), None),
        "merges": merges_into(found),
        "merged_as": merged_as(found),
        "parts": parts_of(found),
        "part_of": part_of(found),
        "promoted": promoted_of(found),
        "issue": issue_of(found),
    }
    if context["answering"] is not None:
        context["answer_form"] = form if failed == "answer" and form else EscalationAnswerForm(auto_id="answer_%s")
    if may_write:
        context |= _forms(actor, found, zone, context, failed, form)
    return context


def _forms(
    actor: Actor,
    found: Consultation,
    zone: str,
    context: dict[str, Any],
    failed: str,
    form: django_forms.BaseForm | None,
) -> dict[str, Any]:
    def bound(name: str, make: Callable[[], django_forms.BaseForm]) -> django_forms.BaseForm:
        return form if failed == name and form is not None else make()

    same = same_trouble(actor, found)
    others = mergeable(found, same)
    line = escalation_line(found)
    made: dict[str, Any] = {
        "same": same,
        "same_sections": len({row.department_id for row in same} | {found.department_id}),
        "task_form": bound("task", lambda: TaskForm(auto_id="task_%s", people=possible_askers())),
        "merge_form": bound("merge", lambda: MergeForm(auto_id="merge_%s", others=others)) if others else None,
        "split_form": bound("split", lambda: split_form(found)),
        "escalate_form": bound("escalate", lambda: EscalateForm(auto_id="escalate_%s", line=line)) if line else None,
        "join_form": bound("join", lambda: JoinForm(auto_id="join_%s", issues=open_issues()))
        if context["issue"] is None and open_issues()
        else None,
    }
    if found.has_purpose and found.status not in {S.RECEIVED, S.TRIAGED}:
        departments = list(departments_on(clock.today()))
        made["cause_form"] = bound("cause", lambda: CauseForm(auto_id="cause_%s", departments=departments))
        made["decide_form"] = DecideForm(auto_id=False)
        made["step_forms"] = [(line, _option_form(line, zone, failed, form)) for line in context["steps"]]
    return made


def _option_form(line: Any, zone: str, failed: str, form: django_forms.BaseForm | None) -> django_forms.BaseForm | None:
    if not line.is_open:
        return None
    name = f"option-{line.step.value}"
    if failed == name and form is not None:
        return form
    return OptionForm(
        auto_id=f"{name}_%s", initial={"step": line.step.value}, takes_tool=line.takes_tool,
        tools=tools_for(zone) if line.takes_tool else [],
    )  # fmt: skip


def split_form(found: Consultation, data: Any = None) -> SplitForm:
    """The form that takes a second trouble out, with the messages of the thread to choose from."""
    entries = thread_of(found)
    shown = [
        (str(entry.message.id), f"{entry.who}：{entry.message.body[:60]}")
        for entry in entries
        if entry.message is not None
    ]
    return SplitForm(data, auto_id="split_%s", initial={"part_id": uuid7(), "task": found.task}, shown=shown)
