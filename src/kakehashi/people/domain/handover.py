"""What a personnel change leaves behind: posts without a hand, and the parts of a handover pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LosingPost:
    """One person leaves one post on a day. `vacant`: nobody follows."""

    post_id: UUID
    post_name: str
    department_id: UUID | None
    person_id: UUID
    person_name: str
    successor_id: UUID | None
    vacant: bool


@dataclass(frozen=True, slots=True)
class Breakage:
    """One thing that a personnel change leaves without a hand: a sentence, how many, and where to look."""

    message: str
    count: int = 1
    url: str = ""


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """One line of a handover pack. `note` says state or due date."""

    label: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandoverSection:
    """One part of a handover pack, such as 処理中の案件; `total` may exceed the items that are listed.

    `act_label` and `act_url` lead to the page that hands all of it over.
    """

    title: str
    items: Sequence[HandoverItem]
    total: int | None = None
    act_label: str = ""
    act_url: str = ""
