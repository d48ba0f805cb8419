"""Reads of 照会・回答, on both sides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from kakehashi.cases.models import Case
from kakehashi.governments.models import Government
from kakehashi.indicators.domain.figure import FigureState
from kakehashi.indicators.domain.peers import peer_group
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.selectors import NoSuchMeasure, describe, readings
from kakehashi.kernel import clock
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.models import Department
from kakehashi.plans.domain.inquiries import Answer, Item, ItemKind, from_json
from kakehashi.plans.models import (
    InquiryCall,
    InquiryReply,
    InquiryTask,
    MunicipalInquiry,
    PlanIndicator,
    ReplyStage,
    TaskState,
)
from kakehashi.plans.models.inquiries import Audience
from kakehashi.plans.selectors.matrix import municipalities


@dataclass(frozen=True)
class Standing:
    """Where one municipality stands: its call, its newest reply, and the word for it."""

    municipality: Government
    call: InquiryCall | None
    reply: InquiryReply | None
    state: str
    tone: str

    @property
    def has_answered(self) -> bool:
        """Whether an answer is there that nobody has sent back."""
        return self.tone == "done"

    @property
    def is_outside(self) -> bool:
        """Whether the municipality answers by file."""
        return not self.municipality.is_tenant


def inquiries() -> QuerySet[MunicipalInquiry]:
    """The prefecture's inquiries, the newest first."""
    return MunicipalInquiry.objects.order_by("-created_at", "-id")


def find_inquiry(inquiry_id: UUID) -> MunicipalInquiry:
    """One inquiry of the open scope. Raises NotFound."""
    found = MunicipalInquiry.objects.filter(id=inquiry_id).first()
    if found is None:
        raise NotFound
    return found


def audience_of(inquiry: MunicipalInquiry) -> list[Government]:
    """The municipalities an inquiry is addressed to: all, those of the chosen groups and kinds, or the chosen ones."""
    every = municipalities()
    if inquiry.audience == Audience.ALL:
        return every
    chosen = set(inquiry.chosen)
    if inquiry.audience == Audience.CHOSEN:
        return [one for one in every if one.code in chosen]
    return [one for one in every if one.kind in chosen or _group(one) in chosen]


def groups_here() -> list[tuple[str, str]]:
    """Kinds and groups of comparable governments that the prefecture has, for the choice of an audience."""
    every = municipalities()
    kinds = {one.kind: one.get_kind_display() for one in every}
    groups = {label: label for one in every if (label := _group(one))}
    return [*kinds.items(), *sorted(groups.items())]


def standings(inquiry: MunicipalInquiry) -> list[Standing]:
    """Where every municipality that was asked stands, in the order of codes. Three queries."""
    mine = current_government_id()
    calls = {one.audience_id: one for one in InquiryCall.objects.filter(origin_id=mine, inquiry_id=inquiry.id)}
    replies: dict[UUID, InquiryReply] = {}
    for one in InquiryReply.objects.filter(audience_id=mine, inquiry_id=inquiry.id).order_by("number"):
        replies[one.municipality_id] = one
    asked = Government.objects.filter(id__in=list(calls)).order_by("code")
    return [_standing(one, calls[one.id], replies.get(one.id)) for one in asked]


def replies_of(inquiry: MunicipalInquiry, municipality: Government) -> list[InquiryReply]:
    """Every answer of one municipality, the newest first."""
    rows = InquiryReply.objects.filter(
        audience_id=current_government_id(), inquiry_id=inquiry.id, municipality=municipality
    )
    return list(rows.exclude(stage=ReplyStage.RECEIVED).order_by("-number"))


def calls_here(departments: Collection[UUID] = ()) -> list[tuple[InquiryCall, InquiryTask | None]]:
    """What this municipality has been asked: what waits for one's own sections first, the nearest term first, what is done last."""
    calls = InquiryCall.objects.filter(audience_id=current_government_id()).order_by("-issued_at")[:300]
    rows = InquiryTask.objects.filter(call_id__in=[call.id for call in calls]).select_related("case")
    tasks = {task.call_id: task for task in rows}
    found = [(call, tasks.get(call.id)) for call in calls]
    found.sort(
        key=lambda pair: (
            _is_done(*pair),
            not is_own(pair[1], departments),
            pair[0].due_on if not _is_done(*pair) else date.max,
        )
    )
    return found


def is_own(task: InquiryTask | None, departments: Collection[UUID]) -> bool:
    """Whether the answer is the work of one of these sections."""
    return task is not None and task.case is not None and task.case.department_id in departments


def next_task(departments: Collection[UUID]) -> tuple[InquiryCall, InquiryTask] | None:
    """The call to be answered next: of one's own sections the one with the nearest term, else of the others; None where all is done."""
    for call, task in calls_here(departments):
        if task is not None and call.closed_at is None and task.state in {TaskState.RECEIVED, TaskState.RETURNED}:
            return call, task
    return None


