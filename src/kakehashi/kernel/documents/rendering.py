"""Typst in the process: data in, PDF bytes out, no shell and no network.

The compiler and the fonts are loaded once for each process (about 30 ms) and reused; a lock
keeps one compilation at a time, because a compiler object carries the inputs of its last run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kakehashi.kernel.documents.content import Document
from kakehashi.kernel.documents.coverage import showable
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import typst
else:
    typst = later("typst")

_HERE = Path(__file__).resolve().parent
FONT_DIRECTORY = _HERE / "fonts"
TEMPLATE_DIRECTORY = _HERE / "templates"
PDF_STANDARD: Literal["a-2a"] = "a-2a"
# PDF/A-2 allows no other file inside; PDF/A-3 does.
PDF_STANDARD_WITH_DATA: Literal["a-3a"] = "a-3a"

_LOCK = threading.Lock()


class DocumentFailed(Exception):
    """The compiler refused the template or its data: a fault of ours, never of the person's text."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(FONT_DIRECTORY)],
    )


def _showable(value: object) -> object:
    """Every text inside a value as the font can show it."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, dict):
        return {key: _showable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_showable(item) for item in value]
    return value


def document_json(document: Document) -> str:
    """The JSON the template reads: field names of the dataclass, texts as the font can show them."""
    return json.dumps(_showable(dataclasses.asdict(document)), ensure_ascii=False)


def render_pdf(document: Document, *, made_at: dt.datetime | None = None, data: str | None = None) -> bytes:
    """Render a document as PDF/A-2a (tagged) with its font embedded; with `data` as PDF/A-3a that carries it as a JSON file.

    `data` reaches the file byte for byte, whatever the font can show. `made_at` fixes the date inside the file, so that the same document gives the same bytes.
    Raises `DocumentFailed` when the template and its data do not fit.
    """
    template = TEMPLATE_DIRECTORY / f"{document.template}.typ"
    timestamp = int(made_at.timestamp()) if made_at is not None else 0
    inputs = {"data": document_json(document)} | ({} if data is None else {"attached": data})
    try:
        with _LOCK:
            pdf = typst.compile(
                str(template),
                root=str(TEMPLATE_DIRECTORY),
                font_paths=_fonts(),
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=[PDF_STANDARD if data is None else PDF_STANDARD_WITH_DATA],
                timestamp=timestamp,
            )
    except typst.TypstError as error:
        raise DocumentFailed(str(error)) from error
    if not isinstance(pdf, bytes):
        raise DocumentFailed("the compiler returned no document")
    return pdf
