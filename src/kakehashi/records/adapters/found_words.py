"""Where words stand on the pages of a PDF, so that they can be blackened everywhere at once."""

from __future__ import annotations

from dataclasses import dataclass

_MOST = 2000


@dataclass(frozen=True)
class Place:
    """A rectangle on a page (counted from 1), in thousandths of the page from its upper left corner."""

    page: int
    left: int
    top: int
    width: int
    height: int


def places_of(content: bytes, words: str) -> list[Place]:
    """Every place where the words stand in a PDF's text; none for a scan without a text layer."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return []
    found: list[Place] = []
    try:
        for number in range(len(document)):
            page = document[number]
            wide, high = page.get_size()
            text = page.get_textpage()
            searcher = text.search(words, match_case=False)
            while (hit := searcher.get_next()) is not None and len(found) < _MOST:
                boxes = [text.get_charbox(index) for index in range(hit[0], hit[0] + hit[1])]
                found.append(_place(number + 1, boxes, wide, high))
    finally:
        document.close()
    return found


def _place(page: int, boxes: list[tuple[float, float, float, float]], wide: float, high: float) -> Place:
    """The box around the letters with a little room, so that no edge of a stroke shows."""
    room = 1.5
    left = max(0.0, min(box[0] for box in boxes) - room)
    right = min(wide, max(box[2] for box in boxes) + room)
    bottom = max(0.0, min(box[1] for box in boxes) - room)
    top = min(high, max(box[3] for box in boxes) + room)
    at_left, at_top = int(left / wide * 1000), int((high - top) / high * 1000)
    across, down = -int(-(right / wide * 1000) // 1) - at_left, -int(-((high - bottom) / high * 1000) // 1) - at_top
    return Place(page, at_left, at_top, max(1, across), max(1, down))
