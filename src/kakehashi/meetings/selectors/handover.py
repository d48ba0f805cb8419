"""What a personnel change does to meetings: seats are posts and go on, a vacant post leaves its seat empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse

from kakehashi.meetings.models import Action, BodyMember, MeetingBody
from kakehashi.people.hooks import Breakage, HandoverItem, HandoverSection, LosingPost

LISTED = 20


def vacant_seats(losing: Sequence[LosingPost], on: date) -> list[Breakage]:
    """The bodies whose chair or member would be missing."""
    found = []
    for post in losing:
        if not post.vacant:
            continue
        chaired = MeetingBody.objects.filter(is_active=True, chair_post_id=post.post_id)
        seats = BodyMember.objects.filter(post_id=post.post_id, body__is_active=True).exclude(
            body__chair_post_id=post.post_id
        )
        bodies = [(name, "議長") for name in chaired.values_list("name", flat=True)]
        bodies += [(name, "構成員") for name in seats.values_list("body__name", flat=True)]
        url = reverse("meetings-staff:bodies")
        found += [
            Breakage(f"{post.post_name}が欠員になり、{name}の{role}が一人欠けます。", 1, url) for name, role in bodies
        ]
    return found


def handover_section(post_id: UUID, person_id: UUID | None, on: date) -> HandoverSection:
    """The open actions of the one who leaves the post, for the next holder."""
    rows = Action.objects.filter(owner_id=person_id, state="open").select_related("meeting", "item").order_by("due_on")
    return HandoverSection(
        title="会議の課題",
        items=[
            HandoverItem(
                label="構成員限りの議題の課題" if one.item and one.item.is_confidential else one.title,
                url=reverse("meetings-staff:action", args=[one.id]),
                note=f"期限 {one.due_on:%Y-%m-%d}（{one.meeting.title}）",
            )
            for one in rows[:LISTED]
        ],
        total=rows.count(),
    )
