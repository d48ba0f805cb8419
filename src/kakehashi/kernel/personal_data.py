"""Who looked at whose data: rows that hold personal data are noticed when they are read, and the page they are read for is told.

A model says with `@holds_personal_data` whose row it is. While a staff page is made, every such row that comes out of the database
is collected; when the page goes out, the collected subjects are handed to the recorder (the journal's access log). A view says
with `@reads_personal_data` what it reads for; a staff view that reads marked rows without saying so fails every test of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponseBase

__all__ = [
    "Reading",
    "ReadsPersonalData",
    "UndeclaredReading",
    "holds_personal_data",
    "not_personal",
    "note_reading",
    "noticed",
    "reads_personal_data",
    "set_recorder",
    "unwatched",
    "watched",
]

Model = TypeVar("Model", bound=models.Model)
View = Callable[..., HttpResponseBase]
Subject = tuple[str, UUID]


class UndeclaredReading(RuntimeError):
    """A staff page showed personal data without `@reads_personal_data`. Raised in tests; elsewhere it is recorded all the same."""


@dataclass(frozen=True)
class ReadsPersonalData:
    """What a view says of itself. `purpose` is the ordinary reason in Japanese (審査, 決裁, 照会 …).

    `asks_reason`: somebody of another section is asked for a reason before the page is shown; exports always ask,
    unless `never_asks`: what was written into the package is noted as handed over and cannot be asked for twice.
    """

    purpose: str
    asks_reason: bool = False
    never_asks: bool = False


@dataclass
class Reading:
    """The subjects whose data one page read, each with the section in charge where the row knows it."""

    subjects: dict[Subject, UUID | None] = field(default_factory=dict)


class Recorder(Protocol):
    """Writes the reading down, or answers with another page (the question for a reason)."""

    def __call__(
        self, request: HttpRequest, response: HttpResponseBase, declared: ReadsPersonalData, reading: Reading
    ) -> HttpResponseBase: ...


_reading: ContextVar[Reading | None] = ContextVar("kakehashi_reading", default=None)
_recorder: list[Recorder] = []
_IMPERSONAL: set[str] = set()
#: Models that hold personal data, by label.
HOLDERS: dict[str, type[models.Model]] = {}


def not_personal(*kinds: str) -> None:
    """Say that things of these kinds are the office's own work and nobody's personal data, such as a 事例."""
    _IMPERSONAL.update(kinds)


def set_recorder(recorder: Recorder) -> None:
    """Name the one who writes readings down; called once, when the program starts."""
    _recorder[:] = [recorder]


def holds_personal_data(
    kind: str, *, subject: str = "id", kind_from: str = "", section: str = ""
) -> Callable[[type[Model]], type[Model]]:
    """Class decorator: a row of the model is personal data of the subject (`kind`, value of the column `subject`).

    `kind_from` is a column that holds the kind instead, for rows about different things; where it or the subject is empty,
    the row itself is the subject. `section` is the column of the department in charge.
    """

    def decorate(model: type[Model]) -> type[Model]:
        made = model.from_db.__func__  # type: ignore[attr-defined]

        def from_db(cls: type[Model], db: str | None, field_names: Any, values: Any, **more: Any) -> Model:
            row: Model = made(cls, db, field_names, values, **more)
            reading = _reading.get()
            if reading is not None:
                _collect(reading, row, kind, subject, kind_from, section)
            return row

        model.from_db = classmethod(from_db)  # type: ignore[assignment, arg-type]
        HOLDERS[model.__name__] = model
        return model

    return decorate


def _collect(reading: Reading, row: models.Model, kind: str, subject: str, kind_from: str, section: str) -> None:
    # Only what was read is asked for: a deferred column would cost a query.
    known = row.__dict__
    subject_id, named = known.get(subject), known.get(kind_from) if kind_from else kind
    key = (named, subject_id) if isinstance(subject_id, UUID) and named else (kind, row.pk)
    if key[0] not in _IMPERSONAL:
        reading.subjects[key] = known.get(section) or reading.subjects.get(key)


def note_reading(kind: str, subject_ids: Iterable[UUID]) -> None:
    """Say that the page shows data of these subjects, where no marked row is read (values, search hits, one's own SQL)."""
    reading = _reading.get()
    if reading is not None and kind not in _IMPERSONAL:
        for subject_id in subject_ids:
            reading.subjects.setdefault((kind, subject_id), None)


@contextmanager
def unwatched() -> Iterator[None]:
    """Read marked rows that are not shown, such as those a sum is made of."""
    token = _reading.set(None)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def noticed() -> Iterator[Reading]:
    """Collect the marked rows that are read inside, for a caller who must not read any."""
    reading = Reading()
    token = _reading.set(reading)
    try:
        yield reading
    finally:
        _reading.reset(token)


def reads_personal_data(purpose: str, *, asks_reason: bool = False, never_asks: bool = False) -> Callable[[View], View]:
    """View decorator, below the one that says who may open it. Every staff view that shows personal data carries it."""

    def decorate(view: View) -> View:
        view.reads_personal_data = ReadsPersonalData(purpose, asks_reason, never_asks)  # type: ignore[attr-defined]
        return view

    return decorate


def watched(view: View, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponseBase:
    """Answer with the view, and have written down whose data the answer shows. Redirects and refusals show nothing."""
    reading = Reading()
    token = _reading.set(reading)
    try:
        response = view(request, *args, **kwargs)
    finally:
        _reading.reset(token)
    if not reading.subjects or response.status_code not in {200, 409, 422} or not _recorder:
        return response
    declared = getattr(view, "reads_personal_data", None)
    if declared is None:
        if getattr(settings, "STRICT_PERSONAL_DATA", False):
            message = f"{view.__module__}.{view.__name__} shows {sorted({kind for kind, _ in reading.subjects})}"
            raise UndeclaredReading(message)
        declared = ReadsPersonalData("（用途の定めなし）")
    return _recorder[0](request, response, declared, reading)
