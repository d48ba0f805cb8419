"""The words inside a file: PDF, Word, Excel and plain text. A scan without a text layer has none."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING

from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree
else:
    etree = later("lxml.etree")


MOST_WORDS = 200_000
_MOST_PAGES = 300
_TEXT_PARTS = ("word/document.xml", "xl/sharedStrings.xml")
_MOST_PART = 30_000_000


def words_in(content: bytes, media_type: str) -> str:
    """The words of a file, at most 200,000 characters; empty for what has none or cannot be read."""
    try:
        return _words(content, media_type)[:MOST_WORDS]
    except Exception:  # noqa: BLE001 - a broken file is still a record; it is only not found by its words.
        return ""


def _words(content: bytes, media_type: str) -> str:
    if media_type == "application/pdf":
        return _pdf(content)
    if media_type == "text/plain":
        for encoding in ("utf-8-sig", "cp932"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    if "openxmlformats" in media_type:
        return _office(content)
    return ""


def _pdf(content: bytes) -> str:
    import pypdfium2

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = pypdfium2.PdfDocument(content)
        try:
            pages = [
                document[number].get_textpage().get_text_range() for number in range(min(len(document), _MOST_PAGES))
            ]
        finally:
            document.close()
    return "\n".join(pages)


def _office(content: bytes) -> str:
    texts = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            wanted = entry.filename in _TEXT_PARTS or entry.filename.startswith("ppt/slides/slide")
            if wanted and entry.file_size <= _MOST_PART:
                parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
                tree = etree.fromstring(archive.read(entry), parser)
                texts.append(" ".join(text for text in tree.itertext() if text.strip()))
    return "\n".join(texts)
