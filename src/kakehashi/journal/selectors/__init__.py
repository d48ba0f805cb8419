"""Reads of the journal: official acts and their seals, accesses to personal data, retention rules."""

from kakehashi.journal.selectors.accesses import access_rule, accesses_of, find_accesses, subject_ids_of
from kakehashi.journal.selectors.events import (
    BATCH,
    SealStatus,
    event_values,
    events_for,
    events_for_many,
    find_events,
    first_id_near_the_seal,
    last_position,
    last_seal,
    leaves_in_order,
    places_of,
    seal_status,
    sealed_events_after,
    unsealed_events,
)
from kakehashi.journal.selectors.retention import ClockRule, clock_rules

__all__ = [
    "BATCH",
    "ClockRule",
    "SealStatus",
    "access_rule",
    "accesses_of",
    "clock_rules",
    "event_values",
    "events_for",
    "events_for_many",
    "find_accesses",
    "find_events",
    "first_id_near_the_seal",
    "last_position",
    "last_seal",
    "leaves_in_order",
    "places_of",
    "seal_status",
    "sealed_events_after",
    "subject_ids_of",
    "unsealed_events",
]