def find_task(task_id: UUID) -> tuple[InquiryTask, InquiryCall]:
    """One task of this municipality with its call. Raises NotFound."""
    task = InquiryTask.objects.filter(id=task_id).select_related("case").first()
    call = InquiryCall.objects.filter(id=task.call_id, audience_id=current_government_id()).first() if task else None
    if task is None or call is None:
        raise NotFound
    return task, call


def own_replies(call: InquiryCall) -> list[InquiryReply]:
    """What this municipality answered so far, the newest first."""
    rows = InquiryReply.objects.filter(origin_id=current_government_id(), inquiry_id=call.inquiry_id)
    return list(rows.exclude(stage=ReplyStage.RECEIVED).order_by("-number"))


def fill(items: Sequence[Item]) -> dict[str, Answer]:
    """What the platform can answer by itself: indicators from the municipality's own numbers, the rest from its last answer to the same words."""
    former = _former_answers(items)
    return {
        item.key: _own_number(item) if item.kind is ItemKind.INDICATOR else former.get(item.key, Answer(item.key))
        for item in items
    }


def owner_of(codes: Sequence[str]) -> Department | None:
    """The section whose initiative is measured by the first of some indicators that any initiative of a plan is measured by."""
    if not codes:
        return None
    rows = PlanIndicator.objects.filter(measure_code__in=codes, initiative__department__valid_to=None)
    rows = rows.exclude(initiative__department=None).select_related("initiative__department").order_by("-id")
    owners = {one.measure_code: one.initiative.department for one in rows}
    return next((owners[code] for code in codes if code in owners), None)


def _own_number(item: Item) -> Answer:
    try:
        period = Period.parse(item.period) if item.period else Period.containing(clock.today()).previous()
        described = describe(item.measure)
    except (NoSuchMeasure, ValueError):
        return Answer(item.key, source="この指標はこの団体では数えていません。")
    reading = readings(described, [period])[0]
    figure = reading.figure
    origin = reading.record.get_origin_display() if reading.record else "自動計算"
    source = f"{described.label}・{period.label}・{origin}（{described.formula_text}）"
    if figure.value is None:
        is_empty = figure.state in {FigureState.NOT_SURVEYED, FigureState.BLANK}
        word = "" if is_empty else figure.state.value
        return Answer(item.key, word, word, source=source)
    value = f"{figure.value.normalize():f}"
    return Answer(item.key, value, value, source=source)


def _former_answers(items: Sequence[Item]) -> dict[str, Answer]:
    """The last answers to items of the same words and kind, so that nobody looks for last year's reply."""
    wanted: dict[tuple[str, str], str] = {
        (item.label, item.kind.value): item.key for item in items if item.kind is not ItemKind.INDICATOR
    }
    found: dict[str, Answer] = {}
    if not wanted:
        return found
    mine = current_government_id()
    replies = list(InquiryReply.objects.filter(origin_id=mine, stage=ReplyStage.ANSWERED).order_by("-answered_at")[:20])
    calls = InquiryCall.objects.filter(audience_id=mine, inquiry_id__in=[one.inquiry_id for one in replies])
    asked = {call.inquiry_id: call for call in calls}
    for reply in replies:
        call = asked.get(reply.inquiry_id)
        given = {row["key"]: row["value"] for row in reply.answers}
        for item in from_json(call.items) if call else ():
            key = wanted.get((item.label, item.kind.value))
            if key and key not in found and given.get(item.key):
                found[key] = Answer(key, given[item.key], source=f"前回の回答（{reply.answered_at:%Y-%m-%d}）")
    return found


def _standing(one: Government, call: InquiryCall, reply: InquiryReply | None) -> Standing:
    if reply is None:
        return Standing(one, call, None, "ファイルを待っています" if not one.is_tenant else "受取待ち", "new")
    if reply.stage == ReplyStage.RECEIVED:
        return Standing(one, call, reply, "受取済み", "working")
    if call.returned_at and call.returned_at > reply.answered_at:
        return Standing(one, call, reply, "差戻し中", "waiting")
    if reply.version < call.version:
        return Standing(one, call, reply, f"前の版（第{reply.version}版）への回答", "waiting")
    word = "該当なし" if reply.stage == ReplyStage.NOT_APPLICABLE else "回答済み"
    return Standing(one, call, reply, word, "done")


def _is_done(call: InquiryCall, task: InquiryTask | None) -> bool:
    return call.closed_at is not None or (task is not None and task.state == TaskState.ANSWERED)


def _group(one: Government) -> str:
    found = peer_group(one.code, one.kind, one.population)
    return found.label if found else ""


def case_url(case: Case) -> str:
    """Where the case of a call leads: the page of its answers."""
    return reverse("plans-staff:answer", args=[case.source_id])


def case_summary(case: Case) -> Mapping[str, Any]:
    """The call behind a case, for the case's own page."""
    task, call = find_task(case.source_id)
    return {"task": task, "call": call}
