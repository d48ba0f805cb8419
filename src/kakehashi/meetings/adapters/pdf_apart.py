"""Reading and drawing PDF with PDFium, in a process of its own that may fall.

PDFium is C++ and reads what anybody attached: a file that breaks it, or asks for too much memory or time, ends that process and
nothing else. `python -m` this module takes the file on standard input; `facts` gives the texts of its pages as JSON, `draw FIRST
COUNT` the pictures of some pages, each behind its length in four bytes.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

__all__ = ["PdfFacts", "UnreadablePdf", "draw_pages", "read_pdf"]

MOST_PAGES = 500
_MOST_TEXT = 4000
_WIDTH = 1600
_MOST_HEIGHT = 4000
_MEMORY = 2_000_000_000
_SECONDS = 60
_LOCKED, _BROKEN = 3, 4


class UnreadablePdf(ValueError):
    """PDFium cannot show the file; `is_locked`: it wants a password."""

    def __init__(self, *, is_locked: bool = False) -> None:
        super().__init__("locked" if is_locked else "unreadable")
        self.is_locked = is_locked


@dataclass(frozen=True)
class PdfFacts:
    """How many pages a PDF has and what stands on each (empty for a scan)."""

    texts: tuple[str, ...]

    @property
    def page_count(self) -> int:
        """The number of pages."""
        return len(self.texts)


def read_pdf(content: bytes) -> PdfFacts:
    """The pages of a PDF with their texts. Raises UnreadablePdf."""
    return PdfFacts(tuple(json.loads(_run(content, "facts"))))


def draw_pages(content: bytes, first: int, count: int) -> list[bytes]:
    """The pictures (WebP, 1600 px wide) of up to `count` pages from `first` (counted from 1) on. Raises UnreadablePdf."""
    drawn, found, at = _run(content, "draw", str(first), str(count)), [], 0
    while at < len(drawn):
        size = int.from_bytes(drawn[at : at + 4], "big")
        found.append(drawn[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def _run(content: bytes, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", __name__, *arguments],
            input=content,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadablePdf from error
    if done.returncode:
        raise UnreadablePdf(is_locked=done.returncode == _LOCKED)
    return done.stdout


def main() -> int:
    """Read standard input, write standard output."""
    _give_little()
    import pypdfium2

    content = sys.stdin.buffer.read()
    try:
        document = pypdfium2.PdfDocument(content)
        if not 0 < len(document) <= MOST_PAGES:
            return _BROKEN
        told = _facts(document) if sys.argv[1] == "facts" else _draw(document, int(sys.argv[2]), int(sys.argv[3]))
    except pypdfium2.PdfiumError as error:
        return _LOCKED if "password" in str(error).lower() else _BROKEN
    sys.stdout.buffer.write(told)
    return 0


def _facts(document: Any) -> bytes:
    texts = [document[place].get_textpage().get_text_bounded()[:_MOST_TEXT] for place in range(len(document))]
    return json.dumps(texts, ensure_ascii=False).encode("utf-8", "replace")


def _draw(document: Any, first: int, count: int) -> bytes:
    told = b""
    for place in range(first - 1, min(first - 1 + count, len(document))):
        page = document[place]
        width, height = page.get_size()
        scale = min(_WIDTH / max(width, 1), _MOST_HEIGHT / max(height, 1))
        buffer = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(buffer, "WEBP", quality=80, method=2)
        told += len(buffer.getvalue()).to_bytes(4, "big") + buffer.getvalue()
    return told


def _give_little() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    raise SystemExit(main())
