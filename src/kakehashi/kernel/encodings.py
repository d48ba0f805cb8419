"""The two ways in which Japanese offices write text files: UTF-8, with or without its mark, and Shift_JIS."""

from __future__ import annotations

from collections.abc import Callable

# Codec → the name people know it by. Tried in this order: Shift_JIS reads almost anything, UTF-8 hardly anything but itself.
ENCODINGS = {"utf-8-sig": "UTF-8", "cp932": "Shift_JIS"}
UNKNOWN = "文字コードがUTF-8でもShift_JISでもありません。どちらかで保存し直してください。"


def decode_text(content: bytes, *, refuse: Callable[[str], Exception] = ValueError) -> tuple[str, str]:
    """The text of a file and the codec that read it, one of `ENCODINGS`.

    Raises what `refuse` makes of a Japanese sentence when neither reads it.
    """
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise refuse(UNKNOWN)
