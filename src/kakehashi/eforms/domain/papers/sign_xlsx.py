"""Drawn signatures into an Excel file: one picture each, anchored at its cell; drawings that are there stay."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.papers.found import Mark
from kakehashi.eforms.domain.papers.safety import parse_xml, read_part
from kakehashi.eforms.domain.papers.signatures import HEIGHT, WIDTH, picture_of_signature, with_part, with_relation
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree
    from openpyxl import utils
else:
    etree = later("lxml.etree")
    utils = later("openpyxl.utils")

__all__ = ["sign_xlsx"]

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EMU = 12_700
_SPACES = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_ANCHOR = (
    "<xdr:oneCellAnchor {spaces}><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>{across}</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    '<xdr:ext cx="{wide}" cy="{high}"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{number}" name="signature{number}" descr="手書きの署名"/><xdr:cNvPicPr/></xdr:nvPicPr>'
    '<xdr:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>'
    '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>'
    "</xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"
)
# What must stand behind <drawing> in a worksheet.
_BEHIND = ("legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")  # fmt: skip


def sign_xlsx(
    package: zipfile.ZipFile, sheets: Mapping[str, str], roots: Mapping[str, Any], drawings: Mapping[Mark, str]
) -> dict[str, bytes]:
    """Anchor the pictures at their cells. `sheets`: name → part; `roots`: part → its opened worksheet. The new and changed parts."""
    parts: dict[str, bytes] = {}
    overrides: dict[str, str] = {}
    for number, (mark, drawing) in enumerate(drawings.items(), start=9001):
        name, _, cell = mark.at.rpartition("!")
        part, match = sheets.get(name), re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", cell)
        if part is None or part not in roots or match is None:
            continue
        canvas = _canvas(package, parts, overrides, part, roots[part])
        folder, file = posixpath.split(canvas)
        around = f"{folder}/_rels/{file}.rels"
        before = parts.get(around) or read_part(package, around)
        parts[around], relation = with_relation(before, "image", f"../media/signature{number}.png")
        parts[f"xl/media/signature{number}.png"] = picture_of_signature(drawing)
        root = parse_xml(parts.get(canvas) or read_part(package, canvas))
        root.append(
            etree.fromstring(
                _ANCHOR.format(
                    spaces=_SPACES, column=utils.column_index_from_string(match[1]) - 1, row=int(match[2]) - 1, across=720_000,
                    wide=round(WIDTH * _EMU), high=round(HEIGHT * _EMU), number=number, relation=relation,
                )
            )
        )  # fmt: skip
        parts[canvas] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    if parts:
        parts["[Content_Types].xml"] = with_part(read_part(package, "[Content_Types].xml"), overrides=overrides)
    return parts


def _canvas(package: zipfile.ZipFile, parts: dict[str, bytes], overrides: dict[str, str], part: str, root: Any) -> str:
    """The drawing part of a worksheet; it is made when there is none."""
    folder, file = posixpath.split(part)
    around = f"{folder}/_rels/{file}.rels"
    relations = parts.get(around) or read_part(package, around)
    has = root.find(S + "drawing")
    if has is not None:
        for one in parse_xml(relations):
            if one.get("Id") == has.get(_ID):
                target = str(one.get("Target"))
                return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
    name = f"xl/drawings/drawingSigned{len(overrides) + 1}.xml"
    overrides[name] = "application/vnd.openxmlformats-officedocument.drawing+xml"
    parts[name] = f"<xdr:wsDr {_SPACES}/>".encode()
    parts[around], relation = with_relation(relations, "drawing", f"../drawings/{posixpath.basename(name)}")
    node = etree.Element(S + "drawing", nsmap={"r": _ID[1:-3]})
    node.set(_ID, relation)
    after = next((one for one in root if etree.QName(one).localname in _BEHIND), None)
    after.addprevious(node) if after is not None else root.append(node)
    return name
