"""Drafting and submitting: what is asked, by which rule, along which route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.approvals.domain.numbering import SeriesKind
from kakehashi.approvals.domain.routes import Bar, NoRoute, Route
from kakehashi.approvals.domain.states import StepKind, StepState
from kakehashi.approvals.domain.transitions import Act
from kakehashi.approvals.hooks import FREE_KIND, source_of
from kakehashi.approvals.models import (
    Disclosure,
    Matter,
    OpinionKind,
    Proposal,
    ProposalAttachment,
    ProposalStep,
    ProposalVersion,
)
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import current_digest, current_steps, plan_route, situation_of, turn_of
from kakehashi.approvals.selectors.routes import post_of
from kakehashi.approvals.services.acts import (
    RESULT,
    activate_next,
    attachment_digests,
    locked,
    make_findable,
    move,
    record,
    result_key,
    say,
    tell,
)
from kakehashi.approvals.services.numbers import take_number_of
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Post
from kakehashi.people.selectors import acting_staff
from kakehashi.records.selectors import standard_file_for


class StoredContent(Protocol):
    """A stored file as approvals need it; `files.StoredFile` is one."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def media_type(self) -> str: ...


class CaseLike(Protocol):
    """A case, of which only the identity is kept."""

    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True, kw_only=True)
class NoticeDraft:
    """The notice that 施行 sends: decided word by word with the proposal.

    Number, date and the head's name are added at 施行. `instructions` are headed texts such as 教示.
    """

    title: str
    addressee: str
    text: str
    rows: tuple[tuple[str, str], ...] = ()
    reason_heading: str = "理由"
    reason: str = ""
    instructions: tuple[tuple[str, str], ...] = ()
    contact: str = ""


@service
def draft_proposal(
    *,
    actor: Actor,
    matter_code: str,
    subject: str,
    request: str,
    reason: str,
    idempotency_key: UUID,
    source_kind: str = FREE_KIND,
    source_id: UUID | None = None,
    case: CaseLike | None = None,
    files: Sequence[StoredContent] = (),
    notice: NoticeDraft | None = None,
    amount: int | None = None,
    bars: Sequence[Bar] = (),
    disclosure: Disclosure = Disclosure.OPEN,
    issues_itself: bool = False,
    paper_route_reason: str = "",
) -> Proposal:
    """起案: make a draft. A second call with the same key returns the first draft.

    Raises DomainError when the actor holds no post in a department, for an unknown matter, and
    UnknownKey for a source kind that nobody registered. A draft is no official act: no event.
    """
    require(actor, ApprovalsPermission.DRAFT)
    source_of(source_kind)
    existing = Proposal.objects.filter(idempotency_key=idempotency_key).first()
    if existing is not None:
        return existing
    matter = _matter(matter_code)
    post = _drafting_post(actor)
    proposal = Proposal(
        matter=matter,
        matter_code=matter.code,
        source_kind=source_kind,
        source_id=source_id,
        case_id=case.id if case else None,
        department=post.department,
        drafter=acting_staff(actor),
        drafter_post=post,
        drafter_label=actor.label,
        class_code=matter.class_code,
        idempotency_key=idempotency_key,
    )
    _fill(proposal, subject, request, reason, notice, amount, bars, disclosure, issues_itself, paper_route_reason)
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once; the other one made it.
        return Proposal.objects.get(idempotency_key=idempotency_key)
    for file in files:
        _attach(proposal, file)
    proposal.digest = current_digest(proposal)
    proposal.save(update_fields=["digest"])
    return proposal


