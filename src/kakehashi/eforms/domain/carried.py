"""JSON files that carry forms from one installation to another: how they are opened, and the digest of what they hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

__all__ = ["MOST_BYTES", "digest_of", "open_carried"]

MOST_BYTES = 2_000_000


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one spelling: sorted names, no spaces, UTF-8."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def open_carried(raw: bytes, *, kind: str, number: int, refused: type[ValueError], stranger: str) -> dict[str, Any]:
    """The members of a file that anybody may have made; there are no fractions and no numbers of more than 16 digits in it.

    Raises ``refused``: too large, a later ``format`` than ``number``, and with the sentence ``stranger`` what is no such file.
    """
    if len(raw) > MOST_BYTES:
        raise refused("ファイルが大きすぎます（2 MBまで）。")
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_refuse, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise refused(stranger) from error
    if not isinstance(data, dict) or data.get("kind") != kind:
        raise refused(stranger)
    if data.get("format") != number:
        raise refused("このファイルは、新しい版のシステムで作られています。先に更新してください。")
    return data


def _refuse(text: str) -> Any:
    raise ValueError(text)


def _integer(text: str) -> int:
    if len(text) > 16:
        raise ValueError(text)
    return int(text)
