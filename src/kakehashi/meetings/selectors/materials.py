"""Materials one may read, their versions, and what one has noted beside their pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.meetings.domain.anchors import follow
from kakehashi.meetings.models import AgendaItem, Material, MaterialVersion, Meeting, Minutes, Note, PageText, Stage
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.meetings import find_meeting
from kakehashi.meetings.selectors.minutes import asks_for_minutes, reads_minutes, takes_part
from kakehashi.meetings.selectors.seats import Seat, own_id, seat_of


@dataclass(frozen=True)
class Opened:
    """A material that is open before somebody: its versions, oldest first, and their seat."""

    material: Material
    item: AgendaItem
    meeting: Meeting
    seat: Seat
    versions: list[MaterialVersion]

    @property
    def newest(self) -> MaterialVersion:
        """What it contains now."""
        return self.versions[-1]


@dataclass
class NotesOf:
    """One's notes on a material: by page of its newest version, and those whose page is gone."""

    by_page: dict[int, list[Note]] = field(default_factory=dict)
    tray: list[Note] = field(default_factory=list)


def open_material(actor: Actor, material_id: UUID) -> Opened:
    """A material for somebody who may read it. Raises NotFound for everybody else."""
    rows = Material.objects.select_related("item", "item__meeting", "item__meeting__body")
    material = rows.filter(id=material_id).first()
    if material is None:
        raise NotFound
    item, meeting = material.item, material.item.meeting
    seat = seat_of(actor, meeting)
    if not seat.reads(item, meeting):
        raise NotFound
    return Opened(material, item, meeting, seat, _versions(material))


def open_version(actor: Actor, version_id: UUID) -> MaterialVersion:
    """One version, old or new, for somebody who may read its material. Raises NotFound."""
    version = MaterialVersion.objects.select_related("stored_file").filter(id=version_id).first()
    if version is None:
        raise NotFound
    open_material(actor, version.material_id)
    return version


def page_text(version: MaterialVersion, page: int) -> str:
    """What stands on a page; empty for a scan or a picture."""
    return PageText.objects.filter(version=version, page=page).values_list("text", flat=True).first() or ""


def notes_on(actor: Actor, opened: Opened) -> NotesOf:
    """One's own notes, each beside the page that its page has become."""
    found = NotesOf()
    numbers = {version.id: version.number for version in opened.versions}
    rows = Note.objects.filter(person_id=own_id(actor), version_id__in=numbers).order_by("page", "id")
    for note in rows:
        page = follow(note.page, _maps_after(opened.versions, numbers[note.version_id]))
        if page is None:
            found.tray.append(note)
        else:
            found.by_page.setdefault(page, []).append(note)
    return found


def own_notes(actor: Actor, meeting: Meeting) -> list[tuple[Material, NotesOf]]:
    """All one's notes of a meeting by material, in the order of the agenda; materials one may no longer read are left out."""
    seat = seat_of(actor, meeting)
    noted = Note.objects.filter(person_id=own_id(actor), version__material__item__meeting=meeting)
    rows = Material.objects.filter(id__in=noted.values("version__material_id")).select_related("item")
    found = []
    for material in rows.order_by("item__number", "number"):
        if seat.reads(material.item, meeting):
            opened = Opened(material, material.item, meeting, seat, _versions(material))
            found.append((material, notes_on(actor, opened)))
    return found


@dataclass(frozen=True)
class Shown:
    """What the screens of a meeting show to one person; `opened` is None while nothing is shown or they may not see it."""

    meeting: Meeting
    seat: Seat
    stage: Stage
    opened: Opened | None
    is_hidden: bool = False


def stage_of(actor: Actor, meeting_id: UUID) -> Shown:
    """The stage as somebody sees it. Raises NotFound for whoever has no seat at the meeting."""
    meeting, seat = find_meeting(actor, meeting_id)
    stage = Stage.objects.filter(meeting=meeting).first() or Stage(meeting=meeting)
    if stage.material_id is None:
        return Shown(meeting, seat, stage, None)
    material = Material.objects.select_related("item").get(id=stage.material_id)
    if not seat.reads(material.item, meeting):
        return Shown(meeting, seat, stage, None, is_hidden=True)
    return Shown(meeting, seat, stage, Opened(material, material.item, meeting, seat, _versions(material)))


def stage_revision(meeting_id: UUID) -> str:
    """What changes whenever a following screen must change: turns, states and replacements, as one word. One query."""
    row = Stage.objects.filter(meeting_id=meeting_id).values_list("revision", "meeting__state", "material_id").first()
    if row is None:
        return "0"
    newest = (
        MaterialVersion.objects.filter(material_id=row[2]).order_by("-number").values_list("number", flat=True).first()
    )
    return f"{row[0]}-{row[1]}-{newest or 0}"


def may_read_file(actor: Actor, stored: StoredFile) -> bool:
    """Whoever may read a material may take its file along; for the door of downloads."""
    if not actor.can(MeetingsPermission.READ, stored.government_id):
        return False
    version = MaterialVersion.objects.filter(stored_file=stored).first()
    if version is None:
        return False
    try:
        open_material(actor, version.material_id)
    except NotFound:
        return False
    return True


def may_read_minutes(actor: Actor, stored: StoredFile) -> bool:
    """The PDF of the minutes is for everybody who had a seat at the meeting, with a secret item for whoever may read all of it."""
    minutes = Minutes.objects.filter(stored_file=stored).first()
    if minutes is None or not actor.can(MeetingsPermission.READ, stored.government_id):
        return False
    try:
        meeting, seat = find_meeting(actor, minutes.meeting_id)
    except NotFound:
        return any(takes_part(actor, proposal) for proposal in asks_for_minutes(minutes))
    return reads_minutes(actor, meeting, seat)


def _versions(material: Material) -> list[MaterialVersion]:
    return list(MaterialVersion.objects.filter(material=material).select_related("stored_file").order_by("number"))


def _maps_after(versions: Sequence[MaterialVersion], number: int) -> list[list[int | None]]:
    return [version.page_map for version in versions if version.number > number]