@service
def edit_proposal(
    *,
    actor: Actor,
    proposal: Proposal,
    subject: str,
    request: str,
    reason: str,
    matter_code: str | None = None,
    notice: NoticeDraft | None = None,
    amount: int | None = None,
    bars: Sequence[Bar] = (),
    disclosure: Disclosure = Disclosure.OPEN,
    issues_itself: bool = False,
    paper_route_reason: str = "",
) -> Proposal:
    """Change a draft or a returned proposal; only the drafter may, and never while it circulates."""
    current = locked(proposal)
    move(Act.EDIT, current, situation_of(actor, current, turn_of(actor, current)))
    if matter_code is not None and matter_code != current.matter_code:
        current.matter = _matter(matter_code)
        current.matter_code, current.class_code = current.matter.code, current.matter.class_code
    _fill(current, subject, request, reason, notice, amount, bars, disclosure, issues_itself, paper_route_reason)
    current.digest = current_digest(current)
    current.save()
    return current


@service
def attach_file(*, actor: Actor, proposal: Proposal, file: StoredContent) -> ProposalAttachment:
    """Hang a file on a draft; it becomes part of what is decided. The same file sent twice hangs there once."""
    current = locked(proposal)
    move(Act.EDIT, current, situation_of(actor, current, turn_of(actor, current)))
    attachment = _attach(current, file)
    current.digest = current_digest(current)
    current.save(update_fields=["digest"])
    return attachment


@service
def detach_file(*, actor: Actor, proposal: Proposal, attachment_id: UUID) -> Proposal:
    """Take a file off a draft."""
    current = locked(proposal)
    move(Act.EDIT, current, situation_of(actor, current, turn_of(actor, current)))
    ProposalAttachment.objects.filter(proposal=current, id=attachment_id).delete()
    current.digest = current_digest(current)
    current.save(update_fields=["digest"])
    return current


@service
def submit_proposal(*, actor: Actor, proposal: Proposal) -> Proposal:
    """回議に出す: freeze body and digest, resolve the route of today, take 起案番号, hand it to the first box.

    Raises DomainError naming what is missing, or why there is no route.
    """
    require(actor, ApprovalsPermission.DRAFT)
    current = locked(proposal)
    route, no_route = _route(current)
    missing = _missing(current, no_route)
    now = situation_of(
        actor, current, turn_of(actor, current), missing=missing, route_length=len(route.steps) if route else 0
    )
    move(Act.SUBMIT, current, now)
    if route is None:
        raise DomainError(no_route)
    current.round += 1
    current.rule_id = route.rule.id
    current.basis, current.clause = route.basis.value, route.clause
    current.raised_because = route.raised_because
    current.submitted_at = clock.now()
    if current.source_id is not None:
        described = source_of(current.source_kind).describe(current.source_id)
        current.body = current.body | {"source": [[head, [list(row) for row in rows]] for head, rows in described]}
    current.digest = current_digest(current)
    _make_steps(current, route)
    ProposalVersion.objects.create(
        proposal=current,
        round=current.round,
        body=current.body,
        attachments=attachment_digests(current),
        digest=current.digest,
    )
    if not current.number:
        current.number = take_number_of(kind=SeriesKind.PROPOSAL, department=current.department, day=clock.today())
    current.save()
    activate_next(actor, current)
    make_findable(current)
    record(
        actor,
        "submitted",
        current,
        {
            "subject": current.subject,
            "matter": current.matter_code,
            "rule": str(current.rule_id),
            "clause": current.clause,
            "round": current.round,
            "paper_route_reason": current.paper_route_reason,
            "attachments": attachment_digests(current),
        },
    )
    source_of(current.source_kind).on_submitted(actor=actor, proposal=current)
    return current


@service
def withdraw_proposal(*, actor: Actor, proposal: Proposal, reason: str) -> Proposal:
    """取下げ: the drafter gives a returned proposal up; those who consented are told."""
    current = locked(proposal)
    steps = current_steps(current)
    move(Act.WITHDRAW, current, situation_of(actor, current, turn_of(actor, current), reason=reason))
    current.closed_at = clock.now()
    current.save()
    say(actor, current, None, OpinionKind.WITHDRAW, reason)
    tell_consultees(actor, current, steps, "取り下げられました")
    record(actor, "withdrawn", current)
    source_of(current.source_kind).on_withdrawn(actor=actor, proposal=current)
    return current


