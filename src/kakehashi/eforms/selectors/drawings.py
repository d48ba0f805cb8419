"""Signatures that were drawn by hand, among some answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kakehashi.eforms.domain.definition import localized
from kakehashi.eforms.domain.protection import is_sealed
from kakehashi.eforms.selectors.forms import Version, compiled_form

__all__ = ["drawings_in"]


def drawings_in(version: Version, answers: Mapping[str, Any], language: str = "ja") -> list[tuple[str, str, str]]:
    """The question, the typed name and the strokes of every drawing; those of protected questions stay sealed."""
    return [
        (localized(one, "label", language), value["name"], value["drawing"])
        for _, one in compiled_form(version).definition.walk()
        if one.type == "declaration"
        and isinstance(value := answers.get(one.key), Mapping)
        and not is_sealed(value)
        and value.get("drawing")
    ]
