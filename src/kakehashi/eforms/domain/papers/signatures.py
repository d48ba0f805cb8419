"""A signature drawn by hand as a picture in the original: strokes become a small transparent PNG, or lines on a PDF."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from kakehashi.eforms.domain.catalogue.declaration import DRAWING_HEIGHT, DRAWING_WIDTH, DeclarationType
from kakehashi.eforms.domain.papers.safety import parse_xml
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    from lxml import etree
    from PIL import Image, ImageDraw
else:
    etree = later("lxml.etree")
    Image, ImageDraw = later("PIL.Image"), later("PIL.ImageDraw")

__all__ = ["HEIGHT", "WIDTH", "picture_of_signature", "strokes_in_points", "with_part", "with_relation"]

HEIGHT = 24.0
"""Points: about the height of a line in which people sign."""
WIDTH = HEIGHT * DRAWING_WIDTH / DRAWING_HEIGHT
_SCALE = 2
_INK = (20, 30, 90, 255)
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def picture_of_signature(drawing: str) -> bytes:
    """The strokes as a PNG without background; the same strokes give the same bytes."""
    picture = Image.new("RGBA", (DRAWING_WIDTH * _SCALE, DRAWING_HEIGHT * _SCALE), (255, 255, 255, 0))
    pen = ImageDraw.Draw(picture)
    for stroke in DeclarationType.strokes(drawing):
        points = [(x * _SCALE, y * _SCALE) for x, y in stroke]
        if len(points) == 1:
            (x, y) = points[0]
            pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=_INK)
            continue
        pen.line(points, fill=_INK, width=8, joint="curve")
    stream = BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def strokes_in_points(drawing: str, height: float) -> list[list[tuple[float, float]]]:
    """The strokes scaled so that the frame is `height` points high."""
    scale = height / DRAWING_HEIGHT
    return [[(x * scale, y * scale) for x, y in stroke] for stroke in DeclarationType.strokes(drawing)]


def with_part(types: bytes, *, picture: bool = True, overrides: dict[str, str] | None = None) -> bytes:
    """[Content_Types].xml that knows PNG pictures and the new parts (name → media type)."""
    root = parse_xml(types)
    known = {str(one.get("Extension", "")).lower() for one in root.findall(_TYPES + "Default")}
    if picture and "png" not in known:
        root.insert(0, etree.Element(_TYPES + "Default", Extension="png", ContentType="image/png"))
    for name, media in (overrides or {}).items():
        etree.SubElement(root, _TYPES + "Override", PartName=f"/{name}", ContentType=media)
    return _bytes(root)


def with_relation(relations: bytes, kind: str, target: str) -> tuple[bytes, str]:
    """A .rels part with one more relation to `target`, and the relation's id."""
    root: Any = parse_xml(relations) if relations else etree.Element(f"{{{_RELATIONS}}}Relationships")
    taken = {one.get("Id") for one in root}
    number = next(number for number in range(1, len(taken) + 2) if f"rIdSigned{number}" not in taken)
    etree.SubElement(
        root,
        f"{{{_RELATIONS}}}Relationship",
        Id=f"rIdSigned{number}",
        Type=f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}",
        Target=target,
    )
    return _bytes(root), f"rIdSigned{number}"


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
