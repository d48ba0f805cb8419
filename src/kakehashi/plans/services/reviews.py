"""Reviews (評価・見直し): opened with the figures of the moment, written by the sections, closed when every miss has its next move."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django.db import IntegrityError, transaction
from django.urls import reverse

from kakehashi.indicators.domain.figure import number_text
from kakehashi.indicators.selectors.late import people_of
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.plans.domain.reviews import NEEDS_MOVE, MissCause, Move, Result, review_bounds
from kakehashi.plans.domain.states import InitiativeState
from kakehashi.plans.models import DxPlan, PlanReview, ReviewLine
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.sunsets import units_over
from kakehashi.plans.selectors.tree import IndicatorLine, InitiativeLine, PlanTree, plan_tree
from kakehashi.plans.services.versions import keep_version

REVIEW_REMINDER = "plans.review"
_BEHIND = {InitiativeState.MISSED, InitiativeState.PARTLY_ACHIEVED}


@service
def open_review(*, actor: Actor, plan: DxPlan, fiscal_year: int, quarter: int = 0) -> PlanReview:
    """Open the review of a fiscal year (quarter 0) or a quarter, with a line for each initiative, and write `plans.review.opened`.

    The figures are frozen as they are now. Raises PermissionRefused, and DomainError for a year outside the plan, a time that has
    not begun, a review that is there already, or a plan without an initiative.
    """
    require(actor, PlansPermission.REVIEW)
    if fiscal_year not in plan.years or quarter not in range(5):
        raise DomainError(f"計画の期間({plan.years_label})の中の年度を選んでください。", field="fiscal_year")
    if review_bounds(fiscal_year, quarter)[0] > clock.today():
        raise DomainError("まだ始まっていない期間です。", field="quarter")
    tree = plan_tree(plan, fiscal_year, live=True)
    lines = [one for one in tree.initiatives if one.initiative.state != InitiativeState.CANCELLED]
    if not lines:
        raise DomainError("取組が一つもありません。", code="empty")
    try:
        with transaction.atomic():
            review = PlanReview.objects.create(
                plan=plan,
                fiscal_year=fiscal_year,
                quarter=quarter,
                opened_by=actor.label,
                evaluations=_evaluations(tree),
            )
    except IntegrityError:
        raise DomainError("この期間の評価はもう始まっています。", field="quarter", code="duplicate") from None
    ReviewLine.objects.bulk_create([_line(review, one, is_year=quarter == 0) for one in lines])
    _record(actor, review, "opened", {"fiscal_year": fiscal_year, "quarter": quarter, "lines": len(lines)})
    return review


@service
def write_line(
    *,
    actor: Actor,
    line: ReviewLine,
    result: Result,
    cause: MissCause | str = "",
    cause_text: str = "",
    move: Move | str = "",
    move_text: str = "",
) -> ReviewLine:
    """Write how an initiative did, and `plans.review.written`.

    未達 and 一部達成 need the cause, what happened, and the next move with its words. Raises PermissionRefused, and DomainError beside
    the field, for a closed review, or for 達成 where the numbers say otherwise.
    """
    require(actor, PlansPermission.REPORT)
    line = ReviewLine.objects.select_for_update(of=("self",)).select_related("review").get(id=line.id)
    if not line.review.is_open:
        raise DomainError("この評価は締められています。", code="closed")
    if line.is_missed and result in (Result.ACHIEVED, Result.RUNNING):
        raise DomainError(
            "実績が目標に届いていません。未達か一部達成を選んでください。", field="result", code="contradiction"
        )
    if result in NEEDS_MOVE:
        _require_words(cause, cause_text, move, move_text)
    line.result, line.cause, line.cause_text = result, cause, cause_text.strip()
    line.move, line.move_text = move, move_text.strip()
    line.written_at, line.written_by = clock.now(), actor.label
    line.save()
    payload = {"initiative": str(line.initiative_id), "result": result.value, "cause": str(cause), "move": str(move)}
    _record(actor, line.review, "written", payload)
    return line


@service
def close_review(*, actor: Actor, review: PlanReview, summary: str) -> PlanReview:
    """Close a review, keep the plan as a version, and write `plans.review.closed`; nothing in it changes afterwards.

    Raises PermissionRefused, and DomainError while a line is unwritten, a unit is past its day undecided, or without a summary.
    """
    require(actor, PlansPermission.REVIEW)
    review = PlanReview.objects.select_for_update(of=("self",)).get(id=review.id)
    if not review.is_open:
        return review
    waiting = ReviewLine.objects.filter(review=review, written_at__isnull=True).count()
    if waiting:
        raise DomainError(f"まだ書かれていない取組が{waiting}件あります。担当課に催促できます。", code="unwritten")
    over = list(units_over(review.plan))
    if over:
        names = "、".join(f"「{one.unit_name}」" for one in over[:3])
        raise DomainError(
            f"期限を過ぎた組織{names}を終えるか続けるか、先に決めてください。", field="summary", code="sunset"
        )
    if not summary.strip():
        raise DomainError("まとめを書いてください。", field="summary", code="required")
    review.summary, review.closed_at, review.closed_by = summary.strip(), clock.now(), actor.label
    review.save(update_fields=["summary", "closed_at", "closed_by"])
    # The plan and its logic models as they were judged; the last version stands where nothing has changed since.
    keep_version(actor, review.plan, reason=f"{review.label}の評価")
    _record(actor, review, "closed", {"summary": review.summary})
    return review


@service
def remind_review(*, actor: Actor, review: PlanReview) -> int:
    """Tell the sections whose lines are unwritten, one notice a person; gives how many people. Writes `plans.review.reminded`.

    Raises PermissionRefused. Lines without a department reach nobody and stay on the list.
    """
    require(actor, PlansPermission.REVIEW)
    if not review.is_open:
        return 0
    waiting = list(
        ReviewLine.objects.filter(review=review, written_at__isnull=True).select_related("initiative__department")
    )
    told: dict[Any, list[str]] = {}
    for line in waiting:
        for person in people_of(line.initiative.department) if line.initiative.department else ():
            told.setdefault(person, []).append(f"・{line.initiative.title}")
    for person, titles in told.items():
        send_notice(
            actor=actor,
            kind=REVIEW_REMINDER,
            to=Recipient(person_id=person.id, name=person.name),
            subject=f"計画の評価（{review.label}）に{len(titles)}件の記入をお願いします",
            body_text=f"{review.plan.title}\n" + "\n".join(titles),
            url=reverse("plans-staff:review", args=[review.id]),
            idempotency_key=uuid5(person.id, f"plans review {review.id} {clock.now().isoformat()}"),
        )
    ReviewLine.objects.filter(id__in=[line.id for line in waiting]).update(reminded_at=clock.now())
    _record(actor, review, "reminded", {"lines": len(waiting), "people": len(told)})
    return len(told)


def _require_words(cause: str, cause_text: str, move: str, move_text: str) -> None:
    for field, value, message in (
        ("cause", cause, "未達の要因を選んでください。"),
        ("cause_text", cause_text, "何が起きたかを書いてください。"),
        ("move", move, "次の動き（OODA）を選んでください。"),
        ("move_text", move_text, "次の一手を1行で書いてください。小さなことで構いません。"),
    ):
        if not value.strip():
            raise DomainError(message, field=field, code="required")


def _line(review: PlanReview, one: InitiativeLine, *, is_year: bool) -> ReviewLine:
    missed = one.initiative.state in _BEHIND or any(_is_missed(line, is_year=is_year) for line in one.indicators)
    return ReviewLine(
        review=review,
        initiative=one.initiative,
        figures=[_figure(line) for line in one.indicators],
        is_missed=missed,
    )


def _is_missed(line: IndicatorLine, *, is_year: bool) -> bool:
    """A target of the year is judged when the year is reviewed, or is over; in a quarter it may still be reached."""
    if line.attainment is None or line.attainment.is_met:
        return False
    return is_year or line.outcome == "missed"


def _figure(line: IndicatorLine) -> dict[str, str]:
    figure = line.reading.figure if line.reading else None
    words = "、".join(result.text for result in line.results)
    actual = words if figure is None else figure.word if figure.value is None else number_text(figure.value, line.unit)
    return {
        "label": line.label,
        "unit": line.unit,
        "target": _target(line),
        "actual": actual,
        "rate": "" if line.attainment is None or line.attainment.rate is None else str(line.attainment.rate),
        "policy": line.policy_text if line.attainment else "",
        "outcome": line.outcome,
    }


def _target(line: IndicatorLine) -> str:
    if line.target is None:
        return ""
    return line.target.words if line.target.value is None else number_text(line.target.value, line.unit)


def _evaluations(tree: PlanTree) -> list[dict[str, Any]]:
    return [
        {
            "policy": one.policy_text,
            "scale": one.scale.label,
            "reached": one.reached,
            "judged": one.judged,
            "rate": None if one.rate is None else str(one.rate),
            "grade": one.grade,
        }
        for one in tree.evaluations
    ]


def _record(actor: Actor, review: PlanReview, verb: str, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code=f"plans.review.{verb}", subject_kind="plans.review", subject_id=review.id, payload=payload
    )
