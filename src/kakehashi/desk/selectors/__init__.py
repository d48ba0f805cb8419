"""Reads of the desk."""

from kakehashi.desk.selectors.consultations import (
    consultation_list,
    consultations_of,
    desk_department,
    draft_of,
    get_consultation,
    supporter_suggestions,
)
from kakehashi.desk.selectors.solved_cases import (
    CaseHit,
    find_similar,
    findings_of,
    get_solved_case,
    published_cases,
    reuse_of,
    reuses_of_ours,
    solved_cases_for,
)

__all__ = [
    "CaseHit",
    "consultation_list",
    "consultations_of",
    "desk_department",
    "draft_of",
    "find_similar",
    "findings_of",
    "get_consultation",
    "get_solved_case",
    "published_cases",
    "reuse_of",
    "reuses_of_ours",
    "solved_cases_for",
    "supporter_suggestions",
]
