"""What is shown to the prefecture: the choice for the indicator, else the one for its kind, else yes."""

from __future__ import annotations

from collections.abc import Mapping

KIND = "kind:"


def kind_subject(room: str) -> str:
    """The subject of a choice for all indicators of a room."""
    return f"{KIND}{room}"


def is_shared(code: str, room: str, choices: Mapping[str, bool]) -> bool:
    """Whether the sums of an indicator are shown. Aggregates are by default; only a choice hides them."""
    return choices.get(code, choices.get(kind_subject(room), True))


def column_key(code: str, label: str, unit: str, *, is_manual: bool) -> str:
    """Under which key governments are compared: the measure's code; for one kept by hand, label and unit, for its code is a town's own."""
    return f"manual:{label}|{unit}" if is_manual else code
