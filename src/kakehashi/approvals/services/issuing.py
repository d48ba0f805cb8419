"""施行: the decision takes effect outside, gets its 文書番号, and its 原議 is filed at once."""

from __future__ import annotations

from kakehashi.approvals.domain.numbering import SeriesKind, office_day
from kakehashi.approvals.domain.transitions import Act
from kakehashi.approvals.hooks import source_of
from kakehashi.approvals.models import OpinionKind, Proposal, SealKind
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import situation_of, turn_of
from kakehashi.approvals.selectors.seals import seal_is_ready
from kakehashi.approvals.services.acts import locked, make_findable, move, reason_digest, record, released, say
from kakehashi.approvals.services.filing import complete_and_file, write_number_on_record
from kakehashi.approvals.services.numbers import take_branch_of, take_number_of
from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.undo import UNDO_SECONDS


@service
def issue_proposal(
    *, actor: Actor, proposal: Proposal, digest: str | None = None, branch_of: str = "", branch_reason: str = ""
) -> Proposal:
    """施行 of a decided proposal: files the 原議, takes the 文書番号, tells the source.

    Calling it again for an issued proposal returns it unchanged. `digest` is the text the person
    compared (照合); None when the program issues by itself. `branch_of` an issued 文書番号 takes the next 枝番 of it, for
    `branch_reason`, instead of a number of its own. Raises Stale when the text differs from
    what was decided, DomainError within the ten seconds of 「元に戻す」.
    """
    require(actor, ApprovalsPermission.ISSUE)
    current = locked(proposal)
    if current.is_issued:
        return current
    _wait_for_undo(current)
    _check_seal(current)
    if branch_of.strip() and not branch_reason.strip():
        raise DomainError("枝番で出す理由を記入してください。", field="branch_reason")
    shown = current.digest if digest is None else digest
    turn = turn_of(actor, current)
    move(Act.ISSUE, current, situation_of(actor, current, turn, digest_shown=shown))
    act_id = uuid7()
    day = office_day(clock.now())
    current.issued_at, current.issued_on = clock.now(), day
    complete_and_file(actor, current, act_id)
    # The series stays locked until the commit: only rows that carry the number are written after it.
    current.document_number = (
        take_branch_of(document_number=branch_of)
        if branch_of.strip()
        else take_number_of(kind=SeriesKind.DOCUMENT, department=current.department, day=day)
    )
    current.save()
    write_number_on_record(current)
    make_findable(current)
    if branch_of.strip():
        say(actor, current, None, OpinionKind.BRANCH, branch_reason)
    record(
        actor,
        "issued",
        current,
        {"document_number": current.document_number, "issued_on": day.isoformat(), "outward": current.is_outward}
        | (
            {"branch_of": branch_of.strip()} | reason_digest(branch_reason, "branch_reason")
            if branch_of.strip()
            else {}
        ),
        act_id=act_id,
    )
    source_of(current.source_kind).on_issued(actor=actor, proposal=current)
    return released(current)


@service
def skip_issue(*, actor: Actor, proposal: Proposal) -> Proposal:
    """施行不要: an inner decision that sends nothing out; it is completed and filed without 文書番号."""
    require(actor, ApprovalsPermission.ISSUE)
    current = locked(proposal)
    _wait_for_undo(current)
    if current.is_outward:
        raise DomainError("通知のある起案は、施行してください。")
    move(Act.SKIP_ISSUE, current, situation_of(actor, current, turn_of(actor, current)))
    act_id = uuid7()
    complete_and_file(actor, current, act_id)
    current.save()
    record(actor, "issue_skipped", current, act_id=act_id)
    return released(current)


def _check_seal(proposal: Proposal) -> None:
    """What was decided with an electronic seal does not go out without one."""
    if proposal.seal == SealKind.ELECTRONIC and not seal_is_ready(get_government(proposal.government_id)):
        raise DomainError("電子公印の鍵がないため、施行できません。運用の担当者に確かめてください。", code="seal")


def _wait_for_undo(proposal: Proposal) -> None:
    """Nothing leaves while the decider may still take the decision back."""
    if proposal.decided_at is None:
        return
    if (clock.now() - proposal.decided_at).total_seconds() < UNDO_SECONDS:
        raise DomainError(
            f"決裁の直後です。{UNDO_SECONDS}秒たってから施行してください（元に戻せる間は、外へ出しません）。",
            code="undo_open",
        )
