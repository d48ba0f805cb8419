"""What was typed into a filter or sent with a form, read with care."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO, cast
from uuid import UUID

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import uploaded_file
from kakehashi.files.services import store_file
from kakehashi.kernel.errors import beside
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.requests import Request


def typed(request: Request, name: str) -> str:
    """What was typed into a filter, without blanks around it and without NUL, which no text column takes."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:200]


def year_of(text: str) -> int | None:
    """A year of four digits; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 and int(text) >= 1900 else None


def uuid_of(text: str) -> UUID | None:
    """An id; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def day_of(text: str) -> dt.date | None:
    """A day as a date field writes it; None for anything else."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def key_of(request: Request) -> UUID:
    """The key that makes a double click one act; a new one where the form brought none."""
    return uuid_of(request.POST.get("idempotency_key", "")) or uuid7()


def sent_files(request: Request, purpose: str, field: str = "files") -> Sequence[StoredFile]:
    """The files of a form, those that travelled with it and those that came in parts beforehand. Raises DomainError."""
    with beside(field):
        stored = [
            store_file(
                actor=request.actor, name=upload.name or "文書", content=cast("BinaryIO", upload.file), purpose=purpose
            )
            for upload in request.FILES.getlist(field)
        ]
    receipts = request.POST.getlist(f"{field}.uploaded")
    return stored + [found for receipt in receipts if (found := uploaded_file(receipt, purpose)) is not None]
