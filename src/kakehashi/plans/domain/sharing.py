"""Who is shown an indicator: the choice made for it, else the one for its kind, else the prefecture alone."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

KIND = "kind:"


class Reach(StrEnum):
    """How far the sums of an indicator go. What everybody may read is published as open data and in the public plan, not here."""

    NONE = "none"
    PREFECTURE = "prefecture"
    TOWNS = "towns"


REACH_WORDS = {
    Reach.NONE: "見せない",
    Reach.PREFECTURE: "県だけに見せる",
    Reach.TOWNS: "県と県内の市町村に見せる",
}


def kind_subject(room: str) -> str:
    """The subject of a choice for all indicators of a room."""
    return f"{KIND}{room}"


def reach_of(code: str, room: str, choices: Mapping[str, Reach]) -> Reach:
    """How far an indicator goes. The prefecture sees aggregates by default; only a choice hides them, or shows them to other towns."""
    return choices.get(code, choices.get(kind_subject(room), Reach.PREFECTURE))


def column_key(code: str, label: str, unit: str, *, is_manual: bool) -> str:
    """Under which key governments are compared: the measure's code; for one kept by hand, label and unit, for its code is a town's own."""
    return f"manual:{label}|{unit}" if is_manual else code
