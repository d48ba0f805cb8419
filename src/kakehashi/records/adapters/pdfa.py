"""PDF/A-2b of pictures, and of other people's PDFs as pictures of their pages: the rendition beside the original bits.

What cannot be drawn here (Word, Excel) gets a reading copy of its words and tables instead, see `office`.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import pikepdf
    from PIL import Image, ImageCms, ImageOps
else:
    pikepdf = later("pikepdf")
    Image, ImageCms, ImageOps = later("PIL.Image"), later("PIL.ImageCms"), later("PIL.ImageOps")


DOTS_PER_INCH = 150
_MOST_PAGES = 500
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance><xmp:CreateDate>{made}</xmp:CreateDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

Painter = Callable[[int, "Image.Image"], "Image.Image"]
"""Changes the picture of a page (counted from 1) before it is kept, such as black boxes over what is not disclosed."""


class NotDrawable(ValueError):
    """A content of which no picture can be made here."""


def claims_pdfa(content: bytes) -> bool:
    """Whether a PDF says of itself that it is PDF/A."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return bool(pdf.open_metadata().pdfa_status)
    except (pikepdf.PdfError, ValueError, KeyError):
        return False


def page_images(content: bytes, media_type: str, *, dots_per_inch: int = DOTS_PER_INCH) -> Iterator[Image.Image]:
    """The pages of a PDF or picture, one after the other, in RGB. Raises NotDrawable."""
    if media_type == "application/pdf":
        yield from _pdf_pages(content, dots_per_inch)
    elif media_type in {"image/jpeg", "image/png", "image/gif", "image/webp"}:
        try:
            with Image.open(io.BytesIO(content)) as picture:
                yield ImageOps.exif_transpose(picture).convert("RGB")
        except (OSError, ValueError) as error:
            raise NotDrawable(media_type) from error
    else:
        raise NotDrawable(media_type)


def page_image(content: bytes, media_type: str, number: int, *, dots_per_inch: int = 100) -> Image.Image:
    """One page, counted from 1. Raises NotDrawable, also for a page that is not there."""
    if media_type != "application/pdf":
        return next(iter(page_images(content, media_type)))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        try:
            return _drawn(document[number - 1], dots_per_inch)
        finally:
            document.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise NotDrawable(media_type) from error


def page_count(content: bytes, media_type: str) -> int:
    """How many pages a PDF or picture has. Raises NotDrawable."""
    if media_type.startswith("image/"):
        return 1
    if media_type != "application/pdf":
        raise NotDrawable(media_type)
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise NotDrawable(media_type) from error
    try:
        return len(document)
    finally:
        document.close()


def _pdf_pages(content: bytes, dots_per_inch: int) -> Iterator[Image.Image]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise NotDrawable("application/pdf") from error
    try:
        for number in range(min(len(document), _MOST_PAGES)):
            yield _drawn(document[number], dots_per_inch)
    except pypdfium2.PdfiumError as error:
        raise NotDrawable("application/pdf") from error
    finally:
        document.close()


def _drawn(page: Any, dots_per_inch: int) -> Image.Image:
    picture: Image.Image = page.render(scale=dots_per_inch / 72).to_pil().convert("RGB")
    return picture


def as_pdfa(content: bytes, media_type: str, *, made_at: dt.datetime, paint: Painter | None = None) -> bytes:
    """A PDF/A-2b whose pages are pictures of the content's pages, each painted first. Raises NotDrawable."""
    pdf = pikepdf.new()
    for number, picture in enumerate(page_images(content, media_type), start=1):
        _add_page(pdf, paint(number, picture) if paint else picture)
    if not len(pdf.pages):
        raise NotDrawable(media_type)
    _declare(pdf, made_at)
    made = io.BytesIO()
    pdf.save(made, static_id=True, min_version="1.7")
    return made.getvalue()


def _add_page(pdf: pikepdf.Pdf, picture: Image.Image) -> None:
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=80)
    image = pikepdf.Stream(pdf, data.getvalue())
    _describe(image, picture)
    wide, high = 595.0, 595.0 * picture.height / max(picture.width, 1)
    content = pikepdf.Stream(pdf, f"q {wide:.2f} 0 0 {high:.2f} 0 0 cm /P Do Q".encode())
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, round(wide, 2), round(high, 2)],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=pdf.make_indirect(image))),
        Contents=pdf.make_indirect(content),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _describe(image: pikepdf.Stream, picture: Image.Image) -> None:
    for name, value in (
        ("Type", pikepdf.Name.XObject),
        ("Subtype", pikepdf.Name.Image),
        ("Width", picture.width),
        ("Height", picture.height),
        ("ColorSpace", pikepdf.Name.DeviceRGB),
        ("BitsPerComponent", 8),
        ("Filter", pikepdf.Name.DCTDecode),
    ):
        image[f"/{name}"] = value


def _declare(pdf: pikepdf.Pdf, made_at: dt.datetime) -> None:
    """The XMP packet and the colour profile that PDF/A-2b asks for."""
    xmp = pikepdf.Stream(pdf, _XMP.format(made=made_at.isoformat(timespec="seconds")).encode())
    xmp["/Type"], xmp["/Subtype"] = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.Root.Metadata = pdf.make_indirect(xmp)
    profile = pikepdf.Stream(pdf, ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile["/N"] = 3
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFA1,
        OutputConditionIdentifier=pikepdf.String("sRGB"),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])


def rendition(content: bytes, media_type: str, *, made_at: dt.datetime) -> bytes | None:
    """The PDF/A beside an original: none for what is PDF/A already, and none for what cannot be drawn."""
    if media_type == "application/pdf" and claims_pdfa(content):
        return None
    try:
        return as_pdfa(content, media_type, made_at=made_at)
    except NotDrawable:
        return None
