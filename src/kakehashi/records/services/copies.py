"""Copies that can be read without the program that wrote the original."""

from __future__ import annotations

from kakehashi.kernel import clock
from kakehashi.records.adapters.office import reading_copy

MARK = "（閲覧用の写し）"


def office_reading_copy(content: bytes, media_type: str, *, name: str) -> tuple[str, bytes] | None:
    """The 閲覧用の写し of an office file, as (its name, PDF/A-2a); None for other kinds and for what cannot be read."""
    copy = reading_copy(content, media_type, name=name, made_at=clock.now())
    return (f"{name}{MARK}.pdf", copy) if copy else None
