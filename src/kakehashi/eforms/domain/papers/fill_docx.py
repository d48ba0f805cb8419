"""Answers into a Word file: blanks are replaced where they stand, everything else stays as it was."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.papers.docx_paper import W14, W, block_elements, cell_rows, content_control
from kakehashi.eforms.domain.papers.found import Mark
from kakehashi.eforms.domain.papers.safety import open_package, parse_xml, read_part
from kakehashi.eforms.domain.papers.sign_docx import sign_docx
from kakehashi.eforms.domain.papers.words import fold
from kakehashi.eforms.domain.papers.written import CHOSEN, Written
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree
else:
    etree = later("lxml.etree")

__all__ = ["fill_docx"]

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIP = {W + "del", W + "moveFrom", _FALLBACK, W + "rt", W + "instrText", W + "delText", W + "pPr", W + "rPr"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def fill_docx(content: bytes, written: Written) -> bytes:
    """The file with the answers in it."""
    package = open_package(content)
    root = parse_xml(read_part(package, "word/document.xml"))
    places: dict[str, Any] = {}
    _index(root.find(W + "body"), "", places)
    by_paragraph: dict[str, list[tuple[Mark, str]]] = defaultdict(list)
    for mark, text in written.items():
        by_paragraph[mark.at].append((mark, text))
    for address, several in by_paragraph.items():
        if address in places:
            _write(places[address], several)
    signed = sign_docx(package, places, written.drawings)
    document = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return _repacked(package, {**signed, "word/document.xml": document})


def _index(parent: Any, prefix: str, places: dict[str, Any]) -> None:
    """The same addresses that the reader gave."""
    for number, element in enumerate(block_elements(parent)):
        if element.tag == W + "p":
            address = f"{prefix}p{number}"
            places[address] = element
            for at, box in enumerate(_boxes(element)):
                _index(box, f"{address}.x{at}.", places)
            continue
        for row, cells in enumerate(cell_rows(element)):
            for column, _, merge, cell in cells:
                if merge != "continue":
                    address = f"{prefix}t{number}.r{row}.c{column}"
                    _index(cell, f"{address}.", places)
                    first = next((one for one in block_elements(cell) if one.tag == W + "p"), None)
                    if first is not None:
                        places.setdefault(address, first)


def _boxes(element: Any) -> list[Any]:
    found = []
    for child in element:
        if child.tag in _SKIP:
            continue
        if child.tag == W + "txbxContent":
            found.append(child)
        else:
            found += _boxes(child)
    return found


def _letters(element: Any, found: list[tuple[Any, int]]) -> None:
    """For every letter that the reader saw: the text node and the place in it (−1: the whole node stands for it)."""
    for child in element:
        tag = child.tag
        if tag in _SKIP or tag == W + "txbxContent":
            continue
        if tag == W + "t":
            found += [(child, at) for at in range(len(child.text or ""))]
        elif (
            tag in (W + "tab", W + "br", W + "cr", W + "noBreakHyphen", W + "sym")
            or tag.endswith("}symEx")
            or (tag == W + "sdt" and content_control(child) is not None)
        ):
            found.append((child, -1))
        elif tag == W + "fldChar":
            if child.find(W + "ffData") is not None:
                found.append((child, -1))
        else:
            _letters(child, found)


def _write(paragraph: Any, several: list[tuple[Mark, str]]) -> None:
    letters: list[tuple[Any, int]] = []
    _letters(paragraph, letters)
    for mark, text in sorted(several, key=lambda one: -one[0].start):
        if mark.start < 0:
            _append(paragraph, text)
        elif mark.start >= len(letters):
            _append(paragraph, text if text != CHOSEN else "✓")
        else:
            _replace(letters, mark, text)


def _append(paragraph: Any, text: str) -> None:
    run = etree.SubElement(paragraph, W + "r")
    model = paragraph.find(f".//{W}rPr")
    if model is not None:
        kept = deepcopy(model)
        for name in ("ins", "del", "rPrChange"):
            for one in kept.findall(W + name):
                kept.remove(one)
        run.append(kept)
    _set_text(etree.SubElement(run, W + "t"), text)


def _set_text(node: Any, text: str) -> None:
    node.text = text
    node.set(_SPACE, "preserve")


def _replace(letters: list[tuple[Any, int]], mark: Mark, text: str) -> None:
    end = len(letters) if mark.end < 0 else min(mark.end, len(letters))
    node, at = letters[mark.start]
    if at < 0:
        _into_control(node, text)
        return
    if text == CHOSEN:
        letter = (node.text or "")[at : at + 1]
        text = "☑" if fold(letter) == "□" else f"○{letter}"
        end = mark.start + 1
    elif mark.start == mark.end:
        text, end = text + (node.text or "")[at : at + 1], mark.start + 1
    gone: dict[int, list[int]] = {id(one): [] for one, _ in letters[mark.start : end]}
    for one, place in letters[mark.start : end]:
        if place >= 0:
            gone[id(one)].append(place)
    for one in {id(o): o for o, p in letters[mark.start : end] if p >= 0}.values():
        kept = [letter for place, letter in enumerate(one.text or "") if place not in gone[id(one)]]
        if one is node:
            kept.insert(at, text)
        _set_text(one, "".join(kept))


def _into_control(node: Any, text: str) -> None:
    if node.tag == W + "sdt":
        texts = list(node.iter(W + "t"))
        _set_text(texts[0], "☑" if text == CHOSEN else text) if texts else None
        for other in texts[1:]:
            other.text = ""
        checked = node.find(f"{W}sdtPr/{W14}checkbox/{W14}checked")
        if checked is not None and text == CHOSEN:
            checked.set(W14 + "val", "1")
        placeholder = node.find(f"{W}sdtPr/{W}showingPlcHdr")
        if placeholder is not None:
            placeholder.getparent().remove(placeholder)
        return
    run = node.getparent()
    if run is None or run.tag != W + "r":
        return
    after = etree.Element(W + "r")
    _set_text(etree.SubElement(after, W + "t"), "☑" if text == CHOSEN else text)
    run.addprevious(after)


def _repacked(package: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as out:
        for part in package.infolist():
            content = changed.pop(part.filename, b"") or read_part(package, part.filename, 60_000_000)
            out.writestr(part.filename, content)
        for name, content in changed.items():
            out.writestr(name, content)
    return stream.getvalue()
