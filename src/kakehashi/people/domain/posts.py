"""From a post (職) to the person who holds it on a day, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from .periods import Period


@dataclass(frozen=True, slots=True)
class HoldingFact:
    """One person in one post for a period; `is_primary` is 主務, otherwise 兼務."""

    id: UUID
    person_id: UUID
    post_id: UUID
    period: Period
    is_primary: bool = True


def holder_on(holdings: Iterable[HoldingFact], post_id: UUID, on: date) -> UUID | None:
    """Who holds the post on that day.

    When two holdings cover the day (a handover that overlaps, a post held by several) the primary holder comes first, then
    whoever was appointed last: the newcomer of 4/1 decides, not the predecessor whose end was forgotten.
    """
    live = [each for each in holdings if each.post_id == post_id and each.period.covers(on)]
    if not live:
        return None
    return max(live, key=lambda each: (each.is_primary, each.period.first_day, each.id)).person_id


def posts_on(holdings: Iterable[HoldingFact], person_id: UUID, on: date) -> list[HoldingFact]:
    """The person's posts on that day: the primary one first, then 兼務 by the day they began."""
    live = [each for each in holdings if each.person_id == person_id and each.period.covers(on)]
    return sorted(live, key=lambda each: (not each.is_primary, each.period.first_day, each.id))


def acting_post(holdings: Iterable[HoldingFact], person_id: UUID, on: date, wanted: UUID | None) -> UUID | None:
    """The post to act as: the wanted one while the person still holds it, else the primary one, else None."""
    mine = [each.post_id for each in posts_on(holdings, person_id, on)]
    if wanted in mine:
        return wanted
    return mine[0] if mine else None
