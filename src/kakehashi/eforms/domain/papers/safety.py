"""Opening files that strangers wrote: bounded unpacking, no entities, no macros, no endless sheets."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.papers.model import UnreadablePaperError
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree
else:
    etree = later("lxml.etree")

__all__ = ["open_package", "parse_xml", "read_part"]

MOST_BYTES = 30_000_000
MOST_UNPACKED = 120_000_000
MOST_PARTS = 3_000
MOST_RATIO = 200
SMALLEST_BOMB = 4_000_000
LARGEST_XML = 40_000_000
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def open_package(content: bytes) -> zipfile.ZipFile:
    """A zip that may be read part by part; raises UnreadablePaperError for a bomb, a broken or an encrypted one."""
    if len(content) > MOST_BYTES:
        raise UnreadablePaperError(f"ファイルが大きすぎます（{MOST_BYTES // 1_000_000} MBまで）。")
    try:
        package = zipfile.ZipFile(BytesIO(content))
        parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadablePaperError(
            "ファイルが壊れているため開けません。元のソフトで保存しなおしてください。"
        ) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnreadablePaperError("展開すると大きくなりすぎるファイルです（圧縮爆弾のおそれ）。読み取りません。")
    for part in parts:
        if part.flag_bits & 0x1:
            raise UnreadablePaperError("パスワードがかかっています。外して保存しなおしてください。")
        if part.file_size > SMALLEST_BOMB and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise UnreadablePaperError("展開すると大きくなりすぎるファイルです（圧縮爆弾のおそれ）。読み取りません。")
    return package


def read_part(package: zipfile.ZipFile, name: str, most: int = LARGEST_XML) -> bytes:
    """One part, never more than ``most`` bytes whatever its header says; b"" when there is none."""
    try:
        with package.open(name) as stream:
            content = stream.read(most + 1)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise UnreadablePaperError(
            "ファイルが壊れているため開けません。元のソフトで保存しなおしてください。"
        ) from error
    if len(content) > most:
        raise UnreadablePaperError("ファイルの中身が大きすぎるため読み取れません。")
    return content


def parse_xml(content: bytes) -> Any:
    """An XML tree; a document type or an entity is refused, nothing outside is ever fetched."""
    if _DOCTYPE.search(content[:2_000_000].replace(b"\x00", b"")):
        raise UnreadablePaperError("外部実体などの宣言を含むファイルです。安全のため読み取りません。")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadablePaperError("ファイルの中身が壊れているため読み取れません。") from error


def check_xml_parts(package: zipfile.ZipFile) -> None:
    """Refuse a package in which any XML part declares a document type or an entity."""
    for part in package.infolist():
        if part.filename.endswith((".xml", ".rels", ".vml")) and part.file_size:
            head = read_part(package, part.filename)
            if _DOCTYPE.search(head.replace(b"\x00", b"")):
                raise UnreadablePaperError("外部実体などの宣言を含むファイルです。安全のため読み取りません。")
