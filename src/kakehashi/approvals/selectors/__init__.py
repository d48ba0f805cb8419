"""Reads of approvals."""

from kakehashi.approvals.selectors.proposals import (
    changes_since,
    current_digest,
    current_steps,
    drafted_by,
    opinions_on,
    pending_post_reviews,
    proposal_of_source,
    proposals_to_act_for,
    proposals_waiting_for,
    search_proposals,
    stamps_of,
    waiting_on,
)
from kakehashi.approvals.selectors.routes import active_matters, plan_route, route_rules
from kakehashi.approvals.selectors.standing import Turn, situation_of, standings_of, turn_of

__all__ = [
    "Turn",
    "active_matters",
    "changes_since",
    "current_digest",
    "current_steps",
    "drafted_by",
    "opinions_on",
    "pending_post_reviews",
    "plan_route",
    "proposal_of_source",
    "proposals_to_act_for",
    "proposals_waiting_for",
    "route_rules",
    "search_proposals",
    "situation_of",
    "stamps_of",
    "standings_of",
    "turn_of",
    "waiting_on",
]
