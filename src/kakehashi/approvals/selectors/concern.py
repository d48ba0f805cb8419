"""Whose work a proposal is, and what the access log calls it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q

from kakehashi.approvals.models import Proposal, ProposalStep, Reader
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.proposals import proposals_deputised_to, proposals_waiting_for
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.selectors import StaffActor

__all__ = ["concerns_actor", "describe_proposals", "is_own_proposal"]


def concerns_actor(actor: Actor, proposals: Q) -> bool:
    """Whether one of these proposals is the actor's work: drafted, on its route, shown to them,
    to be decided for somebody (代決, 職務代理 …), or to be issued.
    """
    found = Proposal.objects.filter(proposals)
    if found.filter(drafter_id=actor.id).exists():
        return True
    posts = [post.id for post in actor.posts] if isinstance(actor, StaffActor) else []
    on_route = Q(post_id__in=posts) | Q(person_id=actor.id) | Q(post_reviewer_id=actor.id)
    if ProposalStep.objects.filter(on_route, proposal__in=found).exists():
        return True
    if Reader.objects.filter(post_id__in=posts, proposal__in=found).exists():
        return True
    if (
        proposals_deputised_to(actor).filter(proposals).exists()
        or proposals_waiting_for(actor).filter(proposals).exists()
    ):
        return True
    may_issue = actor.can(ApprovalsPermission.ISSUE, current_government_id())
    return may_issue and found.filter(decided_at__isnull=False, issued_at__isnull=True, is_outward=True).exists()


def is_own_proposal(actor: Actor, proposal_id: UUID) -> bool:
    """Whether a proposal about nothing else is the actor's work."""
    return concerns_actor(actor, Q(id=proposal_id))


def describe_proposals(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Proposals by their number: subjects may name an applicant."""
    return dict(Proposal.objects.filter(id__in=ids).values_list("id", "number"))
