"""What upper rooms register when the program starts: event codes, kinds of data subjects, retention clocks."""

from __future__ import annotations

import re

from kakehashi.journal.domain.dossiers import (
    DossierKind,
    DossierPart,
    Frozen,
    Paper,
    Standing,
    frozen_text,
    register_dossier,
    register_dossier_part,
)
from kakehashi.journal.domain.registrations import (
    Clock,
    Sections,
    SubjectKind,
    clocks,
    register_clock,
    register_sections,
    register_subject,
    sections_of,
    subject_kinds,
)

__all__ = [
    "Clock",
    "DossierKind",
    "DossierPart",
    "Frozen",
    "Paper",
    "Sections",
    "Standing",
    "SubjectKind",
    "clocks",
    "event_label",
    "frozen_text",
    "known_events",
    "register_clock",
    "register_dossier",
    "register_dossier_part",
    "register_events",
    "register_sections",
    "register_subject",
    "sections_of",
    "subject_kinds",
]

_SHAPE = re.compile(r"^[a-z]+\.[a-z_]+\.[a-z_]+$")
_codes: dict[str, str] = {}
_subjects: dict[str, str] = {}


def register_events(room: str, codes: dict[str, str]) -> None:
    """Register a room's event codes with their Japanese names. Raises ValueError on a bad or doubled code."""
    for code, label in codes.items():
        if not _SHAPE.match(code) or not code.startswith(f"{room}."):
            message = f"event code {code!r} is not of the form {room}.noun.verb"
            raise ValueError(message)
        if code in _codes:
            message = f"event code {code!r} is registered twice"
            raise ValueError(message)
        _codes[code] = label


def event_label(code: str) -> str:
    """The Japanese name of an event code. Raises KeyError for an unknown one."""
    return _codes[code]


def known_events() -> dict[str, str]:
    """All registered codes with their names."""
    return dict(_codes)


def register_subjects(labels: dict[str, str]) -> None:
    """Say in Japanese what acts are about, by their `subject_kind`."""
    _subjects.update(labels)


def subject_label(kind: str) -> str:
    """The Japanese name of a subject kind; the code of one whose room has gone."""
    return _subjects.get(kind, kind)
