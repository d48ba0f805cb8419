"""Personnel change (人事異動): upload the order, look at what it breaks, apply it once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.domain.personnel_change import ChangePlan, Opening
from kakehashi.people.domain.personnel_csv import MAX_BYTES, read_orders
from kakehashi.people.models import Membership, Person, PersonnelChange, Post, PostChange, PostHolding, User
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors import holder_ids, valid_on
from kakehashi.people.selectors.personnel import plan_of


@service
def upload_personnel_change(
    *, actor: Actor, title: str, effective_on: date, file_name: str, content: bytes
) -> PersonnelChange:
    """Keep an order for looking at. Nothing changes yet. The same file for the same day is kept once.

    Raises DomainError for an empty or oversize file and for one that is no such list. Lines that cannot be read are shown in the
    preview, not refused here.
    """
    require(actor, PeoplePermission.TRANSFER)
    if not content:
        raise DomainError("ファイルが空です。", field="file")
    if len(content) > MAX_BYTES:
        raise DomainError("ファイルが大きすぎます（上限5MB）。", field="file")
    orders, problems = read_orders(content)
    if not orders and problems and problems[0].line <= 1:
        raise DomainError(problems[0].message, field="file")
    digest = hashlib.sha256(content).hexdigest()
    same = PersonnelChange.objects.filter(
        digest=digest, effective_on=effective_on, applied_at__isnull=True, discarded_at__isnull=True
    ).first()
    if same is not None:
        return same
    return PersonnelChange.objects.create(
        title=title.strip()[:100] or "人事異動",
        effective_on=effective_on,
        file_name=file_name[:200],
        content=content,
        digest=digest,
        uploaded_by=Person.objects.filter(id=actor.id).first() if actor.id else None,
        uploaded_at=clock.now(),
    )


@service
def discard_personnel_change(*, actor: Actor, change: PersonnelChange) -> None:
    """Put an order aside. Raises Stale when it was applied."""
    require(actor, PeoplePermission.TRANSFER)
    current = PersonnelChange.objects.select_for_update().get(id=change.id)
    if not current.is_open:
        raise Stale
    current.discarded_at = clock.now()
    current.save(update_fields=["discarded_at"])


@service
def apply_personnel_change(*, actor: Actor, change: PersonnelChange) -> PersonnelChange:
    """Carry the order out, as one act with the digest of its file. Raises Stale when it was done, DomainError while it has problems.

    It may be applied before its day: holdings are dated, so the change takes effect by itself on the morning of the day.
    """
    require(actor, PeoplePermission.TRANSFER)
    current = PersonnelChange.objects.select_for_update().get(id=change.id)
    if not current.is_open:
        raise Stale
    plan = plan_of(current)
    if plan.problems:
        raise DomainError(
            f"直すところが{len(plan.problems)}か所あります。ファイルを直して、もう一度取り込んでください。"
        )
    before = holder_ids(plan.touched_posts, current.effective_on - timedelta(days=1))
    _close_holdings(plan)
    newcomers = _hire(plan)
    posts = _open_holdings(plan, newcomers)
    _leave(plan)
    _note_changed_posts(current, before, [*plan.touched_posts, *posts])
    current.applied_at = clock.now()
    current.save(update_fields=["applied_at"])
    record_event(
        actor=actor,
        code="people.personnel.applied",
        subject_kind="people.personnel_change",
        subject_id=current.id,
        payload={
            "effective_on": current.effective_on.isoformat(),
            "sha256": current.digest,
            "openings": len(plan.openings),
            "closings": len(plan.closings),
            "hires": len(plan.hires),
            "leavers": len(plan.leavers),
        },
    )
    return current


def _close_holdings(plan: ChangePlan) -> None:
    eve = plan.effective_on - timedelta(days=1)
    begun = [closing.holding.id for closing in plan.closings if closing.holding.period.first_day <= eve]
    unborn = [closing.holding.id for closing in plan.closings if closing.holding.period.first_day > eve]
    PostHolding.objects.filter(id__in=begun).update(valid_to=eve)
    PostHolding.objects.filter(id__in=unborn).delete()


def _hire(plan: ChangePlan) -> dict[str, UUID]:
    newcomers: dict[str, UUID] = {}
    for row in plan.hires:
        person = Person(name=row.name, kana=row.kana, staff_number=row.staff_number, email=row.email.lower())
        if person.email:
            user = User.objects.filter(email=person.email).first()
            user = user or User.objects.create_user(person.email, None, name=row.name)
            Membership.objects.get_or_create(user=user, government_id=current_government_id())
            person.user_id = user.id
        person.save()
        newcomers[row.staff_number] = person.id
    return newcomers


def _open_holdings(plan: ChangePlan, newcomers: Mapping[str, UUID]) -> list[UUID]:
    made: dict[tuple[UUID, str], UUID] = {}
    holdings: list[PostHolding] = []
    for opening in plan.openings:
        post_id = opening.post_id or made.get((opening.department_id, opening.post_name))
        if post_id is None:
            post_id = made[opening.department_id, opening.post_name] = _new_post(opening, plan.effective_on)
        holdings.append(
            PostHolding(
                person_id=opening.person_id or newcomers[opening.staff_number],
                post_id=post_id,
                valid_from=plan.effective_on,
                is_primary=opening.is_primary,
            )
        )
    PostHolding.objects.bulk_create(holdings)
    return list(made.values())


def _new_post(opening: Opening, on: date) -> UUID:
    post = Post.objects.create(
        department_id=opening.department_id, name=opening.post_name, rank=opening.rank, valid_from=on
    )
    return post.id


def _leave(plan: ChangePlan) -> None:
    eve = plan.effective_on - timedelta(days=1)
    people = Person.objects.filter(id__in=plan.leavers)
    for person in people:
        person.role_grants.filter(valid_on(plan.effective_on)).update(valid_to=eve)
    # Their accounts stop on the day itself: see `selectors.staff_actor`, which wants a role that is in force.
    people.update(left_on=plan.effective_on)


def _note_changed_posts(change: PersonnelChange, before: Mapping[UUID, UUID], post_ids: list[UUID]) -> None:
    after = holder_ids(post_ids, change.effective_on)
    PostChange.objects.bulk_create(
        [
            PostChange(
                change=change, post_id=post_id, from_person_id=before.get(post_id), to_person_id=after.get(post_id)
            )
            for post_id in dict.fromkeys(post_ids)
            if before.get(post_id) != after.get(post_id)
        ]
    )
