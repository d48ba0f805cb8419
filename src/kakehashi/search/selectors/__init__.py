"""Reads of search: finding texts, suggesting titles, and the government's synonyms."""

from kakehashi.search.selectors.finding import (
    Hit,
    Reason,
    pending_count,
    rank_texts,
    search_shared,
    search_texts,
    suggest_titles,
)
from kakehashi.search.selectors.index import prefecture_of
from kakehashi.search.selectors.synonyms import also_found, own_groups, own_thesaurus, synonym_groups

__all__ = [
    "Hit",
    "Reason",
    "also_found",
    "own_groups",
    "own_thesaurus",
    "pending_count",
    "prefecture_of",
    "rank_texts",
    "search_shared",
    "search_texts",
    "suggest_titles",
    "synonym_groups",
]
