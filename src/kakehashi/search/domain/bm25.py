"""Okapi BM25 (Robertson & Zaragoza 2009) in the never-negative form that Lucene uses.

The same two formulas stand in the SQL of `search.selectors`; a test holds both to one result.
"""

from __future__ import annotations

from math import log

K1 = 1.2
B = 0.6


def inverse_document_frequency(documents: int, documents_with_term: int) -> float:
    """Return how much a term tells: rare terms more, never below 0. `documents` counts the visible ones only."""
    return log(1 + (documents - documents_with_term + 0.5) / (documents_with_term + 0.5))


def saturation(weight: float, length: int, average_length: float) -> float:
    """Return the share, 0 to 2.2, that a term's weight in a text of this length earns: repetition pays less and less."""
    norm = 1 - B + B * (length / average_length if average_length else 1.0)
    return weight * (K1 + 1) / (weight + K1 * norm)


def term_score(*, weight: float, length: int, average_length: float, documents: int, documents_with_term: int) -> float:
    """Return the BM25 contribution of one term to one document."""
    return inverse_document_frequency(documents, documents_with_term) * saturation(weight, length, average_length)
