"""添付の検査: what comes from the internet side is made anew before it is stored on the staff side.

Images are decoded and written again, which leaves nothing but the picture; PDFs lose whatever acts by itself. What cannot be
made safe is refused, and the caller keeps the original sealed in quarantine.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kakehashi.exchange.domain.heif import BadHeif, without_metadata
from kakehashi.files.domain.sniffing import Refused, sniff
from kakehashi.kernel.later import later

if TYPE_CHECKING:
    import pikepdf
    import PIL
    from PIL import Image, ImageOps
else:
    pikepdf = later("pikepdf")
    PIL, Image, ImageOps = later("PIL"), later("PIL.Image"), later("PIL.ImageOps")

__all__ = ["Checked", "check_file"]

MOST_BYTES = 20_000_000
MOST_PIXELS = 64_000_000
MOST_UNZIPPED = 200_000_000
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "PNG", "image/webp": "WEBP"}
_ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
}  # fmt: skip
_ACTIVE_ANNOTATIONS = {"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
_EMBEDDED = ("oleobject", "embeddings/", "externallinks/", "activex", "vbaproject.bin", "vbadata.xml")


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome: the content to store and what was done, as Japanese words; refused files have no content."""

    content: bytes | None
    changes: tuple[str, ...] = ()
    extension: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the original must go into quarantine."""
        return self.content is None


def check_file(content: bytes) -> Checked:
    """Make one attachment safe, or refuse it. The name and the declared type are never asked."""
    if len(content) > MOST_BYTES:
        return Checked(None, (f"{MOST_BYTES // 1_000_000}MBより大きい",))
    try:
        kind = sniff(io.BytesIO(content))
    except Refused as refused:
        return Checked(None, (str(refused),))
    if kind.family == "image":
        return _image(content, kind.media_type)
    checks = {"pdf": _pdf, "office": _office, "text": Checked}
    if kind.family not in checks:
        return Checked(None, (f"{kind.label}は、回線の外から受け取れません",))
    return checks[kind.family](content)


def _image(content: bytes, media_type: str) -> Checked:
    """Decode the picture and write it again: position, camera and everything that is no pixel stays behind."""
    if media_type == "image/heic":
        return _heic(content)
    if media_type not in _FORMATS:
        return Checked(None, ("この形の画像は作り直せません。JPEGで出してもらってください",))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    return Checked(None, ("画素が多すぎる画像",))
                upright = ImageOps.exif_transpose(opened)
                picture = upright if upright.mode in {"RGB", "L"} else upright.convert("RGBA")
    except (OSError, ValueError, SyntaxError, PIL.UnidentifiedImageError, Image.DecompressionBombError):
        return Checked(None, ("画像として開けない",))
    made, shape = io.BytesIO(), _FORMATS[media_type]
    if shape == "JPEG" and picture.mode == "RGBA":
        picture = picture.convert("RGB")
    plain = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    plain.save(made, shape, **({"quality": 90} if shape in {"JPEG", "WEBP"} else {"optimize": False}))
    extension = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}[shape]
    return Checked(made.getvalue(), ("画像を作り直した（位置情報などを除いた）",), extension)


def _heic(content: bytes) -> Checked:
    """A phone's photograph: nothing here decodes it, so its metadata are blanked and the picture stays; it is only ever downloaded."""
    try:
        kept, told = without_metadata(content)
    except BadHeif:
        return Checked(None, ("写真（HEIC）として開けない",))
    return Checked(kept, ("写真（HEIC）から位置情報などを消した",) if told else (), "heic")


def _pdf(content: bytes) -> Checked:
    """Take out scripts, embedded files, and actions that start by themselves; refuse what is locked or broken."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                return Checked(None, ("パスワードのかかったPDF",))
            found = _cleaned(pdf)
            if not found:
                return Checked(content)
            made = io.BytesIO()
            pdf.save(made)
    except pikepdf.PasswordError:
        return Checked(None, ("パスワードのかかったPDF",))
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError):
        return Checked(None, ("PDFとして開けない",))
    return Checked(made.getvalue(), tuple(dict.fromkeys(found)))


def _cleaned(pdf: pikepdf.Pdf) -> list[str]:
    found: list[str] = []
    root = pdf.Root
    for key, word in (("/OpenAction", "開くと動く指示"), ("/AA", "自動で動く指示"), ("/Collection", "束ねたファイル")):
        if key in root:
            del root[key]
            found.append(f"{word}を除いた")
    names = root.get("/Names")
    for key, word in (("/JavaScript", "スクリプト"), ("/EmbeddedFiles", "埋め込みファイル"), ("/Renditions", "動画")):
        if isinstance(names, pikepdf.Dictionary) and key in names:
            del names[key]
            found.append(f"{word}を除いた")
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        del form["/XFA"]
        found.append("動く様式（XFA）を除いた")
    # Every object is looked at, not only what pages reach: an action may hang on a field, an outline or another action.
    for item in pdf.objects:
        dictionary = item.stream_dict if isinstance(item, pikepdf.Stream) else item
        found += _inside(dictionary, 0)
    return found


def _inside(item: Any, depth: int) -> list[str]:
    """Clean one object and the direct objects inside it; indirect ones have their own turn."""
    if depth > 50:
        raise ValueError("nested too deeply")
    if isinstance(item, pikepdf.Array):
        return [word for each in item if _is_direct(each) for word in _inside(each, depth + 1)]
    if not isinstance(item, pikepdf.Dictionary):
        return []
    found = _without_action(item) + _without_attachment(item)
    for key in list(item.keys()):
        if _is_direct(item[key]):
            found += _inside(item[key], depth + 1)
    return found


def _without_action(item: pikepdf.Dictionary) -> list[str]:
    """Make an action that runs or opens something an action that does nothing, whatever type it claims to have."""
    found: list[str] = []
    if "/AA" in item:
        del item["/AA"]
        found.append("自動で動く指示を除いた")
    if str(item.get("/S", "")) in _ACTIVE_ACTIONS:
        found.append("スクリプトや外部を開く指示を除いた")
        for key in list(item.keys()):
            if key != "/Type":
                del item[key]
        item["/S"] = pikepdf.Name("/NOP")
    return found


def _without_attachment(item: pikepdf.Dictionary) -> list[str]:
    found: list[str] = []
    if str(item.get("/Subtype", "")) in _ACTIVE_ANNOTATIONS and "/Rect" in item:
        found.append("添付・動画の注釈を除いた")
        for key in ("/FS", "/RichMediaContent", "/Movie", "/Sound", "/A", "/3DD"):
            if key in item:
                del item[key]
        item["/Subtype"] = pikepdf.Name("/Text")
    if "/EF" in item:
        del item["/EF"]
        found.append("埋め込みファイルを除いた")
    return found


def _is_direct(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _office(content: bytes) -> Checked:
    """A Word or Excel file passes as it is, or not at all: embedded objects and links that fetch something are refused."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MOST_UNZIPPED:
            return Checked(None, ("ふくらませると大きすぎるファイル",))
        if any(word in entry.filename.lower() for entry in entries for word in _EMBEDDED):
            return Checked(None, ("マクロ・埋め込み・外部リンクのあるWord・Excel",))
        for entry in entries:
            if entry.filename.endswith("settings.xml.rels") and b"attachedTemplate" in archive.read(entry):
                return Checked(None, ("外部のひな形を読み込むWord",))
    return Checked(content)
