"""Drawn signatures into a Word file: one picture each, behind the typed name."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.papers.docx_paper import W
from kakehashi.eforms.domain.papers.found import Mark
from kakehashi.eforms.domain.papers.safety import read_part
from kakehashi.eforms.domain.papers.signatures import HEIGHT, WIDTH, picture_of_signature, with_part, with_relation
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree
else:
    etree = later("lxml.etree")

__all__ = ["sign_docx"]

_EMU = 12_700
_PICTURE = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
    '<wp:docPr id="{number}" name="signature{number}" descr="手書きの署名"/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{number}" name="signature{number}.png" descr="手書きの署名"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>'
)


def sign_docx(package: zipfile.ZipFile, places: Mapping[str, Any], drawings: Mapping[Mark, str]) -> dict[str, bytes]:
    """Put the pictures at the end of their paragraphs; the parts of the file that are new or changed by that."""
    parts: dict[str, bytes] = {}
    relations = read_part(package, "word/_rels/document.xml.rels")
    for number, (mark, drawing) in enumerate(drawings.items(), start=9001):
        paragraph = places.get(mark.at)
        if paragraph is None:
            continue
        name = f"signature{number}.png"
        relations, relation = with_relation(relations, "image", f"media/{name}")
        parts[f"word/media/{name}"] = picture_of_signature(drawing)
        shown = _PICTURE.format(wide=round(WIDTH * _EMU), high=round(HEIGHT * _EMU), number=number, relation=relation)
        etree.SubElement(paragraph, W + "r").append(etree.fromstring(shown))
    if parts:
        parts["word/_rels/document.xml.rels"] = relations
        parts["[Content_Types].xml"] = with_part(read_part(package, "[Content_Types].xml"))
    return parts
