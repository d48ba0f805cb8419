"""A body is founded and changed: its rule of quorum and its seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.meetings.domain.quorum import QuorumKind
from kakehashi.meetings.models import BodyMember, MeetingBody
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.people.models import Department, Post

_DETAILS = (
    "basis", "purpose", "quorum_kind", "quorum_number", "quorum_clause", "counts_online", "counts_proxy", "class_code", "place",
)  # fmt: skip
_EDITABLE = (*_DETAILS, "name", "chair_post", "secretariat", "is_active")


@service
def found_body(
    *,
    actor: Actor,
    name: str,
    chair_post: Post,
    secretariat: Department,
    members: Sequence[Post],
    idempotency_key: UUID,
    details: Mapping[str, object] | None = None,
) -> MeetingBody:
    """Found a body (会議体) and write `meetings.body.founded`. The same key twice makes one.

    `details` may hold basis, purpose, the rule of quorum, class_code and place. Raises PermissionRefused, and DomainError for a
    body without a name, or a rule that no number of members can meet.
    """
    require(actor, MeetingsPermission.MANAGE)
    made = MeetingBody.objects.filter(idempotency_key=idempotency_key).first()
    if made is not None:
        return made
    body = MeetingBody(
        name=name.strip(), chair_post=chair_post, secretariat=secretariat, idempotency_key=idempotency_key
    )
    for key, value in (details or {}).items():
        if key in _DETAILS:
            setattr(body, key, value)
    _check(body, members)
    try:
        with transaction.atomic():
            body.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once; the other one made it.
        return MeetingBody.objects.get(idempotency_key=idempotency_key)
    _seat(body, members)
    _record(actor, body, "founded", {"name": body.name, "members": [str(post.id) for post in members]})
    return body


@service
def edit_body(
    *, actor: Actor, body: MeetingBody, changes: Mapping[str, object], members: Sequence[Post] | None = None
) -> MeetingBody:
    """Change a body's words, rule or seats and write `meetings.body.edited` with what changed.

    Meetings that were given out keep the seats they had. Raises PermissionRefused, DomainError as `found_body`.
    """
    require(actor, MeetingsPermission.MANAGE)
    body = MeetingBody.objects.select_for_update().get(id=body.id)
    changed = [key for key in _EDITABLE if key in changes and getattr(body, key) != changes[key]]
    for key in changed:
        setattr(body, key, changes[key])
    former = list(BodyMember.objects.filter(body=body).order_by("order").values_list("post_id", flat=True))
    seats = members if members is not None else list(Post.objects.filter(id__in=former))
    _check(body, seats)
    if changed:
        body.save(update_fields=changed)
    if members is not None and [post.id for post in members] != former:
        _seat(body, members)
        changed.append("members")
    if changed:
        now = [str(post.id) for post in seats]
        _record(actor, body, "edited", {"changed": changed, "members": now, "rule": body.rule.words})
    return body


def _seat(body: MeetingBody, members: Sequence[Post]) -> None:
    BodyMember.objects.filter(body=body).delete()
    BodyMember.objects.bulk_create(
        [BodyMember(body=body, post=post, order=place) for place, post in enumerate(members)]
    )


def _check(body: MeetingBody, members: Sequence[Post]) -> None:
    if not body.name.strip():
        raise DomainError("会議体の名前を書いてください。", field="name", code="required")
    seats = {post.id for post in members} | {body.chair_post_id}
    if body.quorum_kind == QuorumKind.NUMBER and not 0 < body.quorum_number <= len(seats):
        message = f"定足数は、1人から構成員の数（{len(seats)}人）までにしてください。"
        raise DomainError(message, field="quorum_number")


def _record(actor: Actor, body: MeetingBody, verb: str, payload: dict[str, object]) -> None:
    record_event(
        actor=actor, code=f"meetings.body.{verb}", subject_kind="meetings.body", subject_id=body.id, payload=payload
    )
