"""職務代理, 事務取扱, 委任, 補助執行: recording that one post exercises the authority of another, and ending it."""

from __future__ import annotations

import datetime as dt

from kakehashi.approvals.domain.authority import GrantKind
from kakehashi.approvals.models import AuthorityGrant, Matter
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.services.acts import reason_digest
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Post

SUBJECT = "approvals.authority"


@service
def grant_authority(
    *,
    actor: Actor,
    kind: GrantKind,
    post: Post,
    acting_post: Post,
    clause: str,
    reason: str,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    matter: Matter | None = None,
) -> AuthorityGrant:
    """Record that `acting_post` exercises the authority of `post`, on which clause and why.

    Raises DomainError when the clause or the reason is missing, the posts are the same or the days run backwards.
    """
    require(actor, ApprovalsPermission.MANAGE_RULES)
    for text, field, word in ((clause, "clause", "根拠（法令・規程の条項、発令番号など）"), (reason, "reason", "理由")):
        if not text.strip():
            raise DomainError(f"{word}を記入してください。", field=field)
    if post.id == acting_post.id:
        raise DomainError("同じ職が、自分の職務を代理することはできません。", field="acting_post")
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("終わる日は、始まる日以後にしてください。", field="valid_to")
    grant = AuthorityGrant.objects.create(
        kind=kind.value,
        post=post,
        acting_post=acting_post,
        matter=matter,
        clause=clause.strip(),
        reason=reason.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_by_label=actor.label,
    )
    facts = {
        "kind": grant.kind,
        "post": post.name,
        "acting_post": acting_post.name,
        "matter": matter.code if matter else "",
        "clause": grant.clause,
        "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat() if valid_to else "",
    } | reason_digest(grant.reason)
    record_event(
        actor=actor, code="approvals.authority.granted", subject_kind=SUBJECT, subject_id=grant.id, payload=facts
    )
    return grant


@service
def end_grant(*, actor: Actor, grant: AuthorityGrant, last_day: dt.date | None = None) -> AuthorityGrant:
    """End a grant after `last_day` (today unless told). Acts of its time keep resting on it."""
    require(actor, ApprovalsPermission.MANAGE_RULES)
    current: AuthorityGrant = AuthorityGrant.objects.select_for_update().get(id=grant.id)
    day = last_day or clock.today()
    if day < current.valid_from:
        raise DomainError("始まる日より前には終えられません。", field="valid_to")
    if current.valid_to is not None and current.valid_to <= day:
        return current
    current.valid_to = day
    current.save(update_fields=["valid_to"])
    record_event(
        actor=actor,
        code="approvals.authority.ended",
        subject_kind=SUBJECT,
        subject_id=current.id,
        payload={"valid_to": day.isoformat()},
    )
    return current
