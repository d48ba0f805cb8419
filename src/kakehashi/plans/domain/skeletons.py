"""Skeletons to start a plan from. The state's plan goes through editions, so a skeleton carries the edition it was taken from.

They are data (`skeletons.json`): a new edition is a new entry, and plans made from a former one keep its label.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Pillar(StrEnum):
    """The three pillars (三本柱) that a policy may stand under."""

    SERVICE = "service"
    ADMINISTRATION = "administration"
    COMMUNITY = "community"


PILLAR_WORDS = {
    Pillar.SERVICE: "暮らし（住民サービス）",
    Pillar.ADMINISTRATION: "行政（役所の仕事）",
    Pillar.COMMUNITY: "地域（社会・産業）",
}


@dataclass(frozen=True)
class SkeletonPolicy:
    """A policy of a skeleton with the titles of its programmes; `pillar` may be empty."""

    title: str
    programs: tuple[str, ...]
    pillar: str = ""


@dataclass(frozen=True)
class Skeleton:
    """Policies with their programmes, and the edition they come from."""

    code: str
    label: str
    edition: str
    policies: tuple[SkeletonPolicy, ...]


def _read() -> dict[str, Skeleton]:
    rows = json.loads(Path(__file__).with_name("skeletons.json").read_text(encoding="utf-8"))
    return {
        row["code"]: Skeleton(
            row["code"],
            row["label"],
            row["edition"],
            tuple(
                SkeletonPolicy(one["title"], tuple(one["programs"]), one.get("pillar", "")) for one in row["policies"]
            ),
        )
        for row in rows
    }


SKELETONS = _read()
