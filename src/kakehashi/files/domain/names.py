"""What a file may be called: readable Japanese stays, whatever could mislead goes."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LONGEST_NAME", "clean_name", "extension_of"]

LONGEST_NAME = 150
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_RESERVED = re.compile(r'[\\/:*?"<>|]')


def clean_name(name: str) -> str:
    """The name without folders, control and direction characters, at most 150 letters with its extension kept.

    Direction marks are dropped because they make 「photo[U+202E]gpj.exe」 read as 「photoexe.jpg」.
    """
    bare = name[:2_000].replace("\\", "/").rsplit("/", 1)[-1]
    bare = unicodedata.normalize("NFC", _CONTROL.sub("", bare))
    bare = _RESERVED.sub("_", bare).strip(" .")
    stem, dot, extension = bare.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: LONGEST_NAME - len(extension) - 1] or '名前のないファイル'}.{extension}"
    return bare[:LONGEST_NAME] or "名前のないファイル"


def extension_of(name: str) -> str:
    """The extension in lower case without its dot; empty when there is none."""
    _, dot, extension = name.rpartition(".")
    return extension.lower() if dot else ""
