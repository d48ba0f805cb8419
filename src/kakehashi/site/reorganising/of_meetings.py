"""What meetings hold for sections and posts: bodies, seats, coming attendances, open actions."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings.domain.states import ActionState, MeetingState
from kakehashi.meetings.models import Action, Attendance, BodyMember, MeetingBody
from kakehashi.people.hooks import HandoverItem
from kakehashi.site.reorganising.describing import item_at, of_post, of_section


def _bodies() -> Any:
    return MeetingBody.objects.filter(is_active=True)


CHAIRS = of_post(
    "議長を務める会議体",
    _bodies,
    item_at("meetings-staff:body"),
    path="chair_post_id",
    moves="当日の朝、{heir}が議長になります。",
    breaks="議長がいなくなり、会議を開けません。",
)

SECRETARIATS = of_section(
    "事務局を務める会議体",
    _bodies,
    item_at("meetings-staff:body"),
    path="secretariat_id",
    moves="当日の朝、{heir}が事務局になります。",
    breaks="事務局がなくなります。",
)

SEATS = of_post(
    "会議体の構成員の席",
    lambda: BodyMember.objects.filter(body__is_active=True).select_related("body"),
    lambda row: HandoverItem(row.body.name, reverse("meetings-staff:body", args=[row.body_id])),
    moves="当日の朝、{heir}の席になります（{heir}の席がもうある会議体では、その一つだけになります）。",
    breaks="席が空きます。",
    stops=False,
    unique=("body_id",),
)

ATTENDANCES = of_post(
    "資料を配った会議の席（まだ開いていないもの）",
    lambda: Attendance.objects.filter(
        meeting__state__in=[MeetingState.PREPARING, MeetingState.DISTRIBUTED]
    ).select_related("meeting"),
    lambda row: HandoverItem(
        row.meeting.title,
        reverse("meetings-staff:meeting", args=[row.meeting_id]),
        format_wareki(row.meeting.starts_at.date()),
    ),
    moves="当日の朝、{heir}の席になります。名は、資料を配ったときのまま残ります。",
    breaks="席の職がなくなります。出欠を確かめてください。",
    stops=False,
    unique=("meeting_id",),
)

ACTIONS = of_section(
    "会議で決まった宿題（終わっていないもの）",
    lambda: Action.objects.filter(state=ActionState.OPEN.value),
    lambda row: HandoverItem(
        row.title,
        reverse("meetings-staff:action", args=[row.id]),
        f"期限 {format_wareki(row.due_on)}・{row.owner_label}",
    ),
    moves="当日の朝、{heir}の宿題になります。担当者と期限は変わりません。",
    breaks="どの課の宿題か分からなくなります。",
)

KINDS = {
    "meetings.chairs": CHAIRS,
    "meetings.secretariats": SECRETARIATS,
    "meetings.seats": SEATS,
    "meetings.attendances": ATTENDANCES,
    "meetings.actions": ACTIONS,
}
