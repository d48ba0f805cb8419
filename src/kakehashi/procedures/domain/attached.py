"""Which stored files answers refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

__all__ = ["attached_files"]


def attached_files(answers: Mapping[str, Any]) -> set[UUID]:
    """The ids of the files in the answers, whatever form they were given to: references are ``{"id", "name", "size"}``."""
    found = set()
    for value in answers.values():
        for item in value if isinstance(value, list) else []:
            if isinstance(item, dict) and isinstance(item.get("id"), str) and "size" in item:
                found.add(UUID(item["id"]))
    return found
