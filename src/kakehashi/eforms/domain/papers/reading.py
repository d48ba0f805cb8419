"""The door: a file's name and bytes in, its questions out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from kakehashi.eforms.domain.papers.docx_paper import read_docx
from kakehashi.eforms.domain.papers.found import Reading
from kakehashi.eforms.domain.papers.model import Paper, UnreadablePaperError
from kakehashi.eforms.domain.papers.pdf_paper import read_pdf
from kakehashi.eforms.domain.papers.recognise import recognise
from kakehashi.eforms.domain.papers.xlsx_paper import read_xlsx

__all__ = ["FORMATS", "read_form", "read_paper"]

FORMATS: dict[str, Callable[[bytes], Paper]] = {
    ".docx": read_docx,
    ".docm": read_docx,
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
    ".pdf": read_pdf,
}
_OLD = {
    ".doc": "Word",
    ".xls": "Excel",
    ".jtd": "一太郎",
    ".rtf": "リッチテキスト",
    ".odt": "OpenDocument",
    ".ods": "OpenDocument",
}


def read_paper(name: str, content: bytes) -> Paper:
    """The paper of a file; raises UnreadablePaperError with what to do."""
    ending = PurePath(name).suffix.lower()
    if ending in _OLD:
        raise UnreadablePaperError(
            f"{_OLD[ending]}の古い形式（{ending}）は読めません。.docx・.xlsx・PDFで保存しなおしてください。"
        )
    if ending not in FORMATS:
        raise UnreadablePaperError("Word（.docx）・Excel（.xlsx）・PDFのファイルを選んでください。")
    if not content:
        raise UnreadablePaperError("ファイルが空です。")
    is_pdf, is_zip = content[:1024].lstrip().startswith(b"%PDF"), content.startswith(b"PK")
    if (ending == ".pdf") != is_pdf or (ending != ".pdf" and not is_zip):
        raise UnreadablePaperError(f"中身が{ending}の形式ではありません。元のソフトで保存しなおしてください。")
    return FORMATS[ending](content)


def read_form(name: str, content: bytes) -> tuple[Paper, Reading]:
    """The paper of a file and what was recognised in it; raises UnreadablePaperError."""
    paper = read_paper(name, content)
    return paper, recognise(paper)
