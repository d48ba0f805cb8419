"""What was recognised: questions with their type, where they stand, and how sure we are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kakehashi.eforms.domain.papers.model import Place

__all__ = ["Mark", "Question", "Reading", "Skipped"]


@dataclass(frozen=True)
class Mark:
    """Where an answer, or a part of it, is written: letters ``start`` to ``end`` of an address (−1: the whole cell).

    ``part`` is "" for the answer, ``year``, ``month``, ``day`` of a date, ``option:2`` for the mark of the third option,
    ``digit:4`` for the fifth of boxes with one letter each, ``row:0:1`` for the second column of the first row.
    """

    at: str
    start: int = -1
    end: int = -1
    part: str = ""

    @classmethod
    def of(cls, places: Sequence[Place], part: str = "") -> Mark:
        """The stretch of the first address that these places cover."""
        at = places[0].at
        if "@" in at:
            # Letters of a PDF have a place each: the mark is the box around them all.
            boxes = [[float(number) for number in place.at.partition("@")[2].split(",")] for place in places]
            sides = (
                min(b[0] for b in boxes),
                min(b[1] for b in boxes),
                max(b[2] for b in boxes),
                max(b[3] for b in boxes),
            )
            return cls(f"{at.partition('@')[0]}@" + ",".join(f"{side:.1f}" for side in sides), -1, -1, part)
        offsets = [place.offset for place in places if place.at == at]
        whole = any(offset < 0 for offset in offsets)
        return cls(at, -1 if whole else min(offsets), -1 if whole else max(offsets) + 1, part)


@dataclass
class Question:
    """One input of the paper. ``why`` names the rule that found it; ``confidence`` runs from 0 to 1."""

    label: str
    type: str
    group: str = ""
    options: list[str] = field(default_factory=list)
    columns: list[Question] = field(default_factory=list)
    help: str = ""
    required: bool = False
    confidence: float = 0.5
    why: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    source: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As the command line prints it."""
        shown: dict[str, Any] = {
            "label": self.label,
            "type": self.type,
            "group": self.group,
            "required": self.required,
            "confidence": round(self.confidence, 2),
            "source": self.source,
            "why": self.why,
        }
        if self.help:
            shown["help"] = self.help
        if self.options:
            shown["options"] = self.options
        if self.columns:
            shown["columns"] = [
                {"label": one.label, "type": one.type, **({"options": one.options} if one.options else {})}
                for one in self.columns
            ]
        if self.settings:
            shown["settings"] = self.settings
        return shown


@dataclass(frozen=True)
class Skipped:
    """Something that looks like a blank and is not asked: kind office, seal, computed or note; where, and its text."""

    kind: str
    text: str
    at: str


@dataclass
class Reading:
    """Everything that was read from a paper."""

    title: str = ""
    questions: list[Question] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def as_dict(self, warnings: Sequence[str] = ()) -> Mapping[str, Any]:
        """As the command line prints it."""
        return {
            "title": self.title,
            "fields": [one.as_dict() for one in self.questions],
            "attachments": self.attachments,
            "notes": self.notes,
            "skipped": [{"kind": one.kind, "text": one.text, "source": one.at} for one in self.skipped],
            "warnings": list(warnings),
        }
