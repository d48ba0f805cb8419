"""What may be done to many cases of any kind at once: labels, a text to the applicants, sharing by load, following."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from kakehashi.cases.hooks import BatchAct, BatchField, Values, case_kind, register_batch_act
from kakehashi.cases.models import Case, CaseLabel, Label, MessageTemplate, Purpose, Thread
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.selectors import labels_on_offer, loads, possible_handlers, templates_on_offer
from kakehashi.cases.services.cases import assign_case
from kakehashi.cases.services.labels import add_label, drop_label
from kakehashi.cases.services.messages import post_message
from kakehashi.cases.services.templates import text_for
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.people.models import Person

_CLOSED = "完了しています"


def register_batch_acts() -> None:
    """Register the acts of this room, in the order of the menu."""
    handle = CasePermission.HANDLE
    register_batch_act(
        "cases.assign",
        BatchAct("担当を決める", handle, _assign, _closed, _unassign, _people, _describe_person),
    )
    register_batch_act(
        "cases.share",
        BatchAct(
            "担当を負担の少ない人に分ける", handle, _share, _not_shareable, _unassign,
            help_text="担当のいない案件を、今の件数（期限超過は2倍）の少ない人から順に割り当てます。不在の登録がある人は後です。",
        ),
    )  # fmt: skip
    register_batch_act(
        "cases.label",
        BatchAct("ラベルを付ける", handle, _label, _has_label, _unlabel, _labels, _describe_label),
    )
    register_batch_act(
        "cases.unlabel",
        BatchAct("ラベルを外す", handle, _drop, _has_no_label, _relabel, _labels, _describe_label),
    )
    register_batch_act(
        "cases.message",
        BatchAct(
            "文例で申請者に連絡する", handle, _write, _nobody_to_write_to, None, _templates, _describe_text,
            help_text="一人ひとりの名前や受付番号が入ります。申請者の言語の文があれば、その文になります。送った連絡は取り消せません。",
        ),
    )  # fmt: skip


def _closed(actor: Actor, cases: Sequence[Case], values: Values) -> dict[UUID, str]:
    return {case.id: _CLOSED for case in cases if not case.is_open}


def _people(actor: Actor) -> list[BatchField]:
    people = [("", "（担当なし）"), *((str(person.id), person.name) for person in possible_handlers(actor))]
    return [BatchField("handler", "担当", "choice", people, is_required=False)]


def _describe_person(values: Values) -> list[tuple[str, str]]:
    person = Person.objects.filter(id=values["handler"]).first() if values.get("handler") else None
    return [("担当", person.name if person else "（担当なし）")]


def _assign(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    before = {"handler": str(case.handler_id or "")}
    person = Person.objects.filter(id=values["handler"]).first() if values.get("handler") else None
    assign_case(actor=actor, case=case, handler=person, act_id=act_id)
    return before | {"after": str(person.id) if person else ""}


def _unassign(actor: Actor, case: Case, before: dict[str, Any]) -> None:
    if str(case.handler_id or "") != before["after"]:
        raise DomainError("そのあと担当が変わりました")
    person = Person.objects.filter(id=before["handler"]).first() if before["handler"] else None
    assign_case(actor=actor, case=case, handler=person)


def _not_shareable(actor: Actor, cases: Sequence[Case], values: Values) -> dict[UUID, str]:
    taken = {case.id: f"{case.handler.name}が担当しています" for case in cases if case.handler}
    return taken | _closed(actor, cases, values)


def _share(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    people = possible_handlers(actor, case.department_id)
    if not people:
        raise DomainError("担当課に職員がいません")
    # Asked anew for each case: what was just given counts already.
    person = loads(people)[0].person
    assign_case(actor=actor, case=case, handler=person, act_id=act_id)
    return {"handler": "", "after": str(person.id)}


def _labels(actor: Actor) -> list[BatchField]:
    return [BatchField("label", "ラベル", "choice", [(str(each.id), each.name) for each in labels_on_offer(actor)])]


def _describe_label(values: Values) -> list[tuple[str, str]]:
    label = Label.objects.filter(id=values["label"]).first()
    return [("ラベル", label.name if label else "")]


def _with_label(cases: Sequence[Case], values: Values) -> set[UUID]:
    if not values.get("label"):
        return set()
    rows = CaseLabel.objects.filter(label_id=values["label"], case_id__in=[case.id for case in cases])
    return set(rows.values_list("case_id", flat=True))


def _has_label(actor: Actor, cases: Sequence[Case], values: Values) -> dict[UUID, str]:
    return dict.fromkeys(_with_label(cases, values), "もう付いています")


def _has_no_label(actor: Actor, cases: Sequence[Case], values: Values) -> Mapping[UUID, str]:
    there = _with_label(cases, values)
    return {case.id: "付いていません" for case in cases if values and case.id not in there}


def _label(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    add_label(actor=actor, case=case, label=Label.objects.get(id=values["label"]), act_id=act_id)
    return {"label": values["label"]}


def _drop(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    drop_label(actor=actor, case=case, label=Label.objects.get(id=values["label"]), act_id=act_id)
    return {"label": values["label"]}


def _unlabel(actor: Actor, case: Case, before: dict[str, Any]) -> None:
    drop_label(actor=actor, case=case, label=Label.objects.get(id=before["label"]))


def _relabel(actor: Actor, case: Case, before: dict[str, Any]) -> None:
    add_label(actor=actor, case=case, label=Label.objects.get(id=before["label"]))


def _templates(actor: Actor) -> list[BatchField]:
    texts = [(str(each.id), each.name) for each in templates_on_offer(actor, Purpose.MESSAGE)]
    return [BatchField("template", "文例", "choice", texts)]


def _describe_text(values: Values) -> list[tuple[str, str]]:
    template = MessageTemplate.objects.filter(id=values["template"]).first()
    return [("文例", template.name if template else "")]


def _nobody_to_write_to(actor: Actor, cases: Sequence[Case], values: Values) -> dict[UUID, str]:
    return {case.id: "申請者のいない仕事です" for case in cases if not case_kind(case.kind).has_public_thread}


def _write(actor: Actor, case: Case, values: Values, act_id: UUID) -> dict[str, Any]:
    template = MessageTemplate.objects.prefetch_related("texts").get(id=values["template"])
    post_message(actor=actor, case=case, thread=Thread.PUBLIC, body=text_for(template, case), act_id=act_id)
    return {}
