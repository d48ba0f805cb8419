"""What residents may ask: places by district, postcode, words, kind of disaster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from kakehashi.shelters.domain.hazards import HAZARDS, Hazard
from kakehashi.shelters.models import EvacuationSite

__all__ = ["Filter", "Place", "districts", "find_places", "has_places"]

_KEYS = {hazard.key for hazard in HAZARDS}


@dataclass(frozen=True)
class Filter:
    """What was asked: a district, words, a kind of disaster, which of the two lists, a postcode with the names of its areas."""

    district: str = ""
    words: str = ""
    hazard: str = ""
    kind: str = ""
    areas: Sequence[str] = ()
    postcode: str = ""
    wheelchair: bool = False
    pets: bool = False


@dataclass(frozen=True)
class Place:
    """A site with the disasters it is for."""

    row: EvacuationSite
    hazards: list[Hazard]


def has_places() -> bool:
    """Whether the town lists any."""
    return EvacuationSite.objects.filter(retired_on=None).exists()


def districts() -> list[str]:
    """The districts in which there are places."""
    found = EvacuationSite.objects.filter(retired_on=None).exclude(town="").values_list("town", flat=True)
    return sorted(set(found))


def find_places(asked: Filter, limit: int = 2000) -> list[tuple[str, list[Place]]]:
    """The places asked for by district (empty: no district is written down), in the order of their names."""
    rows = _rows(asked).order_by("town", "name_kana", "name", "id")[:limit]
    found: dict[str, list[Place]] = {}
    for row in rows:
        place = Place(row, [hazard for hazard in HAZARDS if getattr(row, hazard.key)])
        found.setdefault(row.town, []).append(place)
    return sorted(found.items(), key=lambda pair: (not pair[0], pair[0]))


def _rows(asked: Filter) -> QuerySet[EvacuationSite]:
    rows = EvacuationSite.objects.filter(retired_on=None)
    if asked.district:
        rows = rows.filter(town=asked.district)
    if asked.hazard in _KEYS:
        # A 指定避難所 is designated to stay in, not for kinds of disaster.
        rows = rows.filter(is_site=True, **{asked.hazard: True})
    if asked.kind in {"site", "shelter"}:
        rows = rows.filter(**{f"is_{asked.kind}": True})
    if asked.wheelchair:
        rows = rows.filter(wheelchair=True)
    if asked.pets:
        rows = rows.filter(pets=True)
    for word in asked.words.replace("\x00", " ").split()[:5]:
        rows = rows.filter(
            Q(name__icontains=word) | Q(name_kana__icontains=word) | Q(address__icontains=word)
            | Q(communities__icontains=word)
        )  # fmt: skip
    if asked.postcode:
        near = Q(postcode=f"{asked.postcode[:3]}-{asked.postcode[3:]}")
        for area in asked.areas:
            near |= Q(town__startswith=area) | Q(address__contains=area)
        rows = rows.filter(near)
    return rows
