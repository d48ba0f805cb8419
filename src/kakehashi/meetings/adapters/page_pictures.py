"""Pictures of pages, drawn once and remembered for as long as somebody turns the pages.

A version never changes, so a picture is known by its digest and page. When thirty screens ask for the same page at once, one of
them draws it and the next pages with it, the others wait for that one.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from kakehashi.kernel.later import later
from kakehashi.meetings.adapters.pdf_apart import UnreadablePdf, draw_pages

if TYPE_CHECKING:
    import PIL
    from PIL import Image, ImageOps
else:
    PIL, Image, ImageOps = later("PIL"), later("PIL.Image"), later("PIL.ImageOps")

__all__ = ["PICTURE_TYPE", "page_picture"]

PICTURE_TYPE = "image/webp"
_AHEAD = 4
_MOST_BYTES = 64_000_000
_WIDEST = 1600

_Key = tuple[str, int]
_lock = threading.Lock()
_drawing: dict[str, threading.Lock] = {}
_kept: OrderedDict[_Key, bytes] = OrderedDict()


def page_picture(sha256: str, page: int, media_type: str, content: Callable[[], bytes]) -> bytes:
    """The picture of a page (counted from 1) of a PDF or of an image itself, as WebP. `content` is asked only when it must be drawn.

    Raises UnreadablePdf for what cannot be drawn and for a page that is not there.
    """
    key = (sha256, page)
    found = _remembered(key)
    if found is not None:
        return found
    with _lock:
        mine = _drawing.setdefault(sha256, threading.Lock())
    with mine:
        found = _remembered(key)
        if found is None:
            drawn = [_shrunk(content())] if media_type.startswith("image/") else draw_pages(content(), page, _AHEAD)
            for place, picture in enumerate(drawn):
                _remember((sha256, page + place), picture)
            found = drawn[0] if drawn else None
    if found is None:
        raise UnreadablePdf
    return found


def _remembered(key: _Key) -> bytes | None:
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
        return found


def _remember(key: _Key, picture: bytes) -> None:
    with _lock:
        _kept[key] = picture
        while len(_kept) > 1 and sum(map(len, _kept.values())) > _MOST_BYTES:
            _kept.popitem(last=False)


def _shrunk(content: bytes) -> bytes:
    """An image as it is shown: upright, without what a camera writes into it."""
    try:
        with Image.open(io.BytesIO(content)) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (PIL.UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise UnreadablePdf from error
    picture.thumbnail((_WIDEST, _WIDEST * 2))
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=85, method=2)
    return buffer.getvalue()
