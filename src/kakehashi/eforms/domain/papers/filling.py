"""The door back: answers written into the original file."""

from __future__ import annotations

from pathlib import PurePath

from kakehashi.eforms.domain.papers.fill_docx import fill_docx
from kakehashi.eforms.domain.papers.fill_pdf import fill_pdf
from kakehashi.eforms.domain.papers.fill_xlsx import fill_xlsx
from kakehashi.eforms.domain.papers.written import Written

__all__ = ["fill"]

_FILLERS = {".docx": fill_docx, ".docm": fill_docx, ".xlsx": fill_xlsx, ".xlsm": fill_xlsx, ".pdf": fill_pdf}


def fill(name: str, content: bytes, written: Written) -> bytes:
    """The file with the answers in it, in its own format; raises KeyError for a format that is never read."""
    return _FILLERS[PurePath(name).suffix.lower()](content, written)
