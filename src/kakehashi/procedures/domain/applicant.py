"""申請者: who files, read from the answers by the types of the fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Applicant", "applicant_of"]


@dataclass(frozen=True, slots=True)
class Applicant:
    """Name as written (氏 名) and mail address; empty when the form does not ask."""

    name: str
    email: str


def applicant_of(definition: Mapping[str, Any], answers: Mapping[str, Any]) -> Applicant:
    """Find the applicant: the first answered name field and the first answered mail field.

    `definition` is the JSON of a form version. A form without a name field gives an empty name.
    """
    name = email = ""
    for step in definition["steps"]:
        for field in step.get("fields", ()):
            value = answers.get(field["key"])
            if not value:
                continue
            if field["type"] == "name" and not name and isinstance(value, Mapping):
                name = f"{value.get('family', '')} {value.get('given', '')}".strip()
            elif field["type"] == "email" and not email and isinstance(value, str):
                email = value
    return Applicant(name[:200], email)
