"""Drafting: what is asked, under which matter, with which files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.approvals.domain.digests import body_digest
from kakehashi.approvals.domain.likening import Likening
from kakehashi.approvals.domain.paper import paper_reason
from kakehashi.approvals.domain.route_edits import RouteEdit, edit_json
from kakehashi.approvals.domain.routes import Bar
from kakehashi.approvals.domain.transitions import Act
from kakehashi.approvals.hooks import FREE_KIND, source_of
from kakehashi.approvals.models import Disclosure, Matter, Proposal, ProposalAttachment, Purpose, SealKind
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import current_digest, situation_of, turn_of
from kakehashi.approvals.selectors.routes import post_of
from kakehashi.approvals.services.acts import locked, move, released
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.shared_reads import read_once
from kakehashi.people.models import Post
from kakehashi.people.selectors import acting_staff


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


@dataclass(frozen=True, kw_only=True)
class Extras:
    """What few proposals need: 供覧 only, an electronic seal, the paper route, changes of the rule's route, 類推専決.

    With a `paper_route_code` the text of `paper_route_reason` is what is written beside the list's words.
    """

    purpose: Purpose = Purpose.DECISION
    seal: SealKind = SealKind.OMITTED
    paper_route_code: str = ""
    route_edit: RouteEdit = field(default_factory=RouteEdit)
    likened_to: str = ""
    likened_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What every proposal says."""

    subject: str
    request: str
    reason: str
    notice: NoticeDraft | None
    amount: int | None
    bars: Sequence[Bar]
    disclosure: Disclosure
    issues_itself: bool
    paper_route_reason: str


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
    extras: Extras | None = None,
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
    proposal = blank_proposal(actor, matter_code, idempotency_key)
    proposal.source_kind, proposal.source_id = source_kind, source_id
    proposal.case_id = case.id if case else None
    asked = _Asked(
        subject=subject, request=request, reason=reason, notice=notice, amount=amount, bars=bars,
        disclosure=disclosure, issues_itself=issues_itself, paper_route_reason=paper_route_reason,
    )  # fmt: skip
    _fill(proposal, asked, extras)
    proposal.digest = body_digest(proposal.body, [])
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once; the other one made it.
        return Proposal.objects.get(idempotency_key=idempotency_key)
    for file in files:
        _attach(proposal, file)
    if files:
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
    extras: Extras | None = None,
) -> Proposal:
    """Change a draft or a returned proposal; only the drafter may, and never while it circulates."""
    current = locked(proposal)
    move(Act.EDIT, current, situation_of(actor, current, turn_of(actor, current)))
    if matter_code is not None and matter_code != current.matter_code:
        current.matter = _matter(matter_code)
        current.matter_code, current.class_code = current.matter.code, current.matter.class_code
    asked = _Asked(
        subject=subject, request=request, reason=reason, notice=notice, amount=amount, bars=bars,
        disclosure=disclosure, issues_itself=issues_itself, paper_route_reason=paper_route_reason,
    )  # fmt: skip
    _fill(current, asked, extras)
    current.digest = current_digest(current)
    current.save()
    return released(current)


@service
def attach_file(*, actor: Actor, proposal: Proposal, file: StoredContent) -> ProposalAttachment:
    """Hang a file on a draft; it becomes part of what is decided. The same file sent twice hangs there once."""
    current = locked(proposal)
    move(Act.EDIT, current, situation_of(actor, current, turn_of(actor, current)))
    attachment = _attach(current, file)
    current.digest = current_digest(released(current))
    current.save(update_fields=["digest"])
    return attachment


@service
def detach_file(*, actor: Actor, proposal: Proposal, attachment_id: UUID) -> Proposal:
    """Take a file off a draft."""
    current = locked(proposal)
    move(Act.EDIT, current, situation_of(actor, current, turn_of(actor, current)))
    ProposalAttachment.objects.filter(proposal=current, id=attachment_id).delete()
    current.digest = current_digest(released(current))
    current.save(update_fields=["digest"])
    return current


def blank_proposal(actor: Actor, matter_code: str, idempotency_key: UUID) -> Proposal:
    """An empty draft of the actor under a matter, not saved yet. Raises DomainError for an unknown matter or no post."""
    matter = _matter(matter_code)
    post = _drafting_post(actor)
    return Proposal(
        matter=matter,
        matter_code=matter.code,
        department=post.department,
        drafter=acting_staff(actor),
        drafter_post=post,
        drafter_label=actor.label,
        class_code=matter.class_code,
        idempotency_key=idempotency_key,
    )


@read_once
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


def _fill(proposal: Proposal, asked: _Asked, extras: Extras | None) -> None:
    """Put what is asked into the columns and, as one JSON body, into what is decided."""
    proposal.subject = asked.subject.strip()
    proposal.amount = asked.amount
    proposal.bars = [bar.value for bar in asked.bars]
    proposal.disclosure = asked.disclosure
    proposal.is_outward = asked.notice is not None
    proposal.issues_itself = asked.issues_itself and asked.notice is not None
    proposal.paper_route_reason = asked.paper_route_reason.strip()
    if extras is not None:
        _fill_extras(proposal, asked, extras)
    likened = proposal.body.get("likened") if extras is None else _likened(extras)
    proposal.body = {
        "subject": proposal.subject,
        "matter": {"code": proposal.matter.code, "name": proposal.matter.name},
        "request": asked.request.strip(),
        "reason": asked.reason.strip(),
        "amount": asked.amount,
        "bars": proposal.bars,
        "class_code": proposal.class_code,
        "disclosure": str(asked.disclosure.value),
        "notice": _plain_notice(asked.notice),
        "source": proposal.body.get("source", []),
    }
    if proposal.purpose != Purpose.DECISION:
        proposal.body["purpose"] = str(proposal.purpose)
    if likened:
        proposal.body["likened"] = likened
    if proposal.seal != SealKind.OMITTED:
        proposal.body["seal"] = str(proposal.seal)


def _likened(extras: Extras) -> dict[str, str] | None:
    """The matter the drafter names and why. Raises DomainError without a reason."""
    if not extras.likened_to:
        return None
    if not extras.likened_reason.strip():
        raise DomainError("なぞらえる理由を記入してください。", field="likened_reason")
    matter = _matter(extras.likened_to)
    return Likening(matter_code=matter.code, name=matter.name, reason=extras.likened_reason.strip()).to_json()


def _fill_extras(proposal: Proposal, asked: _Asked, extras: Extras) -> None:
    try:
        reason = paper_reason(extras.paper_route_code, asked.paper_route_reason)
    except ValueError as error:
        raise DomainError("紙で決裁する理由を記入してください。", field="paper_route_reason") from error
    if len(reason) > 200:
        raise DomainError("紙で決裁する理由は、短く書いてください。", field="paper_route_reason")
    proposal.paper_route_code = extras.paper_route_code
    proposal.paper_route_reason = reason if extras.paper_route_code else ""
    proposal.purpose = extras.purpose.value
    proposal.seal = (extras.seal if asked.notice is not None else SealKind.OMITTED).value
    proposal.route_edit = edit_json(extras.route_edit)
    if proposal.purpose == Purpose.READING and asked.notice is not None:
        raise DomainError("供覧だけの起案からは、通知を出せません。", field="purpose")


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
