"""取り込む: what an outside identity vouches for, laid into the fields of a form as if it had been typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["fill_in"]

_NAME = ("family", "given", "family_kana", "given_kana")
_ADDRESS = ("postcode", "prefecture", "city", "street")


def fill_in(definition: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Any]:
    """What to show as typed, by field: the first name, the first day of birth and the first address the form asks for.

    `facts` has the parts of name and address under their names and `born` as an ISO day, each possibly
    empty. Nothing of it counts as an answer before the applicant has gone through the page.
    """
    name = {part: facts.get(part, "") for part in _NAME}
    address = {part: facts.get(part, "") for part in _ADDRESS}
    found: dict[str, Any] = {
        "name": name if any(name.values()) else None,
        "birth_date": facts.get("born"),
        "address": {**address, "building": ""} if any(address.values()) else None,
    }
    typed: dict[str, Any] = {}
    for step in definition["steps"]:
        for field in step.get("fields", ()):
            value = found.pop(field["type"], None)
            if value:
                typed[field["key"]] = value
    return typed
