"""全庁課題: the same trouble in several sections, taken up once, with the consultations joined."""

from __future__ import annotations

from collections.abc import Sequence

from kakehashi.desk.domain.states import ConsultationState
from kakehashi.desk.models import Consultation, CrossIssue, IssueMember
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.services.movement import SUBJECT
from kakehashi.desk.services.support import tell
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Department

ISSUE = "desk.issue"


@service
def raise_issue(
    *,
    actor: Actor,
    title: str,
    summary: str,
    consultations: Sequence[Consultation],
    owner: Department | None = None,
) -> CrossIssue:
    """Make the trouble of several consultations one issue of the whole body (全庁課題) and join them to it.

    Raises DomainError without a title and with fewer than two consultations, or one that belongs to another issue already.
    """
    require(actor, DeskPermission.SUPPORT)
    if not title.strip():
        raise DomainError("課題の名前を書いてください。", field="title", code="required")
    if len({consultation.id for consultation in consultations}) < 2:
        raise DomainError("全庁課題には、相談を二つ以上選んでください。", field="consultations", code="too_few")
    issue: CrossIssue = CrossIssue.objects.create(
        title=title.strip()[:120], summary=summary.strip()[:2000], owner=owner, raised_by=actor.label[:200]
    )
    _record(actor, issue, "desk.issue.raised", consultations=len(consultations))
    for consultation in consultations:
        join_issue(actor=actor, issue=issue, consultation=consultation)
    return issue


@service
def join_issue(*, actor: Actor, issue: CrossIssue, consultation: Consultation) -> IssueMember:
    """Join a consultation to an issue; its asker is told. Twice is once.

    Raises DomainError when it belongs to another issue or is a draft, Stale for an issue that is closed.
    """
    require(actor, DeskPermission.SUPPORT)
    if issue.state != CrossIssue.State.OPEN:
        raise Stale
    if consultation.status is ConsultationState.DRAFT:
        raise NotFound
    member, made = IssueMember.objects.get_or_create(
        consultation=consultation, defaults={"issue": issue, "joined_by": actor.label[:200]}
    )
    kept: IssueMember = member
    if kept.issue_id != issue.id:
        raise DomainError(f"「{consultation.task}」は、もう別の全庁課題に入っています。", field="consultations")
    if made:
        act = uuid7()
        record_event(
            actor=actor, code="desk.consultation.joined_issue", subject_kind=SUBJECT, subject_id=consultation.id,
            payload={"issue": str(issue.id), "title": issue.title}, act_id=act,
        )  # fmt: skip
        words = f"「{consultation.task}」の困りごとは、ほかの課にもあります。全庁課題「{issue.title}」としてまとめて取り組みます。"
        asker = consultation.asked_by
        tell(
            actor, consultation, "desk.joined", asker.id, asker.name, f"全庁課題になりました：{issue.title}", words, act
        )
    return kept


@service
def leave_issue(*, actor: Actor, member: IssueMember, reason: str) -> None:
    """Take a consultation out of an issue again, with the reason; it goes on by itself."""
    require(actor, DeskPermission.SUPPORT)
    if not reason.strip():
        raise DomainError("外す理由を書いてください。", field="reason", code="required")
    record_event(
        actor=actor, code="desk.consultation.left_issue", subject_kind=SUBJECT, subject_id=member.consultation_id,
        payload={"issue": str(member.issue_id), "reason": reason.strip()[:300]},
    )  # fmt: skip
    member.delete()


@service
def close_issue(*, actor: Actor, issue: CrossIssue, state: str, result: str) -> CrossIssue:
    """Say how an issue ended, `solved` or `dropped`, in words; everybody who asked is told. Raises Stale the second time."""
    require(actor, DeskPermission.SUPPORT)
    if state not in {CrossIssue.State.SOLVED, CrossIssue.State.DROPPED}:
        raise DomainError("「解決」か「取り組まない」を選んでください。", field="state", code="required")
    if not result.strip():
        raise DomainError("結果を書いてください。相談した人が読みます。", field="result", code="required")
    changes = {"state": state, "result": result.strip()[:2000], "closed_at": clock.now()}
    if not CrossIssue.objects.filter(id=issue.id, state=CrossIssue.State.OPEN).update(**changes):
        raise Stale
    issue.refresh_from_db()
    _record(actor, issue, "desk.issue.closed", state=issue.get_state_display(), result=issue.result[:300])
    act = uuid7()
    for member in issue.members.select_related("consultation__asked_by"):
        asker = member.consultation.asked_by
        words = f"全庁課題「{issue.title}」：{issue.get_state_display()}\n{issue.result}"
        tell(
            actor, member.consultation, "desk.joined", asker.id, asker.name, f"全庁課題の結果：{issue.title}", words, act
        )  # fmt: skip
    return issue


def _record(actor: Actor, issue: CrossIssue, code: str, **payload: object) -> None:
    record_event(
        actor=actor, code=code, subject_kind=ISSUE, subject_id=issue.id, payload={"title": issue.title, **payload}
    )
