"""A whole meeting as its minutes tell it."""

from __future__ import annotations

from django.db.models import Prefetch

from kakehashi.kernel import clock
from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings.domain.minutes import Held, ItemLine, SeatLine
from kakehashi.meetings.models import Action, AgendaItem, Attendance, Material, MaterialVersion, Meeting
from kakehashi.meetings.selectors.meetings import quorum_of
from kakehashi.people.selectors import staff_actor


def held(meeting: Meeting) -> Held:
    """Everything of a meeting, confidential items included: only for who writes or approves its minutes."""
    start = (meeting.opened_at or meeting.starts_at).astimezone(clock.JST)
    end = meeting.closed_at.astimezone(clock.JST) if meeting.closed_at else None
    seats = [
        SeatLine(one.post_name, one.person_name, one.presence_word, one.proxy_label, one.is_chair)
        for one in Attendance.objects.filter(meeting=meeting)
    ]
    until = f"{end:%H:%M}" if end else ""
    return Held(
        title=meeting.title,
        when=f"{format_wareki(start.date(), weekday=True)} {start:%H:%M}〜{until}",
        place="／".join(filter(None, [meeting.place, "オンライン" if meeting.online_url else ""])),
        openness=meeting.get_openness_display(),
        quorum=quorum_of(meeting).sentence.removesuffix("。"),
        rule=meeting.body.rule.words.removesuffix("。"),
        clerk=f"{meeting.body.secretariat.name} {staff_actor(meeting.clerk).label}",
        seats=seats,
        items=[_item(item) for item in _items(meeting)],
    )


def _items(meeting: Meeting) -> list[AgendaItem]:
    versions = Prefetch("versions", MaterialVersion.objects.order_by("number"))
    materials = Prefetch("materials", Material.objects.order_by("number").prefetch_related(versions))
    actions = Prefetch("actions", Action.objects.order_by("due_on", "id"))
    rows = AgendaItem.objects.filter(meeting=meeting).prefetch_related(materials, "decisions", actions)
    return list(rows.order_by("number", "id"))


def _item(item: AgendaItem) -> ItemLine:
    decision = next(iter(item.decisions.all()), None)
    return ItemLine(
        number=item.number,
        title=item.title,
        kind=item.kind_word,
        presenter=item.presenter_label,
        summary=item.summary,
        materials=tuple(_paper(item, one) for one in item.materials.all()),
        outcome=decision.outcome_word if decision else "",
        text=decision.text if decision else "",
        quorum_reason=decision.quorum_reason if decision else "",
        actions=tuple(
            f"{one.title}（担当 {one.owner_label}、期限 {format_wareki(one.due_on)}）" for one in item.actions.all()
        ),
        is_confidential=item.is_confidential,
    )


def _paper(item: AgendaItem, material: Material) -> str:
    versions = list(material.versions.all())
    edition = f"（第{len(versions)}版）" if len(versions) > 1 else ""
    return f"資料{item.number}-{material.number} {material.title}{edition}"
