"""Everybody: places to flee to, by district, postcode and kind of disaster. No map is needed, and nothing of the visitor is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kakehashi.eforms.domain.postcodes import find_place
from kakehashi.kernel.access import resident
from kakehashi.kernel.folding import fold
from kakehashi.kernel.requests import Request
from kakehashi.shelters import selectors
from kakehashi.shelters.domain.hazards import HAZARDS


@resident
@require_safe
def places(request: Request) -> HttpResponse:
    """The places of the town, filtered."""
    given = request.GET
    postcode = "".join(one for one in fold(given.get("postcode", "")[:20]) if one.isdigit())[:7]
    found_place = find_place(postcode) if postcode else None
    areas = found_place.towns if found_place else ()
    asked = selectors.Filter(
        district=given.get("district", "")[:100],
        words=given.get("q", "")[:100],
        hazard=given.get("hazard", ""),
        kind=given.get("kind", ""),
        areas=areas,
        postcode=postcode,
        wheelchair=given.get("wheelchair") == "1",
        pets=given.get("pets") == "1",
    )
    found = selectors.find_places(asked)
    context: dict[str, Any] = {
        "asked": asked,
        "postcode": postcode,
        "areas": areas,
        "is_unknown_postcode": bool(postcode) and not found_place and not found,
        "groups": [(district, [_shown(place) for place in found_here]) for district, found_here in found],
        "count": sum(len(found_here) for _, found_here in found),
        "districts": selectors.districts(),
        "hazards": [(hazard.key, gettext(hazard.word)) for hazard in HAZARDS],
        "has_any": selectors.has_places(),
    }
    return render(request, "shelters/resident/places.html", context)


def _shown(place: selectors.Place) -> dict[str, Any]:
    row = place.row
    facts = (
        (row.wheelchair, gettext("車いすで使えます")),
        (row.accessible_toilet, gettext("バリアフリートイレがあります")),
        (row.ostomate, gettext("オストメイトの設備があります")),
        (row.pets, gettext("ペットと行けます")),
        (row.power, gettext("非常用の電源があります")),
    )
    return {
        "row": row,
        "hazards": [gettext(hazard.word) for hazard in place.hazards],
        "facts": [words for holds, words in facts if holds],
    }
