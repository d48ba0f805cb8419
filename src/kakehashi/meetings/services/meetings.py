"""A meeting is called, changed, given out, opened, closed or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings.domain.states import MeetingState
from kakehashi.meetings.models import AgendaItem, Attendance, MaterialVersion, Meeting, MeetingBody, Stage
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.bodies import members_of
from kakehashi.meetings.selectors.meetings import quorum_of
from kakehashi.meetings.selectors.seats import serves
from kakehashi.meetings.services.access import as_leader, as_secretary, asks, locked, move, record
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.models import Person, PostHolding
from kakehashi.people.selectors import acting_staff, valid_on

_EDITABLE = ("title", "starts_at", "ends_at", "place", "online_url", "openness", "clerk")


@service
def call_meeting(
    *,
    actor: Actor,
    body: MeetingBody,
    starts_at: datetime,
    idempotency_key: UUID,
    title: str = "",
    details: Mapping[str, object] | None = None,
) -> Meeting:
    """Call a meeting (招集) of a body and write `meetings.meeting.called`. The same key twice makes one.

    Its number follows the body's last one of the fiscal year; an empty title becomes 「第3回庁議」. The caller is its clerk unless
    `details` names another. Raises PermissionRefused for anybody but the secretariat, DomainError for an end before the start.
    """
    require(actor, MeetingsPermission.RUN)
    asks(serves(actor, body), "この会議体の事務局の職員だけが、会議を招集できます。", "body")
    made = Meeting.objects.filter(idempotency_key=idempotency_key).first()
    if made is not None:
        return made
    # The body's row is the lock: two meetings called at once get two numbers.
    MeetingBody.objects.select_for_update().get(id=body.id)
    year = fiscal_year(starts_at.astimezone(clock.JST).date())
    siblings = Meeting.objects.filter(body=body, fiscal_year=year)
    number = int(siblings.aggregate(last=Max("number"))["last"] or 0) + 1
    meeting = Meeting(
        body=body,
        fiscal_year=year,
        number=number,
        title=title.strip() or f"第{number}回{body.name}",
        starts_at=starts_at,
        place=body.place,
        clerk=acting_staff(actor),
        idempotency_key=idempotency_key,
    )
    for key, value in (details or {}).items():
        if key in _EDITABLE and value is not None:
            setattr(meeting, key, value)
    _check(meeting)
    try:
        with transaction.atomic():
            meeting.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once; the other one made it.
        return Meeting.objects.get(idempotency_key=idempotency_key)
    record(
        actor, "meetings.meeting.called", meeting, {"body": str(body.id), "title": meeting.title, "at": _iso(meeting)}
    )
    return meeting


@service
def edit_meeting(*, actor: Actor, meeting: Meeting, changes: Mapping[str, object]) -> Meeting:
    """Change day, place, link or clerk of a meeting that has not begun; after distribution its members are told.

    Writes `meetings.meeting.edited`. Raises PermissionRefused, DomainError once it has begun or for an end before the start.
    """
    as_secretary(actor, meeting)
    meeting = locked(meeting)
    asks(meeting.is_before, "始まった会議の日時や場所は変えられません。")
    changed = [key for key in _EDITABLE if key in changes and getattr(meeting, key) != changes[key]]
    if not changed:
        return meeting
    for key in changed:
        setattr(meeting, key, changes[key])
    _check(meeting)
    meeting.save(update_fields=changed)
    record(actor, "meetings.meeting.edited", meeting, {"changed": changed, "at": _iso(meeting), "place": meeting.place})
    if meeting.is_given_out and {"starts_at", "place", "online_url"} & set(changed):
        tell(
            actor,
            meeting,
            "meetings.changed",
            f"会議の案内が変わりました：{meeting.title}",
            "",
            clock.now().isoformat(),
        )
    return meeting


@service
def distribute_meeting(*, actor: Actor, meeting: Meeting) -> Meeting:
    """資料配布: freeze every material with its digest, take down who sits where, and tell members and presenters.

    Writes `meetings.meeting.distributed` with the digests. Raises PermissionRefused, Stale when it was given out already, and
    DomainError without an item or with an empty body.
    """
    as_secretary(actor, meeting)
    meeting = locked(meeting)
    now = clock.now()
    if not AgendaItem.objects.filter(meeting=meeting).exists():
        raise DomainError("議題が一つもありません。議題を加えてから配布してください。", code="empty")
    move(meeting, MeetingState.DISTRIBUTED, distributed_at=now)
    versions = MaterialVersion.objects.filter(material__item__meeting=meeting, frozen_at__isnull=True)
    frozen = [{"name": one.name, "sha256": one.sha256} for one in versions.order_by("material__item__number", "id")]
    versions.update(frozen_at=now)
    Attendance.objects.bulk_create(
        [
            Attendance(
                meeting=meeting,
                post=member.post,
                person=member.person,
                post_name=member.post.name,
                person_name=member.person.name if member.person else "",
                is_chair=member.is_chair,
                order=place,
            )
            for place, member in enumerate(members_of(meeting.body))
        ],
        ignore_conflicts=True,
    )
    Stage.objects.get_or_create(meeting=meeting)
    record(actor, "meetings.meeting.distributed", meeting, {"materials": frozen, "at": _iso(meeting)})
    tell(
        actor,
        meeting,
        "meetings.distributed",
        f"会議の資料を配布しました：{meeting.title}",
        _when(meeting),
        "distributed",
    )
    return meeting


@service
def open_meeting(*, actor: Actor, meeting: Meeting) -> Meeting:
    """開会. The quorum of this moment is written down with it (`meetings.meeting.opened`); a meeting without one opens too.

    Raises PermissionRefused for anybody but chair and secretariat, Stale when it is not given out.
    """
    as_leader(actor, meeting)
    meeting = locked(meeting)
    move(meeting, MeetingState.OPEN, opened_at=clock.now())
    quorum = quorum_of(meeting)
    payload = {"quorum": quorum.sentence, "is_met": quorum.is_met, "rule": meeting.body.rule.words}
    record(actor, "meetings.meeting.opened", meeting, payload)
    return meeting


@service
def close_meeting(*, actor: Actor, meeting: Meeting) -> Meeting:
    """閉会 (`meetings.meeting.closed`): the screens stop following. Raises PermissionRefused, Stale when it is not sitting."""
    as_leader(actor, meeting)
    meeting = locked(meeting)
    move(meeting, MeetingState.CLOSED, closed_at=clock.now())
    Stage.objects.filter(meeting=meeting).update(presenter=None, presenter_label="")
    record(actor, "meetings.meeting.closed", meeting, {"quorum": quorum_of(meeting).sentence})
    return meeting


@service
def cancel_meeting(*, actor: Actor, meeting: Meeting, reason: str) -> Meeting:
    """Call a meeting off, with a reason its members are told (`meetings.meeting.cancelled`).

    Raises PermissionRefused, DomainError without a reason, Stale once it has begun.
    """
    as_secretary(actor, meeting)
    meeting = locked(meeting)
    asks(bool(reason.strip()), "中止の理由を書いてください。", "reason")
    told = meeting.is_given_out
    move(meeting, MeetingState.CANCELLED, cancelled_reason=reason.strip()[:300])
    record(actor, "meetings.meeting.cancelled", meeting, {"reason": meeting.cancelled_reason})
    if told:
        words = f"理由：{meeting.cancelled_reason}"
        tell(actor, meeting, "meetings.changed", f"会議を中止しました：{meeting.title}", words, "cancelled")
    return meeting


def tell(actor: Actor, meeting: Meeting, kind: str, subject: str, words: str, key: str) -> None:
    """Tell everybody at the table but the one who acts: members, who stands in for them, presenters."""
    seats = Attendance.objects.filter(meeting=meeting).values_list("person_id", "proxy_id")
    people = {person for row in seats for person in row if person is not None}
    people |= set(
        AgendaItem.objects.filter(meeting=meeting, presenter__isnull=False).values_list("presenter_id", flat=True)
    )
    url = reverse("meetings-staff:meeting", args=[meeting.id])
    for person in Person.objects.filter(id__in=people - {actor.id}).only("id", "name"):
        send_notice(
            actor=actor,
            kind=kind,
            to=Recipient(person_id=person.id, name=person.name),
            subject=subject[:200],
            body_text="\n".join(filter(None, [words, _when(meeting)])) or subject,
            url=url,
            idempotency_key=uuid5(NAMESPACE_URL, f"{meeting.id}/{kind}/{key}/{person.id}"),
        )


def _when(meeting: Meeting) -> str:
    start = meeting.starts_at.astimezone(clock.JST)
    place = f"、{meeting.place}" if meeting.place else ""
    return f"日時：{format_wareki(start.date(), weekday=True)} {start:%H:%M}{place}"


def _iso(meeting: Meeting) -> str:
    return meeting.starts_at.astimezone(clock.JST).isoformat()


def _check(meeting: Meeting) -> None:
    if meeting.ends_at is not None and meeting.ends_at <= meeting.starts_at:
        raise DomainError("終わる時刻は、始まる時刻より後にしてください。", field="ends_at")
    if meeting.online_url and not meeting.online_url.startswith("https://"):
        raise DomainError("オンライン会議の入口は、https:// で始まるアドレスを書いてください。", field="online_url")
    if not _clerk_serves(meeting):
        raise DomainError("担当は、事務局の課の職員から選んでください。", field="clerk")


def _clerk_serves(meeting: Meeting) -> bool:
    holdings = PostHolding.objects.filter(valid_on(clock.today()), person_id=meeting.clerk_id)
    return holdings.filter(post__department_id=meeting.body.secretariat_id).exists()
