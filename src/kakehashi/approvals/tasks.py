"""Background work of approvals: 施行 of what the drafter asked to be issued by itself."""

from __future__ import annotations

import datetime as dt
import logging
from uuid import UUID

from kakehashi.approvals.domain.states import ProposalState
from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import issue_proposal, remind_people
from kakehashi.approvals.services.batches import resume_one
from kakehashi.approvals.services.packs import bring_in_due_packs
from kakehashi.governments.selectors import who_has
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import KakehashiError
from kakehashi.kernel.queue import sweep
from kakehashi.kernel.undo import UNDO_SECONDS

BATCH = 20
_DUE = "state = 'in_force' AND NOT is_projected AND valid_from <= (now() AT TIME ZONE 'Asia/Tokyo')::date"

log = logging.getLogger(__name__)


@sweep(
    name="approvals.issue_decided",
    seconds=3,
    waiting="SELECT DISTINCT government_id FROM approvals_proposal WHERE state = 'decided' AND issues_itself",
)
def issue_decided(government_id: UUID) -> int:
    """Issue what was decided more than ten seconds ago and asked to be issued by itself; returns how many."""
    before = clock.now() - dt.timedelta(seconds=UNDO_SECONDS)
    due = Proposal.objects.filter(
        state=ProposalState.DECIDED.value, issues_itself=True, decided_at__lte=before
    ).order_by("decided_at")[:BATCH]
    issued = 0
    for proposal in due:
        actor = system_actor(government_id, label=f"システム（{proposal.drafter_label}の指定による施行）")
        try:
            issue_proposal(actor=actor, proposal=proposal)
        except KakehashiError:
            # One that cannot be issued must not keep the others: it stays decided, and its page says why.
            log.exception("proposal %s was not issued", proposal.id)
        else:
            issued += 1
    return issued


@sweep(name="approvals.bring_in_packs", seconds=60, waiting=who_has("approvals_rulepack", _DUE))
def bring_in_packs(government_id: UUID) -> int:
    """On the first day of a version, bring the matters to it; returns how many versions began."""
    return bring_in_due_packs()


@sweep(
    name="approvals.batches",
    seconds=5,
    waiting="SELECT DISTINCT government_id FROM approvals_decisionbatch"
    " WHERE confirmed_at IS NOT NULL AND finished_at IS NULL",
)
def go_on_with_batches(government_id: UUID) -> int:
    """Go on with 一括決裁 whose page was closed half-way: one decision a look, each in its own transaction."""
    return resume_one(government_id)


@sweep(
    name="approvals.reminders",
    seconds=1800,
    waiting="SELECT DISTINCT government_id FROM approvals_proposalstep"
    " WHERE state = 'active' OR (needs_post_review AND post_reviewed_at IS NULL)"
    " UNION SELECT DISTINCT government_id FROM approvals_reader WHERE reached_at IS NOT NULL AND read_at IS NULL",
)
def remind(government_id: UUID) -> int:
    """Remind people of what lies with them, in office hours only."""
    return remind_people(government_id)
