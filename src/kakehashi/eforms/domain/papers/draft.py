"""From what was recognised to a draft form: pages, fields with keys, and where each field stands on the paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, Step
from kakehashi.eforms.domain.my_number import asks_for_my_number
from kakehashi.eforms.domain.papers.found import Mark, Question, Reading

__all__ = ["draft_of", "mark_from_json", "mark_to_json"]

MOST_ON_A_PAGE, FEWEST_ON_A_PAGE, MOST_QUESTIONS, MOST_PAGES = 12, 5, 280, 29


def draft_of(reading: Reading) -> tuple[FormDefinition, dict[str, dict[str, Any]]]:
    """The draft form, and for every field key what the paper says of it.

    That is ``marks`` (places as JSON), ``source``, ``confidence``, ``why`` and ``group``.
    """
    steps: list[Step] = []
    found: dict[str, dict[str, Any]] = {}
    number = 1
    for title, questions in _pages(reading.questions[:MOST_QUESTIONS]):
        fields = []
        for question in questions:
            field = _field(question, number)
            number += 1
            fields.append(field)
            found[field.key] = _said(question)
        steps.append(Step(f"page_{number}", title[:100], tuple(fields)))
        number += 1
    if reading.attachments:
        files = tuple(
            Field(f"file_{number + at}", "file", name[:200], help="紙の様式の「添付書類」から作りました。")
            for at, name in enumerate(reading.attachments[:15])
        )
        number += len(files)
        steps.append(Step(f"page_{number}", "添付書類", files))
        number += 1
    if not steps:
        steps.append(Step(f"page_{number}", "申請の内容"))
        number += 1
    return FormDefinition(tuple(steps), number), found


def _pages(questions: Sequence[Question]) -> list[tuple[str, list[Question]]]:
    """Pages of a readable length; a new group begins a new page once the page has some questions."""
    pages: list[tuple[str, list[Question]]] = []
    for question in questions:
        page = pages[-1][1] if pages else []
        turns = page and question.group != page[-1].group and len(page) >= FEWEST_ON_A_PAGE
        full = len(page) >= MOST_ON_A_PAGE
        if not pages or ((turns or full) and len(pages) < MOST_PAGES):
            pages.append((question.group or "申請の内容", []))
        pages[-1][1].append(question)
    seen: dict[str, int] = {}
    named = []
    for title, page in pages:
        seen[title] = seen.get(title, 0) + 1
        named.append((title if seen[title] == 1 else f"{title}（{seen[title]}）", page))
    return named


def _field(question: Question, number: int) -> Field:
    columns = tuple(_column(one, at) for at, one in enumerate(question.columns, start=1))
    columns = tuple(one for one in columns if not asks_for_my_number(one.label))
    type_ = question.type if question.type in CATALOGUE else "text"
    settings = {name: value for name, value in question.settings.items() if not name.startswith("_")}
    if type_ == "choice" and len(question.options) > 8:
        settings["display"] = "select"
    known = {setting.name for setting in CATALOGUE[type_].settings}
    return Field(
        key=f"{type_}_{number}",
        type=type_,
        label=question.label[:300],
        help=question.help[:2_000],
        required=question.required and CATALOGUE[type_].keeps_answer,
        options=_options(question.options) if CATALOGUE[type_].has_options else (),
        settings={name: value for name, value in settings.items() if name in known},
        columns=columns,
    )


def _column(question: Question, number: int) -> Field:
    type_ = question.type if question.type in CATALOGUE else "text"
    known = {setting.name for setting in CATALOGUE[type_].settings}
    return Field(
        key=f"column_{number}",
        type=type_,
        label=question.label[:300],
        options=_options(question.options) if type_ == "choice" else (),
        settings={name: value for name, value in question.settings.items() if name in known},
    )


def _options(words: Sequence[str]) -> tuple[Option, ...]:
    names = list(dict.fromkeys(word[:100] for word in words if word.strip()))[:200]
    return tuple(Option(name, name) for name in names)


def _said(question: Question) -> dict[str, Any]:
    said: dict[str, Any] = {
        "marks": [mark_to_json(mark) for mark in question.marks],
        "source": question.source,
        "confidence": round(question.confidence, 2),
        "why": question.why,
        "group": question.group,
    }
    if names := question.settings.get("_names"):
        said["names"] = names
    return said


def mark_to_json(mark: Mark) -> list[Any]:
    """A mark as JSON."""
    return [mark.at, mark.start, mark.end, mark.part]


def mark_from_json(data: Sequence[Any]) -> Mark:
    """A mark that was kept as JSON."""
    return Mark(str(data[0]), int(data[1]), int(data[2]), str(data[3]))


def sure_enough(said: Mapping[str, Any]) -> bool:
    """Whether the reader is so sure of a field that a person only glances at it."""
    return float(said.get("confidence", 0)) >= 0.8
