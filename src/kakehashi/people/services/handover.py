"""The handover note of a post."""

from __future__ import annotations

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import HandoverNote, Post
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors import acting_staff, holds_post


@service
def write_handover_note(*, actor: Actor, post: Post, body: str, expected_revision: int = 0) -> HandoverNote:
    """Write what the next holder must know. The holder of the post may, and who edits the organisation.

    `expected_revision` is the one that was read (0: there was none). Raises Stale when somebody wrote in between.
    """
    if not holds_post(actor.id, post.id, clock.today()):
        require(actor, PeoplePermission.EDIT)
    Post.objects.select_for_update().get(id=post.id)
    note = HandoverNote.objects.filter(post=post).first()
    if (note.revision if note else 0) != expected_revision:
        raise Stale
    if note is None:
        note = HandoverNote(post=post, revision=0)
    note.body = body.strip()
    note.revision += 1
    note.written_by = acting_staff(actor)
    note.written_at = clock.now()
    note.save()
    record_event(
        actor=actor,
        code="people.handover.written",
        subject_kind="people.post",
        subject_id=post.id,
        payload={"revision": note.revision, "characters": len(note.body)},
    )
    return note
