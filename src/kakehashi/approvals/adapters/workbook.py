"""Reading the workbook of a rule pack that somebody uploads."""

from __future__ import annotations

from kakehashi.kernel.books import UnreadableBook, read_apart
from kakehashi.kernel.errors import DomainError

MAX_BYTES = 5 * 1024 * 1024


def read_workbook(content: bytes) -> dict[str, list[list[str]]]:
    """Every sheet's cells by its name, read apart from the program. Raises DomainError for what is no Excel file, or too large a one."""
    if not content:
        raise DomainError("ファイルが空です。", field="file")
    if len(content) > MAX_BYTES:
        raise DomainError("ファイルが大きすぎます（5MBまで）。", field="file")
    try:
        return {book["name"]: book["cells"] for book in read_apart(content)}
    except UnreadableBook as error:
        if error.is_too_large:
            raise DomainError(
                "表が大きすぎて読めません。使っていない行と列を消して、保存しなおしてください。", field="file"
            ) from error
        raise DomainError(
            "Excelのファイルを読めません。パスワードを外し、.xlsx で保存しなおしてください。", field="file"
        ) from error
