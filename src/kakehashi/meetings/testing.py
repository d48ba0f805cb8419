"""A small 庁議 for tests: the mayor chairs, manager and clerk sit, the officer's section (総務課) serves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.meetings.models import AgendaItem, Meeting, MeetingBody
from kakehashi.meetings.services import add_item, call_meeting, found_body
from kakehashi.people.models import Post
from kakehashi.people.testing import Town, person_of


@dataclass(frozen=True)
class SmallMeeting:
    """A body of three seats and its meeting of tomorrow: one item of the clerk's, one confidential one of the manager's."""

    body: MeetingBody
    meeting: Meeting
    item: AgendaItem
    secret: AgendaItem


def small_body(town: Town) -> MeetingBody:
    """庁議: 町長 in the chair, 住民課長 and 住民課主事 as members, majority without proxies, served by 総務課."""
    seats = list(Post.objects.filter(id__in=[town.manager.post_id, town.clerk.post_id]).order_by("rank"))
    return found_body(
        actor=town.officer,
        name="庁議",
        chair_post=Post.objects.get(id=town.mayor.post_id),
        secretariat=town.other_department,
        members=seats,
        idempotency_key=uuid7(),
        details={"basis": "庁議規程", "quorum_clause": "庁議規程第5条", "place": "第1会議室"},
    )


def small_meeting(town: Town) -> SmallMeeting:
    """The body with its meeting, in the open scope of the town. The officer is its clerk; nothing is given out yet."""
    body = small_body(town)
    meeting = call_meeting(
        actor=town.officer, body=body, starts_at=clock.now() + timedelta(days=1), idempotency_key=uuid7()
    )
    item = add_item(
        actor=town.officer, meeting=meeting, title="新年度の窓口", kind="decide", presenter=person_of(town.clerk)
    )
    secret = add_item(
        actor=town.officer,
        meeting=meeting,
        title="人事の方針",
        kind="discuss",
        presenter=person_of(town.manager),
        details={"is_confidential": True},
    )
    return SmallMeeting(body, meeting, item, secret)
