"""Answers onto a PDF: a transparent page per page, set with an embedded font, laid over the original."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from kakehashi.eforms.domain.papers.found import Mark
from kakehashi.eforms.domain.papers.pdf_paper import box_of
from kakehashi.eforms.domain.papers.signatures import HEIGHT, strokes_in_points
from kakehashi.eforms.domain.papers.written import CHOSEN, Written
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import pikepdf
    import typst
else:
    pikepdf = later("pikepdf")
    typst = later("typst")

__all__ = ["fill_pdf"]

FONTS = Path(__file__).parents[3] / "kernel" / "documents" / "fonts"

# The letters with which an answer stays inside of its cell: one line, smaller if need be; else the largest with which several
# lines have room. A number does not break, so its own width counts too.
_FIT = """#let fit(wide, high, words, longest) = context {
  let written(size) = block(width: wide, { set par(leading: 0.35em); text(size: size, words) })
  let across(size, words) = measure(text(size: size, words)).width
  let size = 9pt
  while size > 6pt and across(size, words) > wide { size -= 0.5pt }
  if across(size, words) > wide { size = 9pt }
  while size > 3pt and (measure(written(size)).height > high - 1pt or across(size, longest) > wide) { size -= 0.5pt }
  let inside = block(width: wide, fill: white, written(size))
  if high < 40pt { block(width: wide, height: high, align(horizon, inside)) } else { pad(top: 4pt, inside) }
}"""


def fill_pdf(content: bytes, written: Written) -> bytes:
    """The file with the answers printed on it."""
    by_page: dict[int, list[tuple[Mark, str]]] = defaultdict(list)
    for mark, text in written.items():
        by_page[box_of(mark.at)[0]].append((mark, text))
    with pikepdf.open(BytesIO(content)) as document:
        for number, page in enumerate(document.pages, start=1):
            if number not in by_page:
                continue
            left, bottom, right, top = (float(one) for one in page.mediabox)
            layer = typst.compile(  # type: ignore[misc]
                _source(by_page[number], right - left, top - bottom, written.drawings).encode(),
                font_paths=[str(FONTS)],
                ignore_system_fonts=True,
            )
            with pikepdf.open(BytesIO(layer)) as over:
                page.add_overlay(over.pages[0], pikepdf.Rectangle(left, bottom, right, top))
        stream = BytesIO()
        document.save(stream)
        return stream.getvalue()


def _source(several: list[tuple[Mark, str]], width: float, height: float, drawings: Mapping[Mark, str]) -> str:
    lines = [
        f"#set page(width: {width:.1f}pt, height: {height:.1f}pt, margin: 0pt, fill: none)",
        '#set text(font: "Noto Serif JP", size: 9pt)',
        _FIT,
    ]
    for mark, whole in several:
        text = whole.removeprefix("〒")
        _, x0, top, x1, bottom = box_of(mark.at)
        if text == CHOSEN:
            lines.append(
                f"#place(top + left, dx: {x0 - 1.5:.1f}pt, dy: {top - 1.5:.1f}pt, "
                f"ellipse(width: {x1 - x0 + 3:.1f}pt, height: {bottom - top + 3:.1f}pt, stroke: 1pt))"
            )
            continue
        if text != whole:
            # The sign stands on the paper already.
            x0 += 10
        wide, high = max(x1 - x0 - 4, 0), bottom - top
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        # A blank of a letter or two is where the answer begins, a cell and a longer blank are what it must fit into.
        begins = wide < 30 and high < 14
        if begins:
            drop = max((high - 9) / 2, 0)
            lines.append(
                f'#place(top + left, dx: {x0 + 2:.1f}pt, dy: {top + drop:.1f}pt, box(text(size: 9pt, "{quoted}")))'
            )
        else:
            longest = max(re.findall(r"[!-~]+", quoted), key=len, default="").replace("\\", "").replace('"', "")
            lines.append(
                f"#place(top + left, dx: {x0 + 2:.1f}pt, dy: {top:.1f}pt, "
                f'fit({wide:.1f}pt, {high:.1f}pt, "{quoted}", "{longest}"))'
            )
        if mark in drawings:
            beside = x0 + 2 + (9 * len(text) if begins else min(9 * len(text), wide * 0.5))
            lines += _signed(drawings[mark], beside + 4, top + (high - HEIGHT) / 2)
    return "\n".join(lines)


def _signed(drawing: str, x: float, y: float) -> list[str]:
    """The strokes of a drawn signature as lines, beside the typed name."""
    lines = []
    for stroke in strokes_in_points(drawing, HEIGHT):
        points = [f"({across:.1f}pt, {down:.1f}pt)" for across, down in stroke]
        parts = [f"curve.move({points[0]})", *(f"curve.line({point})" for point in points[1:] or points)]
        ink = '(paint: rgb("#141e5a"), thickness: 1pt, cap: "round", join: "round")'
        lines.append(
            f"#place(top + left, dx: {x:.1f}pt, dy: {max(y, 0):.1f}pt, curve(stroke: {ink}, {', '.join(parts)}))"
        )
    return lines
