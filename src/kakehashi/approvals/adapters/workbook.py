"""Reading the workbook of a rule pack that somebody uploads."""

from __future__ import annotations

import io

from kakehashi.kernel.errors import DomainError

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_001
MAX_SHEETS = 40

Cells = list[list[object]]


def read_workbook(content: bytes) -> dict[str, Cells]:
    """Every sheet's cells by its name. Raises DomainError for what is no Excel file, or too large a one."""
    from python_calamine import CalamineError, load_workbook

    if not content:
        raise DomainError("ファイルが空です。", field="file")
    if len(content) > MAX_BYTES:
        raise DomainError("ファイルが大きすぎます（5MBまで）。", field="file")
    try:
        book = load_workbook(io.BytesIO(content))
        names = book.sheet_names[: MAX_SHEETS + 1]
        sheets = {name: book.get_sheet_by_name(name) for name in names}
        if len(names) > MAX_SHEETS or any(sheet.height > MAX_ROWS or sheet.width > 200 for sheet in sheets.values()):
            raise DomainError("シートか行が多すぎます。", field="file")
        return {name: [list(row) for row in sheet.to_python(skip_empty_area=False)] for name, sheet in sheets.items()}
    except (CalamineError, ValueError, OSError) as error:
        raise DomainError(
            "Excelのファイルを読めません。パスワードを外し、.xlsx で保存しなおしてください。", field="file"
        ) from error
