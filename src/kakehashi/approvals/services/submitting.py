"""回議に出す: by which rule, along which route; and giving it up (取下げ)."""

from __future__ import annotations

from kakehashi.approvals.domain.likening import likening_in
from kakehashi.approvals.domain.numbering import SeriesKind
from kakehashi.approvals.domain.route_edits import BadRouteEdit, describe_edit, edit_from_json, edit_route
from kakehashi.approvals.domain.routes import Bar, NoRoute, Route, RouteStep
from kakehashi.approvals.domain.states import CARRIED_STEPS, StepKind, StepState
from kakehashi.approvals.domain.transitions import Act
from kakehashi.approvals.hooks import source_of
from kakehashi.approvals.models import OpinionKind, Proposal, ProposalStep, ProposalVersion, SealKind
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import current_digest, current_steps, plan_route, situation_of, turn_of
from kakehashi.approvals.selectors.seals import seal_is_ready
from kakehashi.approvals.services.acts import (
    activate_next,
    attachment_digests,
    locked,
    make_findable,
    move,
    reason_digest,
    record,
    released,
    say,
)
from kakehashi.approvals.services.numbers import take_number_of
from kakehashi.approvals.services.reading import list_readers, show_to_readers
from kakehashi.approvals.services.telling import tell_who_saw
from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.records.selectors import standard_file_for


@service
def submit_proposal(*, actor: Actor, proposal: Proposal) -> Proposal:
    """回議に出す: freeze body and digest, resolve the route of today, take 起案番号, hand it to the first box.

    What wants no decision goes to its readers instead (供覧). Raises DomainError naming what is missing, or why there
    is no route.
    """
    require(actor, ApprovalsPermission.DRAFT)
    current = locked(proposal)
    route = _route(current) if current.wants_decision else None
    length = len(route.steps) if route else len(edit_from_json(current.route_edit).readers)
    turn = turn_of(actor, current)
    now = situation_of(actor, current, turn, missing=_missing(current), route_length=length)
    move(Act.SUBMIT if current.wants_decision else Act.CIRCULATE, current, now)
    earlier = current_steps(current)
    _freeze(current)
    if route is not None:
        _take_route(current, route, earlier)
    list_readers(current)
    if not current.number:
        current.number = take_number_of(kind=SeriesKind.PROPOSAL, department=current.department, day=clock.today())
    current.save()
    if route is not None:
        activate_next(actor, current)
    else:
        show_to_readers(actor, current)
    make_findable(current)
    _record_submission(actor, current)
    source_of(current.source_kind).on_submitted(actor=actor, proposal=current)
    return released(current)


def _route(proposal: Proposal) -> Route:
    """The rule's route of today with the drafter's additions. Raises DomainError with the reason there is none."""
    try:
        route = plan_route(
            drafter=proposal.drafter,
            drafter_post=proposal.drafter_post,
            matter=proposal.matter,
            amount=proposal.amount,
            bars=[Bar(bar) for bar in proposal.bars],
            on=clock.today(),
            likening=likening_in(proposal.body),
        )
        return edit_route(route, edit_from_json(proposal.route_edit))
    except NoRoute as error:
        raise DomainError(str(error)) from error
    except BadRouteEdit as error:
        raise DomainError(str(error), field="route_reason") from error


def _missing(proposal: Proposal) -> tuple[str, ...]:
    """What a proposal must name before it circulates."""
    missing = []
    if not proposal.subject:
        missing.append("件名")
    if not proposal.request:
        missing.append("伺い")
    if standard_file_for(proposal.class_code, clock.today()) is None:
        missing.append("分類と保存期間（分類表にありません）")
    notice = proposal.notice
    if proposal.is_outward and not all(str(notice.get(name, "")).strip() for name in ("title", "addressee", "text")):
        missing.append("通知の題名・宛先・本文")
    if proposal.seal == SealKind.ELECTRONIC and not seal_is_ready(get_government(proposal.government_id)):
        missing.append("電子公印の鍵（設定されていません）")
    if not proposal.wants_decision and not edit_from_json(proposal.route_edit).readers:
        missing.append("供覧先")
    return tuple(missing)


