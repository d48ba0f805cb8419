"""What the inbox, approvals and records are told about this room's things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.approvals.models import Proposal
from kakehashi.cases.models import Case
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.related import Mention
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.kernel.wareki import format_wareki
from kakehashi.meetings.models import Action, AgendaItem, Decision, MaterialVersion, Minutes
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.minutes import has_secret, reads_minutes, text_digest
from kakehashi.meetings.selectors.seats import items_seen_by, seat_of

Sections = list[tuple[str, list[tuple[str, str]]]]


def action_page(case: Case) -> str:
    """Where a row of the inbox leads."""
    return reverse("meetings-staff:action", args=[case.source_id])


def action_summary(case: Case) -> Mapping[str, Any]:
    """The action itself, for the case page. An action of a confidential item shows its bare words only."""
    return {"action": Action.objects.select_related("meeting", "item").filter(id=case.source_id).first()}


def load_decision(source_id: UUID) -> Decision | None:
    """The decision for the decision page; None when it is gone or its item is confidential: readers of proposals are many."""
    rows = Decision.objects.select_related("item", "item__meeting")
    return rows.filter(id=source_id, item__is_confidential=False).first()


def describe_decision(source_id: UUID) -> Sections:
    """Headed rows that are frozen with the proposal: meeting, item, what was decided, and the digests of the materials."""
    decision = Decision.objects.select_related("item", "item__meeting").filter(id=source_id).first()
    if decision is None:
        return []
    item, meeting = decision.item, decision.item.meeting
    day = format_wareki(meeting.starts_at.date(), weekday=True)
    if item.is_confidential:
        return [("会議", [("会議", f"{meeting.title}（{day}）"), ("議題", "構成員限りの議題")])]
    rows = [
        ("会議", f"{meeting.title}（{day}）"),
        ("議題", f"{item.number}．{item.title}（{item.kind_word}）"),
        ("結果", f"{decision.outcome_word}：{decision.text}"),
        ("定足数", decision.quorum_text),
    ]
    versions = MaterialVersion.objects.filter(material__item=item, frozen_at__isnull=False)
    papers = [
        (f"{one.name}（第{one.number}版）", one.sha256) for one in versions.order_by("material__number", "number")
    ]
    return [("会議", rows), *([("配布した資料", papers)] if papers else [])]


def decision_page(source_id: UUID) -> str:
    """The meeting a decision was made at; empty when it is gone."""
    meeting = Decision.objects.filter(id=source_id).values_list("item__meeting_id", flat=True).first()
    return reverse("meetings-staff:meeting", args=[meeting]) if meeting else ""


def load_action(source_id: UUID) -> Action | None:
    """The action for the decision page; None when it is gone or its item is confidential."""
    action = Action.objects.select_related("meeting", "item").filter(id=source_id).first()
    return None if action is None or (action.item and action.item.is_confidential) else action


def describe_action(source_id: UUID) -> Sections:
    """Headed rows of an action that are frozen with the proposal."""
    action = Action.objects.select_related("meeting", "item").filter(id=source_id).first()
    if action is None:
        return []
    rows = [("会議", action.meeting.title), ("期限", format_wareki(action.due_on))]
    if action.item is None or not action.item.is_confidential:
        rows += [("すること", action.title), ("担当", action.owner_label)]
    return [("会議の課題", rows)]


def action_url(source_id: UUID) -> str:
    """The page of an action."""
    return reverse("meetings-staff:action", args=[source_id])


def describe_minutes(source_id: UUID) -> Sections:
    """The minutes as they are frozen with the proposal: the meeting and every line of the text.

    Of minutes with an item for members only just the digest: those who may read the text find it on the page.
    """
    minutes = Minutes.objects.select_related("meeting").filter(id=source_id).first()
    if minutes is None:
        return []
    meeting = minutes.meeting
    day = format_wareki(meeting.starts_at.astimezone(clock.JST).date(), weekday=True)
    text = [("本文", minutes.text)]
    if has_secret(meeting):
        text = [
            ("本文", "構成員限りの議題があるため、起案には写しません。"),
            ("本文の指紋（SHA-256）", text_digest(minutes)),
        ]
    return [("会議録", [("会議", f"{meeting.title}（{day}）"), *text])]


def minutes_url(source_id: UUID) -> str:
    """The page of filed minutes; empty when they are gone."""
    meeting = Minutes.objects.filter(id=source_id).values_list("meeting_id", flat=True).first()
    return reverse("meetings-staff:minutes", args=[meeting]) if meeting else ""


def may_open_minutes(actor: Actor, source_id: UUID) -> bool:
    """Whether the page of the minutes is there for somebody: they have a seat and may read all of the text."""
    minutes = Minutes.objects.select_related("meeting__body").filter(id=source_id).first()
    return minutes is not None and reads_minutes(actor, minutes.meeting, seat_of(actor, minutes.meeting))


def may_open_decision(actor: Actor, source_id: UUID) -> bool:
    """Whether the page of the meeting a decision was made at is there for somebody."""
    decision = Decision.objects.select_related("item__meeting__body").filter(id=source_id).first()
    return decision is not None and seat_of(actor, decision.item.meeting).is_here


def may_open_action(actor: Actor, source_id: UUID) -> bool:
    """Whether the page of an action is there for somebody: its owner, or who has a seat."""
    action = Action.objects.select_related("meeting__body").filter(id=source_id).first()
    return action is not None and (action.owner_id == actor.id or seat_of(actor, action.meeting).is_here)


def minutes_renditions(source_id: UUID) -> Sequence[tuple[str, str]]:
    """The paper made from the minutes."""
    meeting = Minutes.objects.filter(id=source_id).values_list("meeting_id", flat=True).first()
    return [("会議録（PDF）", reverse("meetings-staff:minutes-pdf", args=[meeting]))] if meeting else []


def proposal_choices(words: str) -> list[tuple[UUID, str]]:
    """Proposals an item can be about, the newest first."""
    rows = Proposal.objects.order_by("-created_at")
    for word in words.replace("\x00", " ").split():
        rows = rows.filter(subject__icontains=word) | rows.filter(number__icontains=word)
    found = rows.values_list("id", "number", "subject")[:50]
    return [(one, f"{number or '起案中'} {subject}") for one, number, subject in found]


def describe_proposal(target_id: UUID) -> tuple[str, str] | None:
    """Label and address of a linked proposal."""
    row = Proposal.objects.filter(id=target_id).values_list("number", "subject").first()
    if row is None:
        return None
    return f"{row[0] or '起案中'} {row[1]}", reverse("approvals-staff:proposal", args=[target_id])


def items_about(actor: Actor, kind: str, target_id: UUID) -> list[AgendaItem]:
    """The items of meetings that were about a thing of another room and that somebody may read, the newest first."""
    ids = AgendaItem.objects.filter(links__kind=kind, links__target_id=target_id).values("id")
    seen = AgendaItem.objects.filter(items_seen_by(actor), id__in=ids).values("id")
    rows = AgendaItem.objects.filter(id__in=seen).select_related("meeting").prefetch_related("decisions", "actions")
    return list(rows.order_by("-meeting__starts_at", "number")[:20])


def mentions(actor: Actor, kind: str, target_id: UUID) -> list[Mention]:
    """Where meetings spoke of a thing: the item, what was decided, and what somebody was asked to do."""
    if not room_is_on(current_government_id(), "meetings") or not actor.can(
        MeetingsPermission.READ, current_government_id()
    ):
        return []
    return [
        Mention(
            f"{item.meeting.title}（{format_wareki(item.meeting.starts_at.astimezone(clock.JST).date())}）",
            f"{item.number}．{item.title}（{item.kind_word}）",
            "\n".join(
                [
                    *(f"{each.outcome_word}：{each.text}" for each in item.decisions.all()),
                    *(f"課題：{each.title}（{each.state_word}）" for each in item.actions.all()),
                ]
            ),
            reverse("meetings-staff:meeting", args=[item.meeting_id]),
        )
        for item in items_about(actor, kind, target_id)
    ]
