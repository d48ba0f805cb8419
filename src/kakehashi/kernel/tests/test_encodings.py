"""Text files as town halls write them."""

import pytest

from kakehashi.kernel.encodings import decode_text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig"])
def test_utf_8_with_and_without_its_mark(codec: str) -> None:
    assert decode_text("髙橋①".encode(codec)) == ("髙橋①", "utf-8-sig")


def test_shift_jis_as_windows_writes_it() -> None:
    assert decode_text("髙橋①".encode("cp932")) == ("髙橋①", "cp932")


def test_anything_else_is_refused_in_the_callers_way() -> None:
    with pytest.raises(LookupError, match="UTF-8でもShift_JISでも"):
        decode_text(b"\x81", refuse=LookupError)
