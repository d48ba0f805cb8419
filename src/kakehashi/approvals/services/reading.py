"""供覧: showing a proposal to posts that only read it, and remembering that they did."""

from __future__ import annotations

from uuid import uuid5

from kakehashi.approvals.domain.route_edits import edit_from_json
from kakehashi.approvals.domain.states import ProposalState
from kakehashi.approvals.domain.transitions import Act
from kakehashi.approvals.models import Proposal, Reader
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import situation_of, turn_of
from kakehashi.approvals.services.acts import locked, move, person_name, record, released
from kakehashi.approvals.services.filing import complete_and_file
from kakehashi.approvals.services.telling import take_back, tell_readers
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import PermissionRefused
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service


def list_readers(proposal: Proposal) -> None:
    """Write down the readers of this round, as the drafter chose them."""
    Reader.objects.bulk_create(
        [
            Reader(proposal=proposal, round=proposal.round, post_id=post.id, post_label=post.label)
            for post in edit_from_json(proposal.route_edit).readers
        ]
    )


def show_to_readers(actor: Actor, proposal: Proposal) -> None:
    """It lies with its readers from now on, and they are told. Of a decided proposal: after the decision."""
    if not proposal.route_edit.get("readers"):
        return
    readers = list(Reader.objects.filter(proposal=proposal, round=proposal.round).select_related("post"))
    for reader in readers:
        reader.reached_at = clock.now()
    Reader.objects.bulk_update(readers, ["reached_at"])
    tell_readers(actor, proposal, readers)


def take_from_readers(proposal: Proposal, actor: Actor | None = None) -> None:
    """The decision was taken back: it does not lie with its readers any more."""
    for reader in Reader.objects.filter(proposal=proposal, round=proposal.round, reached_at__isnull=False):
        if actor is not None:
            take_back(actor, uuid5(reader.id, f"reading {reader.reached_at}"))
        reader.reached_at = reader.read_at = reader.person_id = None
        reader.person_name = ""
        reader.save()


@service
def read_proposal(*, actor: Actor, proposal: Proposal) -> Proposal:
    """供覧 by the holder of a post it is shown to: read, nothing more. The last reader of a 供覧 completes it.

    Raises PermissionRefused when it does not lie with one of the actor's posts.
    """
    require(actor, ApprovalsPermission.READ)
    current = locked(proposal)
    turn = turn_of(actor, current)
    move(Act.READ, current, situation_of(actor, current, turn))
    reader = turn.reader
    if reader is None:
        raise PermissionRefused(ApprovalsPermission.READ)
    reader.read_at, reader.person_id, reader.person_name = clock.now(), actor.id, person_name(actor)
    reader.save()
    left = Reader.objects.filter(proposal=current, round=current.round, read_at__isnull=True).count()
    record(actor, "read", current, {"post": reader.post_label, "left": left})
    if current.state_enum is ProposalState.READING and left == 0:
        complete_and_file(actor, current, uuid7())
        current.save()
        record(actor, "reading_completed", current)
    return released(current)
