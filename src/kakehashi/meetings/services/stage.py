"""The stage: one person presents, and every screen that follows shows their page. Turning a page is no official act: no event."""

from __future__ import annotations

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.meetings.models import Material, MaterialVersion, Meeting, Stage
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.seats import seat_of
from kakehashi.people.selectors import acting_staff

_NOT_OPEN = "開会してから、みんなの画面を動かせます。"


@service
def take_stage(*, actor: Actor, material: Material, page: int = 1) -> Stage:
    """Begin to present a material: all following screens show it. Whoever presented before has handed over with this.

    Raises PermissionRefused for anybody but chair, secretariat and the item's presenter, DomainError while the meeting does not sit.
    """
    require(actor, MeetingsPermission.READ)
    item = material.item
    meeting = Meeting.objects.select_related("body").get(id=item.meeting_id)
    if not seat_of(actor, meeting).turns(item):
        raise PermissionRefused(MeetingsPermission.RUN)
    if not meeting.is_open:
        raise DomainError(_NOT_OPEN)
    stage = _locked(meeting)
    stage.material, stage.presenter, stage.presenter_label = material, acting_staff(actor), actor.label
    return _show(stage, page)


@service
def turn_page(*, actor: Actor, meeting: Meeting, page: int) -> Stage:
    """Turn everybody's page. A page before the first or behind the last is the first or last.

    Raises Stale when somebody else presents by now, DomainError while the meeting does not sit.
    """
    require(actor, MeetingsPermission.READ)
    if not Meeting.objects.get(id=meeting.id).is_open:
        raise DomainError(_NOT_OPEN)
    stage = _locked(meeting)
    if stage.presenter_id != actor.id or stage.material is None:
        who = stage.presenter_label or "ほかの人"
        raise Stale(f"いまは{who}が発表しています。")
    return _show(stage, page)


@service
def leave_stage(*, actor: Actor, meeting: Meeting) -> Stage:
    """Stop presenting; the page stays on the screens. Does nothing for whoever does not present."""
    require(actor, MeetingsPermission.READ)
    stage = _locked(meeting)
    if stage.presenter_id == actor.id:
        stage.presenter, stage.presenter_label = None, ""
        stage.revision += 1
        stage.save(update_fields=["presenter", "presenter_label", "revision"])
    return stage


def _locked(meeting: Meeting) -> Stage:
    stage, _ = Stage.objects.get_or_create(meeting=meeting)
    return Stage.objects.select_for_update(of=("self",)).select_related("material").get(id=stage.id)


def _show(stage: Stage, page: int) -> Stage:
    versions = MaterialVersion.objects.filter(material=stage.material).order_by("-number")
    last = versions.values_list("page_count", flat=True).first() or 1
    stage.page = min(max(page, 1), max(last, 1))
    stage.revision += 1
    stage.moved_at = clock.now()
    stage.save(update_fields=["material", "page", "presenter", "presenter_label", "revision", "moved_at"])
    return stage