def _freeze(proposal: Proposal) -> None:
    """One more round: body, attachments and digest as everybody will see them."""
    proposal.round += 1
    proposal.submitted_at = clock.now()
    if proposal.source_id is not None:
        described = source_of(proposal.source_kind).describe(proposal.source_id)
        proposal.body = proposal.body | {"source": [[head, [list(row) for row in rows]] for head, rows in described]}
    proposal.digest = current_digest(proposal)
    ProposalVersion.objects.create(
        proposal=proposal,
        round=proposal.round,
        body=proposal.body,
        attachments=[{"name": a.name, "sha256": a.sha256} for a in proposal.attachments.order_by("name")],
        digest=proposal.digest,
    )


def _take_route(proposal: Proposal, route: Route, earlier: list[ProposalStep]) -> None:
    """The boxes of this round. Who agreed to the very same words and attachments need not agree again."""
    proposal.rule_id = route.rule.id
    proposal.basis, proposal.clause = route.basis.value, route.clause
    proposal.raised_because = route.raised_because
    carried = {
        (step.kind, step.post_id): step
        for step in earlier
        if step.state_enum in CARRIED_STEPS and step.digest == proposal.digest
    }
    ProposalStep.objects.bulk_create(
        [_step(proposal, step, carried.get((step.kind.value, step.post_id))) for step in route.steps]
    )
    released(proposal)


def _step(proposal: Proposal, step: RouteStep, stands: ProposalStep | None) -> ProposalStep:
    state = StepState.NOT_REQUIRED if step.kind is StepKind.ABOVE else StepState.WAITING
    made = ProposalStep(
        proposal=proposal,
        round=proposal.round,
        order=step.order,
        kind=step.kind.value,
        post_id=step.post_id,
        post_label=step.post_label,
        is_added=step.is_added,
        school=step.school,
        state=state.value,
    )
    if stands is not None:
        made.state, made.digest, made.acted_at = stands.state, stands.digest, stands.acted_at
        made.person_id, made.person_name = stands.person_id, stands.person_name
        made.acted_post_label, made.authority = stands.acted_post_label, stands.authority
        made.authority_clause, made.seen_at, made.seen_by_id = (
            stands.authority_clause,
            stands.seen_at,
            stands.seen_by_id,
        )
        made.carried_round = stands.carried_round or stands.round
    return made


def _record_submission(actor: Actor, proposal: Proposal) -> None:
    edit = edit_from_json(proposal.route_edit)
    facts = {
        "matter": proposal.matter_code,
        "rule": str(proposal.rule_id),
        "clause": proposal.clause,
        "round": proposal.round,
        "on_paper": proposal.is_on_paper,
        "attachments": attachment_digests(proposal),
        "route_changes": list(describe_edit(edit)),
    }
    facts |= reason_digest(proposal.paper_route_reason, "paper_route_reason")
    facts |= reason_digest(edit.reason, "route_reason")
    likening = likening_in(proposal.body)
    if likening is not None:
        facts |= {"likened": likening.matter_code} | reason_digest(likening.reason, "likened_reason")
    if proposal.corrects is not None:
        facts |= {"corrects": proposal.corrects.number} | reason_digest(proposal.redraft_reason, "redraft_reason")
    verb = "submitted" if proposal.wants_decision else "circulated"
    record(actor, verb, proposal, facts)


@service
def withdraw_proposal(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """取下げ: the drafter gives up what came back; everybody who saw it is told. Never what nobody saw: that is a draft."""
    current = locked(proposal)
    move(Act.WITHDRAW, current, situation_of(actor, current, turn_of(actor, current), reason=reason))
    current.closed_at = clock.now()
    current.save()
    say(actor, current, None, OpinionKind.WITHDRAW, reason)
    told = tell_who_saw(actor, current, "取り下げられました", reason)
    record(actor, "withdrawn", current, {"told": told} | reason_digest(reason))
    source_of(current.source_kind).on_withdrawn(actor=actor, proposal=current)
    return released(current)
