"""取り込む: what an outside identity vouches for, laid into the fields of a form as if it had been typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kakehashi.kernel.folding import fold

__all__ = ["FACTS", "fill_in", "told"]

_NAME = ("family", "given", "family_kana", "given_kana")
_ADDRESS = ("postcode", "prefecture", "city", "street")

FACTS = {
    "name": _NAME, "birth_date": ("born",), "address": _ADDRESS, "phone": ("phone",), "email": ("email",),
    "gender": ("gender",), "corporate_number": ("corporate_number",),
}  # fmt: skip
"""Which facts answer which kind of question."""

# The options of a question of gender by its label; a form may offer more, and the applicant may change it.
_GENDER_LABELS = {"性別", "戸籍上の性別"}
_SAME = {"男": {"男", "男性"}, "女": {"女", "女性"}}


def told(facts: Mapping[str, str]) -> list[str]:
    """The kinds of question that these facts could answer, in the order of `FACTS`."""
    return [kind for kind, parts in FACTS.items() if any(facts.get(part) for part in parts)]


def fill_in(definition: Mapping[str, Any], facts: Mapping[str, str]) -> dict[str, Any]:
    """What to show as typed, by field: the first question of each kind that the facts answer (`FACTS`).

    `facts` has the parts of name and address under their names and `born` as an ISO day, each possibly
    empty. A question of gender is a choice that is called so and offers the word. Nothing of it counts as an answer before the
    applicant has gone through the page.
    """
    name = {part: facts.get(part, "") for part in _NAME}
    address = {part: facts.get(part, "") for part in _ADDRESS}
    found: dict[str, Any] = {
        "name": name if any(name.values()) else None,
        "birth_date": facts.get("born"),
        "address": {**address, "building": ""} if any(address.values()) else None,
        "phone": facts.get("phone"),
        "email": facts.get("email"),
        "corporate_number": facts.get("corporate_number"),
    }
    typed: dict[str, Any] = {}
    for step in definition["steps"]:
        for field in step.get("fields", ()):
            value = found.pop(field["type"], None) or _gender(field, facts.get("gender", ""))
            if value:
                typed[field["key"]] = value
    return typed


def _gender(field: Mapping[str, Any], gender: str) -> str:
    """The option of a question of gender that says the same, "" for every other question."""
    if not gender or field["type"] != "choice" or fold(field.get("label", "")) not in _GENDER_LABELS:
        return ""
    options = field.get("options", ())
    return next((str(one["value"]) for one in options if one.get("label") in _SAME.get(gender, ())), "")