def tell_consultees(actor: Actor, proposal: Proposal, steps: Sequence[ProposalStep], sentence: str) -> None:
    """Tell every consultee who saw or acted on the proposal that it ended."""
    for step in steps:
        if step.kind_enum is StepKind.CONSULT and step.person_id is not None:
            tell(
                actor,
                proposal,
                person_id=step.person_id,
                name=step.person_name,
                kind=RESULT,
                subject=f"合議した起案が{sentence}: {proposal.subject}",
                body_text=f"起案「{proposal.subject}」は、{actor.label}により{sentence}。",
                key=result_key(proposal, f"ended {step.id}"),
            )


def _matter(code: str) -> Matter:
    matter = Matter.objects.filter(code=code, is_active=True).first()
    if matter is None:
        raise DomainError("この決裁事項は登録されていません。", field="matter")
    return matter


def _drafting_post(actor: Actor) -> Post:
    post = post_of(actor.post_id)
    if post is None or post.department is None:
        raise DomainError("起案するには、課などに属する職が必要です。")
    return post


def _fill(
    proposal: Proposal,
    subject: str,
    request: str,
    reason: str,
    notice: NoticeDraft | None,
    amount: int | None,
    bars: Sequence[Bar],
    disclosure: Disclosure,
    issues_itself: bool,
    paper_route_reason: str,
) -> None:
    """Put what is asked into the columns and, as one JSON body, into what is decided."""
    proposal.subject = subject.strip()
    proposal.amount = amount
    proposal.bars = [bar.value for bar in bars]
    proposal.disclosure = disclosure
    proposal.is_outward = notice is not None
    proposal.issues_itself = issues_itself and notice is not None
    proposal.paper_route_reason = paper_route_reason.strip()
    proposal.body = {
        "subject": proposal.subject,
        "matter": {"code": proposal.matter.code, "name": proposal.matter.name},
        "request": request.strip(),
        "reason": reason.strip(),
        "amount": amount,
        "bars": proposal.bars,
        "class_code": proposal.class_code,
        "disclosure": str(disclosure.value),
        "notice": _plain_notice(notice),
        "source": proposal.body.get("source", []),
    }


def _plain_notice(notice: NoticeDraft | None) -> dict[str, Any] | None:
    if notice is None:
        return None
    plain = asdict(notice)
    return plain | {
        "rows": [list(row) for row in notice.rows],
        "instructions": [list(row) for row in notice.instructions],
    }


def _attach(proposal: Proposal, file: StoredContent) -> ProposalAttachment:
    attachment, _ = ProposalAttachment.objects.get_or_create(
        proposal=proposal,
        name=file.name,
        sha256=file.sha256,
        defaults={"file_id": file.id, "size": file.size, "media_type": file.media_type},
    )
    return attachment


def _route(proposal: Proposal) -> tuple[Route | None, str]:
    try:
        route = plan_route(
            drafter=proposal.drafter,
            drafter_post=proposal.drafter_post,
            matter=proposal.matter,
            amount=proposal.amount,
            bars=[Bar(bar) for bar in proposal.bars],
            on=clock.today(),
        )
    except NoRoute as error:
        return None, str(error)
    return route, ""


def _missing(proposal: Proposal, no_route: str) -> tuple[str, ...]:
    """What a proposal must name before it circulates. Raises DomainError when the rules give no route."""
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
    if no_route and not missing:
        raise DomainError(no_route)
    return tuple(missing)


def _make_steps(proposal: Proposal, route: Route) -> None:
    ProposalStep.objects.bulk_create(
        [
            ProposalStep(
                proposal=proposal,
                round=proposal.round,
                order=step.order,
                kind=step.kind.value,
                post_id=step.post_id,
                post_label=step.post_label,
                state=(StepState.NOT_REQUIRED if step.kind is StepKind.ABOVE else StepState.WAITING).value,
            )
            for step in route.steps
        ]
    )
