"""What a content really is: judged by its bytes, never by its name or by what the browser said."""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import filetype

__all__ = ["KINDS", "MAIL", "Kind", "Refused", "is_mail", "sniff"]

HEAD = 262_144
MOST_ZIP_ENTRIES = 20_000
# Nothing is unpacked here; what would be larger than this unpacked is meant for whoever opens it.
MOST_UNPACKED = 1_000_000_000
_OPENXML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class Kind:
    """A kind of content: its family (for allow-lists), media type, the extensions it may carry, its Japanese name."""

    family: str
    media_type: str
    extensions: tuple[str, ...]
    label: str


class Refused(ValueError):
    """Content that is never stored; the message is a Japanese sentence for the person who sent it."""


PDF = Kind("pdf", "application/pdf", ("pdf",), "PDF")
PLAIN = Kind("text", "text/plain", ("txt", "csv", "tsv", "json", "md", "log"), "テキスト")
MAIL = Kind("mail", "message/rfc822", ("eml",), "電子メール")
KINDS: dict[str, Kind] = {
    kind.media_type: kind
    for kind in (
        PDF,
        PLAIN,
        MAIL,
        Kind("image", "image/jpeg", ("jpg", "jpeg"), "写真（JPEG）"),
        Kind("image", "image/png", ("png",), "画像（PNG）"),
        Kind("image", "image/gif", ("gif",), "画像（GIF）"),
        Kind("image", "image/webp", ("webp",), "画像（WebP）"),
        Kind("image", "image/heic", ("heic", "heif"), "写真（HEIC）"),
        Kind("office", f"{_OPENXML}.wordprocessingml.document", ("docx",), "Word"),
        Kind("office", f"{_OPENXML}.spreadsheetml.sheet", ("xlsx",), "Excel"),
        Kind("office", f"{_OPENXML}.presentationml.presentation", ("pptx",), "PowerPoint"),
        Kind("archive", "application/zip", ("zip",), "ZIP"),
        Kind("bundle", "application/vnd.kakehashi.bundle", ("kkb",), "包み"),
    )
}
_OFFICE_FOLDERS = {
    "word/": f"{_OPENXML}.wordprocessingml.document",
    "xl/": f"{_OPENXML}.spreadsheetml.sheet",
    "ppt/": f"{_OPENXML}.presentationml.presentation",
}
_BUNDLE = b"KAKEHASHI-BUNDLE "
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<svg", b"<html", b"<!doctype html", b"<script", b"<?xml", b"<!doctype svg", b"<body", b"<iframe")

UNKNOWN = "このファイルの種類は受け取れません。PDF・写真・Word・Excelなどで出してください。"
MACRO = "マクロのついたWord・Excelのファイルは受け取れません。マクロなしで保存しなおしてください。"
OLD_OFFICE = "古い形のWord・Excelファイルは受け取れません。「.docx」「.xlsx」かPDFで保存しなおしてください。"
MARKUP = "SVGやHTMLのファイルは受け取れません。PDFか画像にして出してください。"
BROKEN = "ファイルがこわれているようです。開けるか確かめて、もう一度えらんでください。"
EMPTY = "ファイルの中身が空です。"


_HEADERS = re.compile(rb"(?:From [^\r\n]*\r?\n)?(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")


def is_mail(content: BinaryIO) -> bool:
    """Whether a seekable content begins like a mail: header lines, a From or a Subject among them.

    Asked only where mails are taken: elsewhere the same bytes are text, whatever they are about.
    """
    content.seek(0)
    found = _HEADERS.match(content.read(HEAD))
    return (
        found is not None
        and re.search(rb"^(?:From|Subject):", found.group(0), re.MULTILINE | re.IGNORECASE) is not None
    )


def sniff(content: BinaryIO) -> Kind:
    """The kind of a seekable content; raises Refused for what is never stored (macros, markup, programs, unknown)."""
    content.seek(0)
    head = content.read(HEAD)
    if not head:
        raise Refused(EMPTY)
    if head.startswith(_OLE):
        raise Refused(OLD_OFFICE)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(_BUNDLE):
        return KINDS["application/vnd.kakehashi.bundle"]
    if head.startswith(b"PK"):
        content.seek(0)
        return _sniff_zip(content)
    guessed = filetype.guess_mime(head[:8192])
    if guessed in KINDS and KINDS[guessed].family == "image":
        return KINDS[guessed]
    # A program or a film that is all printable is still text; anything else with a known mark is refused here.
    if guessed is not None:
        raise Refused(UNKNOWN)
    return _sniff_text(content, head)


def _sniff_zip(content: BinaryIO) -> Kind:
    try:
        with zipfile.ZipFile(content) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError) as error:
        raise Refused(BROKEN) from error
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused(UNKNOWN)
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) or "activex" in name.lower() for name in names):
        raise Refused(MACRO)
    if "[Content_Types].xml" not in names:
        return KINDS["application/zip"]
    for folder, media_type in _OFFICE_FOLDERS.items():
        if any(name.startswith(folder) for name in names):
            return KINDS[media_type]
    raise Refused(UNKNOWN)


def _sniff_text(content: BinaryIO, head: bytes) -> Kind:
    opening = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if opening.startswith(_MARKUP) or b"<svg" in opening or b"<script" in opening:
        raise Refused(MARKUP)
    if b"\x00" in head:
        raise Refused(UNKNOWN)
    if any(_decodes(content, encoding) for encoding in ("utf-8", "cp932")):
        return PLAIN
    raise Refused(UNKNOWN)


def _decodes(content: BinaryIO, encoding: str) -> bool:
    content.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := content.read(HEAD):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
