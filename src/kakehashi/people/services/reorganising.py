"""改組の適用: one act that dates everything, the morning that moves what is not dated, and calling it off before the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import ProtectedError, Q, QuerySet

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people import hooks
from kakehashi.people.domain.affected import Affected, Reorganised
from kakehashi.people.domain.reorganisation import Comparison, Plan
from kakehashi.people.domain.shares import Share
from kakehashi.people.models import Department, Post, PostHolding, Reorganisation
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors.reorganisations import (
    comparison_of,
    eve_of,
    reorganised,
    share_problems,
)
from kakehashi.people.services.reorganisations import draft_of

_SUBJECT = "people.reorganisation"


@service
def apply_reorganisation(*, actor: Actor, reorganisation: Reorganisation, expected_revision: int) -> Reorganisation:
    """Make the new organisation in one act: departments, posts and who holds them are dated, so they begin by themselves.

    What hangs on departments and posts and is not dated (cases, proposals, files …) moves on the morning of the day; when
    the day has come already, at once. Raises Stale for a plan that changed since it was looked at, DomainError while it has
    problems or something alive would be left without anybody.
    """
    require(actor, PeoplePermission.REORGANISE)
    current = draft_of(reorganisation, expected_revision)
    found = comparison_of(current)
    _refuse_unready(current, found)
    eve = eve_of(current)
    made: dict[str, Any] = {"departments": {}, "posts": {}, "were": {}, "new": {"departments": [], "posts": []}}
    codes = _make_departments(current, found, made)
    keys = _make_posts(current, found, codes, made)
    _end_departments(found, codes, eve, made)
    _end_posts(found, keys, eve, made)
    made["shares"] = _frozen_shares(current, codes, keys)
    made["holdings"] = {"closed": {}, "opened": [], "reposted": {}}
    _move_holdings(made, current.effective_on)
    current.made = made
    current.applied_at, current.applied_by_label = clock.now(), actor.label
    current.save()
    record_event(
        actor=actor,
        code="people.reorganisation.applied",
        subject_kind=_SUBJECT,
        subject_id=current.id,
        payload={
            "effective_on": current.effective_on.isoformat(),
            "sha256": Plan.from_json(current.plan).digest,
            "made": [each.name for each in found.made],
            "ended": [fate.old.name for fate in found.ending],
            "posts_made": len(found.made_posts),
            "posts_ended": len(found.ending_posts),
            "shares": len(made["shares"]),
        },
    )
    if current.effective_on <= clock.today():
        carry_reorganisation(actor=actor, reorganisation=current)
        current.refresh_from_db()
    return current


def _refuse_unready(current: Reorganisation, found: Comparison) -> None:
    problems = [*current.unreadable, *found.problems, *share_problems(current, found)]
    if current.awaits_columns:
        raise DomainError("表の列を確かめてから適用してください。")
    if problems:
        raise DomainError(f"直すところが{len(problems)}か所あります。表を直してください。")
    if not found.ending and not found.made and not found.made_posts and not found.ending_posts:
        raise DomainError("今の組織と同じです。変わるところがありません。")
    stops = [each for each in hooks.reorganisation_findings(reorganised(current, found)) if each.stops]
    if stops:
        raise DomainError(f"引継ぎ先のないものが残っています。{stops[0].sentence}引継ぎ先を選んでください。")


def _make_departments(current: Reorganisation, found: Comparison, made: dict[str, Any]) -> dict[str, Department]:
    """Rows of the departments that begin, and those that stay, by code."""
    standing = Department.objects.in_bulk([fate.old.id for fate in found.departments])
    orders = {fate.heir: standing[fate.old.id].order for fate in reversed(found.departments) if fate.heir}
    codes = {fate.heir: standing[fate.old.id] for fate in found.departments if fate.kept}
    for planned in found.made:
        codes[planned.code] = Department.objects.create(
            code=planned.code,
            name=planned.name,
            symbol=planned.symbol,
            valid_from=current.effective_on,
            order=orders.get(planned.code, max(orders.values(), default=0) + 1),
        )
        made["new"]["departments"].append(str(codes[planned.code].id))
    for planned in found.made:
        if planned.parent:
            codes[planned.code].parent = codes[planned.parent]
            codes[planned.code].save(update_fields=["parent"])
    return codes


def _make_posts(
    current: Reorganisation, found: Comparison, codes: Mapping[str, Department], made: dict[str, Any]
) -> dict[str, UUID]:
    keys = {fate.heir: fate.old.id for fate in found.posts if fate.kept}
    for planned in found.made_posts:
        post = Post.objects.create(
            department=codes[planned.department],
            name=planned.name,
            rank=planned.rank,
            is_single=planned.is_single,
            valid_from=current.effective_on,
        )
        keys[planned.key] = post.id
        made["new"]["posts"].append(str(post.id))
    return keys


def _end_departments(found: Comparison, codes: Mapping[str, Department], eve: date, made: dict[str, Any]) -> None:
    _note_ends(Department.objects.filter(id__in=[fate.old.id for fate in found.ending]), made)
    for fate in found.ending:
        heir = codes.get(fate.heir)
        made["departments"][str(fate.old.id)] = str(heir.id) if heir else None
        Department.objects.filter(id=fate.old.id).update(valid_to=eve, successor=heir)


def _note_ends(rows: QuerySet[Any], made: dict[str, Any]) -> None:
    """The last days that were planned before, for cancelling."""
    made["were"].update({str(row_id): _text(day) for row_id, day in rows.values_list("id", "valid_to")})


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _end_posts(found: Comparison, keys: Mapping[str, UUID], eve: date, made: dict[str, Any]) -> None:
    _note_ends(Post.objects.filter(id__in=[fate.old.id for fate in found.ending_posts]), made)
    for fate in found.ending_posts:
        heir = keys.get(fate.heir)
        made["posts"][str(fate.old.id)] = str(heir) if heir else None
        Post.objects.filter(id=fate.old.id).update(valid_to=eve, successor_id=heir)


def _frozen_shares(
    current: Reorganisation, codes: Mapping[str, Department], keys: Mapping[str, UUID]
) -> list[dict[str, Any]]:
    """The exceptions as the morning of the day will read them: by ids, whatever is renamed until then."""
    return [
        {
            "code": row.code,
            "subject": str(row.subject_id),
            "heir": str(codes[row.heir].id if row.heir in codes else keys[row.heir]),
            "words": row.words,
            "rows": row.row_ids,
        }
        for row in current.shares.all()
    ]


def _move_holdings(made: dict[str, Any], on: date) -> int:
    """Whoever holds a post that ends holds its successor from the day on. Done again on the day, for those named since."""
    moved = 0
    kept = made["holdings"]
    for old_id, heir_id in made["posts"].items():
        living = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
        for holding in PostHolding.objects.filter(living, post_id=old_id):
            moved += 1
            if holding.valid_from >= on:
                # It begins under the new organisation: the same row, in the post that follows.
                if heir_id is not None:
                    kept["reposted"][str(holding.id)] = old_id
                    PostHolding.objects.filter(id=holding.id).update(post_id=heir_id)
                continue
            kept["closed"][str(holding.id)] = _text(holding.valid_to)
            if heir_id is not None:
                follower = PostHolding.objects.create(
                    person_id=holding.person_id,
                    post_id=heir_id,
                    valid_from=on,
                    valid_to=holding.valid_to,
                    is_primary=holding.is_primary,
                )
                kept["opened"].append(str(follower.id))
            PostHolding.objects.filter(id=holding.id).update(valid_to=on - timedelta(days=1))
    return moved


@service
def cancel_reorganisation(*, actor: Actor, reorganisation: Reorganisation) -> Reorganisation:
    """Undo an applied reorganisation before its day: the old organisation goes on as if nothing had been. The plan stays.

    Raises Stale when its day has come, DomainError when something new already rests on what it made (a personnel change
    to a new post, for instance): that must be undone first.
    """
    require(actor, PeoplePermission.REORGANISE)
    current = Reorganisation.objects.select_for_update().get(id=reorganisation.id)
    if not current.is_applied or current.effective_on <= clock.today():
        raise Stale
    made = current.made
    for old_id, last in made["were"].items():
        for model in (Department, Post):
            model.objects.filter(id=old_id).update(valid_to=_day(last), successor=None)
    holdings = made["holdings"]
    PostHolding.objects.filter(id__in=holdings["opened"]).delete()
    for holding_id, last in holdings["closed"].items():
        PostHolding.objects.filter(id=holding_id).update(valid_to=_day(last))
    for holding_id, post_id in holdings["reposted"].items():
        PostHolding.objects.filter(id=holding_id).update(post_id=post_id)
    try:
        Post.objects.filter(id__in=made["new"]["posts"]).delete()
        new = Department.objects.filter(id__in=made["new"]["departments"])
        new.update(parent=None)
        new.delete()
    except ProtectedError as error:
        raise DomainError(
            "新しい所属か職を、もう使っているもの（人事異動など）があります。先にそちらを取り消してください。"
        ) from error
    current.made, current.applied_at, current.applied_by_label = {}, None, ""
    current.revision += 1
    current.save()
    record_event(
        actor=actor,
        code="people.reorganisation.cancelled",
        subject_kind=_SUBJECT,
        subject_id=current.id,
        payload={"effective_on": current.effective_on.isoformat()},
    )
    return current


@service
def carry_reorganisation(*, actor: Actor, reorganisation: Reorganisation) -> Reorganisation:
    """The morning of the day: whatever is alive and hangs on what ended goes to whoever follows, in one transaction.

    Raises Stale before the day or when it was done. Acts of the past keep the names and posts of their time.
    """
    current = Reorganisation.objects.select_for_update().get(id=reorganisation.id)
    if not current.is_applied or clock.today() < current.effective_on:
        raise Stale
    change = reorganised_when_applied(current)
    carried: dict[str, int] = {}
    moved = _move_holdings(current.made, current.effective_on)
    if moved:
        carried["people.holdings"] = moved
    for code, kind in hooks.affected_kinds():
        for subject_id in change.subjects_of(code, kind.subject):
            count = _carry_kind(code, kind, change, subject_id)
            if count:
                carried[code] = carried.get(code, 0) + count
    current.carried, current.carried_at = carried, clock.now()
    current.save()
    record_event(
        actor=actor,
        code="people.reorganisation.carried",
        subject_kind=_SUBJECT,
        subject_id=current.id,
        payload={"effective_on": current.effective_on.isoformat(), "carried": carried},
    )
    return current


def _carry_kind(code: str, kind: Affected, change: Reorganised, subject_id: UUID) -> int:
    """Rows that were named or fall under a rule first, the rest to the default; how many moved."""
    shared: list[UUID] = []
    moved = 0
    for share, ids in hooks.divide(kind, subject_id, change.shares_of(code, subject_id)).items():
        if ids and share.heir_id is not None:
            moved += kind.take(kind.of([subject_id]).filter(id__in=ids), share.heir_id)
            shared += ids
    heir = change.ending(kind.subject).get(subject_id)
    if heir is not None and heir.id is not None:
        moved += kind.take(kind.of([subject_id]).exclude(id__in=shared), heir.id)
    return moved


def reorganised_when_applied(current: Reorganisation) -> Reorganised:
    """What an applied reorganisation ended and made, from what it kept: the organisation itself has moved on."""
    heirs = hooks.Heir
    departments = Department.objects.in_bulk(_ids(current.made["departments"]))
    posts = Post.objects.in_bulk(_ids(current.made["posts"]))

    def heir(rows: Mapping[UUID, Any], heir_id: str | None) -> hooks.Heir | None:
        row = rows.get(UUID(heir_id)) if heir_id else None
        return heirs(row.name, getattr(row, "symbol", ""), row.id) if row else None

    return Reorganised(
        on=current.effective_on,
        departments={UUID(old): heir(departments, new) for old, new in current.made["departments"].items()},
        posts={UUID(old): heir(posts, new) for old, new in current.made["posts"].items()},
        labels={row_id: row.name for row_id, row in (departments | posts).items()},
        symbols={row_id: row.symbol for row_id, row in departments.items()},
        shares=[_thawed(each) for each in current.made.get("shares", [])],
    )


def _thawed(kept: Mapping[str, Any]) -> Share:
    rows = frozenset(UUID(each) for each in kept["rows"])
    return Share(kept["code"], UUID(kept["subject"]), "", UUID(kept["heir"]), kept["words"], rows)


def _ids(pairs: Mapping[str, str | None]) -> list[UUID]:
    return [UUID(each) for pair in pairs.items() for each in pair if each]


def carry_due(*, government_id: UUID) -> int:
    """The worker's look: every applied reorganisation whose day has come."""
    waiting = Reorganisation.objects.filter(applied_at__isnull=False, carried_at__isnull=True)
    due = list(waiting.filter(effective_on__lte=clock.today()).order_by("effective_on"))
    actor = system_actor(government_id, "改組の引継ぎ")
    for each in due:
        carry_reorganisation(actor=actor, reorganisation=each)
    return len(due)
