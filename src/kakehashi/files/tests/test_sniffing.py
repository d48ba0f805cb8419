"""What a content really is."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.files.domain.names import clean_name
from kakehashi.files.domain.sniffing import Refused, sniff
from kakehashi.files.testing import PDF, PNG, docx


def family(content: bytes) -> str:
    return sniff(io.BytesIO(content)).family


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "pdf"),
        (PNG, "image"),
        (docx(), "office"),
        ("氏名,年齢\n山田,30\n".encode(), "text"),
        ("氏名,年齢\n山田,30\n".encode("cp932"), "text"),
    ],
)
def test_a_content_is_known_by_its_bytes(content: bytes, expected: str) -> None:
    assert family(content) == expected


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空"),
        (docx(with_macro=True), "マクロ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "古い形"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b"  \n<!DOCTYPE html><html></html>", "HTML"),
        (b"MZ\x90\x00" + b"\x00" * 100, "受け取れません"),
        (b"\x7fELF" + b"\x00" * 100, "受け取れません"),
        (b"PK\x03\x04broken", "こわれて"),
    ],
)
def test_what_is_never_stored_is_refused_with_a_reason(content: bytes, word: str) -> None:
    with pytest.raises(Refused, match=word):
        family(content)


def test_a_zip_that_would_unpack_to_more_than_a_gigabyte_is_refused(monkeypatch) -> None:
    monkeypatch.setattr("kakehashi.files.domain.sniffing.MOST_UNPACKED", 10_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 10_000_001)
    assert len(bomb.getvalue()) < 20_000
    with pytest.raises(Refused):
        family(bomb.getvalue())


@settings(max_examples=1000, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\xff\xd8\xff", b"<svg", b"\x89PNG\r\n\x1a\n"]),
)
def test_any_bytes_are_known_or_refused(content: bytes, mark: bytes) -> None:
    try:
        sniff(io.BytesIO(mark + content))
    except Refused as refused:
        assert str(refused)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("住民票の写し.pdf", "住民票の写し.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\花子\\書類.docx", "書類.docx"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("", "名前のないファイル"),
        ("\x00\r\nSet-Cookie: a.txt", "Set-Cookie_ a.txt"),
    ],
)
def test_a_name_keeps_its_japanese_and_loses_its_tricks(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@settings(max_examples=1000, deadline=None)
@given(st.text(max_size=400))
def test_a_name_is_always_short_and_storable(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= 160
    assert cleaned.encode()
    assert not set(cleaned) & set("/\\\r\n\x00")
