"""Personal notes: no act, no event, nobody else's business."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.meetings.models import MaterialVersion, Note
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors.seats import own_id, seat_of
from kakehashi.people.selectors import acting_staff

LONGEST_NOTE = 4000


@service
def write_note(*, actor: Actor, version: MaterialVersion, page: int, body: str, note_id: UUID | None = None) -> Note:
    """Write a note beside a page, or change one's own; a changed one stands where it was changed.

    Raises NotFound for a material one may not read or a note that is somebody else's, DomainError for an empty one.
    """
    require(actor, MeetingsPermission.READ)
    item = version.material.item
    if not seat_of(actor, item.meeting).reads(item, item.meeting):
        raise NotFound
    if not body.strip():
        raise DomainError("メモを書いてください。", field="body", code="required")
    if len(body) > LONGEST_NOTE:
        raise DomainError(f"メモは{LONGEST_NOTE}字までにしてください。", field="body")
    page = min(max(page, 1), max(version.page_count, 1))
    if note_id is None:
        return Note.objects.create(person=acting_staff(actor), version=version, page=page, body=body.strip())
    note = Note.objects.filter(id=note_id, person_id=own_id(actor), version__material=version.material).first()
    if note is None:
        raise NotFound
    note.version, note.page, note.body, note.written_at = version, page, body.strip(), clock.now()
    note.save(update_fields=["version", "page", "body", "written_at"])
    return note


@service
def remove_note(*, actor: Actor, note_id: UUID) -> None:
    """Throw one's own note away. Raises NotFound for anybody else's."""
    require(actor, MeetingsPermission.READ)
    deleted, _ = Note.objects.filter(id=note_id, person_id=own_id(actor)).delete()
    if not deleted:
        raise NotFound
