"""Causes, options in their order, and what has to be done: nothing of it before the purpose stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kakehashi.desk.domain.causes import MOST_WHYS, WITH_OWNER, Cause
from kakehashi.desk.domain.options import LABELS, STEPS_WITH_TOOL, Step, missing_before
from kakehashi.desk.domain.states import ConsultationState, is_open
from kakehashi.desk.models import Consultation, DeskTask, RootCause, SolutionOption, Tool
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.services.movement import SUBJECT, move
from kakehashi.desk.services.support import require_purpose
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department, Person

S = ConsultationState


@service
def record_cause(
    *,
    actor: Actor,
    consultation: Consultation,
    category: str,
    text: str,
    whys: Sequence[str] = (),
    regulation: str = "",
    article: str = "",
    owner: Department | None = None,
) -> RootCause:
    """Write down a cause with the whys that led to it, at most five.

    Raises DomainError before the purpose stands, without a word, and for a clash with a rule that names no clause or nobody who
    could change it (for a custom: nobody who keeps it).
    """
    require(actor, DeskPermission.SUPPORT)
    _require_open(consultation)
    require_purpose(consultation)
    if category not in set(Cause):
        raise DomainError("原因の種類を選んでください。", field="category", code="required")
    if not text.strip():
        raise DomainError("もとの原因を一行で書いてください。", field="text", code="required")
    kind = Cause(category)
    if kind is Cause.RULE:
        for field, value, message in (
            ("regulation", regulation, "ぶつかっている規程の名前を書いてください。"),
            ("article", article, "何条かを書いてください。分からなければ「未確認」と書きます。"),
        ):
            if not value.strip():
                raise DomainError(message, field=field, code="required")
    if kind in WITH_OWNER and owner is None:
        raise DomainError("その決まりを変えられる課を選んでください。", field="owner", code="required")
    cause: RootCause = RootCause.objects.create(
        consultation=consultation, category=category, text=text.strip()[:500], written_by=actor.label[:200],
        whys=[why.strip()[:300] for why in whys if why.strip()][:MOST_WHYS],
        regulation=regulation.strip()[:200], article=article.strip()[:60], owner=owner,
    )  # fmt: skip
    payload = {"cause": cause.get_category_display(), "article": f"{cause.regulation} {cause.article}".strip()}
    if consultation.status is S.PURPOSE_CONFIRMED:
        move(actor, consultation, S.CAUSE_ANALYSED, "desk.consultation.cause_recorded", payload=payload)
    else:
        _record(actor, consultation, "desk.consultation.cause_recorded", **payload)
    return cause


@service
def write_option(
    *,
    actor: Actor,
    consultation: Consultation,
    step: str,
    text: str,
    is_fit: bool = True,
    migration_hours: Decimal | None = None,
    migration_note: str = "",
    tool: Tool | None = None,
) -> SolutionOption:
    """Write down an option of one step of the order 廃止・排除・結合・交換・簡素化, or (`is_fit` False) why the step has nothing.

    Raises DomainError before purpose and wished state stand, before each earlier step was thought of, without the extra work of
    changing over, and for a tool where nothing is left to be done by one.
    """
    require(actor, DeskPermission.SUPPORT)
    _require_open(consultation)
    require_purpose(consultation)
    # Two supporters write at once: each sees the steps the other has thought of.
    Consultation.objects.select_for_update().get(id=consultation.id)
    chosen = _step_in_turn(consultation, step)
    if not text.strip():
        message = "案を一行で書いてください。" if is_fit else "当てはまらない理由を一行で書いてください。"
        raise DomainError(message, field="text", code="required")
    if is_fit and migration_hours is None:
        raise DomainError(
            "移行の手間（全部で何時間）を書いてください。だいたいで構いません。",
            field="migration_hours",
            code="required",
        )
    if tool is not None and (not is_fit or chosen not in STEPS_WITH_TOOL):
        raise DomainError("廃止と排除には、道具は要りません。", field="tool", code="no_tool")
    option: SolutionOption = SolutionOption.objects.create(
        consultation=consultation, step=chosen.value, text=text.strip()[:500], is_fit=is_fit, tool=tool,
        migration_hours=migration_hours if is_fit else None, migration_note=migration_note.strip()[:300] if is_fit else "",
        choice=SolutionOption.Choice.OPEN if is_fit else SolutionOption.Choice.DROPPED, written_by=actor.label[:200],
    )  # fmt: skip
    return option


def _step_in_turn(consultation: Consultation, step: str) -> Step:
    if step not in set(Step):
        raise DomainError("段を選んでください。", field="step", code="required")
    considered = set(SolutionOption.objects.filter(consultation=consultation).values_list("step", flat=True))
    missing = missing_before(Step(step), considered)
    if missing:
        words = "、".join(LABELS[each] for each in missing)
        raise DomainError(
            f"先に「{words}」を考えてください。当てはまらなければ、そう書けば次へ進めます。",
            field="step",
            code="out_of_order",
        )
    return Step(step)


@service
def decide_option(*, actor: Actor, option: SolutionOption, choice: str, reason: str) -> SolutionOption:
    """Say that an option is taken (`chosen`) or let go (`dropped`), and why.

    Raises DomainError without a reason, for another choice, and for a step that does not apply.
    """
    require(actor, DeskPermission.SUPPORT)
    _require_open(option.consultation)
    if choice not in {SolutionOption.Choice.CHOSEN, SolutionOption.Choice.DROPPED} or not option.is_fit:
        raise DomainError("「これにする」か「見送る」を選んでください。", field="choice", code="required")
    if not reason.strip():
        raise DomainError("理由を一行で書いてください。", field="reason", code="required")
    option.choice, option.reason = choice, reason.strip()[:300]
    option.save(update_fields=["choice", "reason"])
    _record(
        actor, option.consultation, "desk.consultation.option_decided", option=option.text[:100], choice=option.get_choice_display()
    )  # fmt: skip
    return option


@service
def add_task(
    *, actor: Actor, consultation: Consultation, text: str, assignee: Person | None = None, due_on: date | None = None
) -> DeskTask:
    """Write down something that has to be done, by whom and until when. Raises DomainError without a word."""
    require(actor, DeskPermission.SUPPORT)
    _require_open(consultation)
    if not text.strip():
        raise DomainError("やることを書いてください。", field="text", code="required")
    if assignee is not None and not assignee.is_active:
        raise DomainError("この職員は在籍していません。", field="assignee")
    task: DeskTask = DeskTask.objects.create(
        consultation=consultation, text=text.strip()[:300], assignee=assignee, due_on=due_on
    )
    return task


@service
def finish_task(*, actor: Actor, task_id: object, is_done: bool) -> DeskTask:
    """Tick something as done, or not. Its assignee may, and the desk. Raises NotFound."""
    require(actor, DeskPermission.READ)
    task: DeskTask | None = DeskTask.objects.select_related("consultation").filter(id=str(task_id)).first()
    if task is None:
        raise NotFound
    if task.assignee_id is None or task.assignee_id != actor.id:
        require(actor, DeskPermission.SUPPORT)
    task.done_at, task.done_by = (clock.now(), actor.label[:200]) if is_done else (None, "")
    task.save(update_fields=["done_at", "done_by"])
    return task


def _require_open(consultation: Consultation) -> None:
    if not is_open(consultation.status):
        raise DomainError(f"「{consultation.state_label}」の相談には書き足せません。", code="wrong_state")


def _record(actor: Actor, consultation: Consultation, code: str, **payload: object) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=consultation.id, payload=dict(payload))
