"""Writing a logic model: boxes, arrows to the right, evidence on each arrow. Every act is in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.plans.domain.logic import EVIDENCE_KINDS, STRONGEST, Stage, grade_of, may_link
from kakehashi.plans.models import Evidence, Initiative, LogicArrow, LogicBox, LogicModel, PlanIndicator, PlanProgram
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.logic import indicators_for, model_about

MOST_BOXES, MOST_ARROWS, MOST_EVIDENCE = 60, 150, 20
_EVIDENCE = ("kind", "design", "strength", "source", "url", "case_id", "as_of", "note")


@service
def start_logic_model(*, actor: Actor, branch: Initiative | PlanProgram) -> LogicModel:
    """Begin the logic model of an initiative or a programme, and write `plans.logic.started`; gives the one that is there already.

    Raises PermissionRefused.
    """
    require(actor, PlansPermission.EDIT)
    type(branch).objects.select_for_update().get(id=branch.id)
    found = model_about(branch)
    if found is not None:
        return found
    made = (
        LogicModel.objects.create(initiative=branch)
        if isinstance(branch, Initiative)
        else LogicModel.objects.create(program=branch)
    )
    _record(actor, made, "started", {"title": branch.title})
    return made


@service
def set_factors(*, actor: Actor, model: LogicModel, factors: str) -> LogicModel:
    """Say which outside conditions (外部要因) the model depends on, and write `plans.logic.edited`. Raises PermissionRefused."""
    require(actor, PlansPermission.EDIT)
    model.factors = factors.strip()
    model.save(update_fields=["factors"])
    _record(actor, model, "edited", {"factors": model.factors})
    return model


@service
def save_box(
    *,
    actor: Actor,
    model: LogicModel,
    stage: Stage,
    text: str,
    indicator: PlanIndicator | None = None,
    box: LogicBox | None = None,
) -> LogicBox:
    """Add a box at the end of its column, or change one, and write `plans.logic.box_saved`.

    Raises PermissionRefused, and DomainError without words, for an indicator of another branch, with too many boxes, or when an
    arrow would no longer lead to the right.
    """
    require(actor, PlansPermission.EDIT)
    _lock(model)
    if not text.strip():
        raise DomainError("箱の言葉を書いてください。", field="text", code="required")
    if indicator is not None and not indicators_for(model).filter(id=indicator.id).exists():
        raise DomainError("この取組・施策の指標から選んでください。", field="indicator")
    made = box or LogicBox(model=model, stage=stage)
    former = None if box is None else Stage(box.stage)
    if box is None and LogicBox.objects.filter(model=model).count() >= MOST_BOXES:
        raise DomainError(f"箱は{MOST_BOXES}個までです。", code="too_many")
    if former is not stage:
        _check_arrows(made, stage)
        made.order = _next(LogicBox.objects.filter(model=model, stage=stage))
    made.stage, made.text, made.indicator = stage, " ".join(text.split()), indicator
    made.save()
    payload = {"box": str(made.id), "stage": stage.value, "text": made.text, "is_new": box is None}
    _record(actor, model, "box_saved", payload | {"indicator": str(indicator.id) if indicator else ""})
    return made


@service
def move_box(*, actor: Actor, box: LogicBox, up: bool) -> None:
    """Change places with the neighbour above or below in the column, and write `plans.logic.box_moved`. Raises PermissionRefused."""
    require(actor, PlansPermission.EDIT)
    _lock(box.model)
    column = list(LogicBox.objects.filter(model_id=box.model_id, stage=box.stage))
    place = next(number for number, one in enumerate(column) if one.id == box.id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(column):
        return
    column[place], column[other] = column[other], column[place]
    for number, one in enumerate(column, 1):
        one.order = number
    LogicBox.objects.bulk_update(column, ["order"])
    _record(actor, box.model, "box_moved", {"box": str(box.id), "text": box.text, "place": other + 1})


@service
def remove_box(*, actor: Actor, box: LogicBox) -> None:
    """Remove a box with its arrows and their evidence, and write `plans.logic.box_removed`, which names them. Raises PermissionRefused."""
    require(actor, PlansPermission.EDIT)
    arrows = LogicArrow.objects.filter(model_id=box.model_id).select_related("start", "end")
    gone = [_words(one) for one in arrows if box.id in (one.start_id, one.end_id)]
    _record(actor, box.model, "box_removed", {"stage": box.stage, "text": box.text, "arrows": gone})
    box.delete()


@service
def draw_arrow(*, actor: Actor, start: LogicBox, end: LogicBox) -> LogicArrow:
    """Draw an arrow, and write `plans.logic.arrow_drawn`; one that is there stays as it is.

    Raises PermissionRefused, and DomainError for boxes of two models or an arrow that does not lead to the right.
    """
    require(actor, PlansPermission.EDIT)
    _lock(start.model)
    if start.model_id != end.model_id:
        raise DomainError("同じロジックモデルの箱を選んでください。", field="end")
    if not may_link(Stage(start.stage), Stage(end.stage)):
        raise DomainError(
            "矢印は、右の列の箱へだけ引けます。左や同じ列へは引けません。", field="end", code="not_to_the_right"
        )
    if LogicArrow.objects.filter(model_id=start.model_id).count() >= MOST_ARROWS:
        raise DomainError(f"矢印は{MOST_ARROWS}本までです。", code="too_many")
    with transaction.atomic():
        made, is_new = LogicArrow.objects.get_or_create(start=start, end=end, defaults={"model": start.model})
    if is_new:
        _record(actor, start.model, "arrow_drawn", {"arrow": _words(made)})
    return made


@service
def remove_arrow(*, actor: Actor, arrow: LogicArrow) -> None:
    """Remove an arrow with its evidence, and write `plans.logic.arrow_removed`. Raises PermissionRefused."""
    require(actor, PlansPermission.EDIT)
    evidence = [str(one) for one in Evidence.objects.filter(arrow=arrow)]
    _record(actor, arrow.model, "arrow_removed", {"arrow": _words(arrow), "evidence": evidence})
    arrow.delete()


@service
def save_evidence(
    *, actor: Actor, arrow: LogicArrow, values: Mapping[str, object], evidence: Evidence | None = None
) -> Evidence:
    """Put evidence on an arrow, or change it, and write `plans.logic.evidence_saved`.

    `values`: kind, design, strength, source, url, case_id, as_of, note. Raises PermissionRefused, and DomainError for an unknown kind,
    evidence that is stronger than 経験則 without saying where it comes from, or a strength of one's own without its reason.
    """
    require(actor, PlansPermission.EDIT)
    made = evidence or Evidence(arrow=arrow)
    for key in _EVIDENCE:
        if key in values:
            setattr(made, key, values[key])
    if made.kind not in EVIDENCE_KINDS:
        raise DomainError("根拠の種類を選んでください。", field="kind")
    grade = made.grade
    if not 0 <= grade.strength <= STRONGEST:
        raise DomainError(f"強さは0から{STRONGEST}までです。", field="strength")
    if grade.strength != grade_of(made.kind, made.design).strength and not made.note.strip():
        raise DomainError("強さを自分で決めるときは、その理由を書いてください。", field="note", code="required")
    if grade.strength > EVIDENCE_KINDS["experience"].strength and not (made.source.strip() or made.case_id):
        raise DomainError("出どころ（調査・論文・団体の名前など）を書いてください。", field="source", code="required")
    if evidence is None and Evidence.objects.filter(arrow=arrow).count() >= MOST_EVIDENCE:
        raise DomainError(f"1本の矢印の根拠は{MOST_EVIDENCE}件までです。", code="too_many")
    made.recorded_by = actor.label
    made.save()
    payload = {
        "arrow": _words(arrow),
        "kind": made.kind,
        "strength": grade.strength,
        "source": made.source,
        "url": made.url,
        "note": made.note,
    }
    _record(actor, arrow.model, "evidence_saved", payload | {"as_of": made.as_of.isoformat() if made.as_of else ""})
    return made


@service
def remove_evidence(*, actor: Actor, evidence: Evidence) -> None:
    """Take evidence off its arrow, and write `plans.logic.evidence_removed`. Raises PermissionRefused."""
    require(actor, PlansPermission.EDIT)
    arrow = evidence.arrow
    _record(actor, arrow.model, "evidence_removed", {"arrow": _words(arrow), "evidence": str(evidence)})
    evidence.delete()


def _check_arrows(box: LogicBox, stage: Stage) -> None:
    """A box that changes its column may not turn an arrow round."""
    rows = LogicArrow.objects.filter(model_id=box.model_id).select_related("start", "end")
    left = [Stage(one.start.stage) for one in rows if one.end_id == box.id]
    right = [Stage(one.end.stage) for one in rows if one.start_id == box.id]
    if not all(may_link(one, stage) for one in left) or not all(may_link(stage, one) for one in right):
        raise DomainError(
            "この列へ移すと、左へ向く矢印ができます。先に矢印を消してください。", field="stage", code="not_to_the_right"
        )


def _next(rows: Any) -> int:
    return int(rows.aggregate(last=Max("order"))["last"] or 0) + 1


def _lock(model: LogicModel) -> None:
    LogicModel.objects.select_for_update(of=("self",)).get(id=model.id)


def _words(arrow: LogicArrow) -> str:
    return f"{arrow.start.text} → {arrow.end.text}"


def _record(actor: Actor, model: LogicModel, verb: str, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code=f"plans.logic.{verb}", subject_kind="plans.logic", subject_id=model.id, payload=payload
    )
