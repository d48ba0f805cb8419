"""様式のもと: what the column of that name says a form is to be made from."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["KINDS", "STARTER", "procedure_name", "read_source"]

STARTER = "starter"
KINDS = {"部品": "block", "手続": "procedure", "下書き": "paper", "様式": "paper"}
"""The word before the colon, and what kind of source it names."""

_STARTERS = {"ひな形", "種類のひな形", "ひながた", "雛形", "新しく作る"}
_PREFIX = re.compile(rf"({'|'.join(KINDS)})\s*[:：]\s*(.+)", re.DOTALL)


def read_source(text: str) -> tuple[str, list[str]]:
    """The kind of source ("starter", "block", "procedure", "paper", "" for any that has the name) and the names.

    Only blocks can be several: 「部品：氏名と連絡先、振込先」.
    """
    plain = unicodedata.normalize("NFC", text).strip()
    if plain in _STARTERS:
        return STARTER, []
    match = _PREFIX.fullmatch(plain)
    if match is None:
        return "", [plain]
    kind, rest = KINDS[match[1]], match[2].strip()
    if kind != "block":
        return kind, [rest]
    return kind, [name for part in re.split(r"[、,，]", rest) if (name := part.strip())]


def procedure_name(title: str) -> str:
    """What the procedure of a paper is called: 「住宅改修補助金交付申請書」 is the paper of 「住宅改修補助金交付申請」."""
    bare = re.sub(r"\.(docx|xlsx|pdf)$", "", " ".join(title.split()), flags=re.IGNORECASE)
    return re.sub(r"(申請|届出|届|請求|申込|申出|報告)書$", r"\1", bare)[:300]
