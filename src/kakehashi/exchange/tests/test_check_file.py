"""The check of attachments that come from outside."""

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kakehashi.exchange.adapters.sanitising import MOST_BYTES, check_file
from kakehashi.files.testing import docx


def picture(shape="JPEG", **options) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, shape, **options)
    return made.getvalue()


def photograph() -> bytes:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (35.0, 41.0, 0.0)}
    exif[0x010F] = "SECRET-CAMERA"
    return picture(exif=exif.tobytes()) + b"<script>alert(1)</script>"


def pdf(change) -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(made)
    return made.getvalue()


def test_a_photograph_is_written_again_without_its_place():
    checked = check_file(photograph())
    assert checked.changes
    assert b"SECRET-CAMERA" not in checked.content
    assert b"<script>" not in checked.content
    with Image.open(io.BytesIO(checked.content)) as opened:
        assert (opened.size, opened.format, dict(opened.getexif())) == ((40, 30), "JPEG", {})


@pytest.mark.parametrize(("shape", "extension"), [("PNG", "png"), ("GIF", "png"), ("WEBP", "webp")])
def test_other_pictures_too(shape, extension):
    checked = check_file(picture(shape))
    assert (checked.extension, checked.is_refused) == (extension, False)


def test_a_broken_picture_and_a_bomb_are_refused(monkeypatch):
    assert check_file(picture()[:60]).is_refused
    monkeypatch.setattr("kakehashi.exchange.adapters.sanitising.MOST_PIXELS", 100)
    assert check_file(picture()).is_refused


def script(document):
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")


def named_script(document):
    action = document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="x()"))
    document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["a", action])))


def launch(document):
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe", Next=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="y")),
    )  # fmt: skip
    document.pages[0].Annots = document.make_indirect(pikepdf.Array([link]))


def embedded(document):
    document.attachments["virus.exe"] = b"MZ-PAYLOAD"


def field_action(document):
    document.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.SubmitForm, F="https://example.jp"))


@pytest.mark.parametrize("change", [script, named_script, launch, embedded, field_action])
def test_a_pdf_loses_what_acts_by_itself(change):
    checked = check_file(pdf(change))
    assert checked.changes
    with pikepdf.open(io.BytesIO(checked.content)) as opened:
        assert len(opened.pages) == 1
        left = b" ".join(item.unparse(resolved=True) for item in opened.objects if not isinstance(item, pikepdf.Stream))
    for word in (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/EF", b"cmd.exe"):
        assert word not in left
    assert check_file(checked.content).changes == ()


def test_a_plain_pdf_stays_as_it_is():
    plain = pdf(lambda document: None)
    assert check_file(plain).content == plain


def test_a_locked_pdf_is_refused():
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert check_file(made.getvalue()).is_refused


def office(extra: str, content: bytes = b"x") -> bytes:
    import zipfile

    made = io.BytesIO(docx())
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr(extra, content)
    return made.getvalue()


@pytest.mark.parametrize("content", [
    docx(with_macro=True),
    office("word/embeddings/oleObject1.bin"),
    office("word/_rels/settings.xml.rels", b'<Relationship Type="attachedTemplate" Target="https://example.jp/a.dotm"/>'),
    b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    b"MZ\x90\x00",
    b"",
    b"a" * (MOST_BYTES + 1),
])  # fmt: skip
def test_what_cannot_be_made_safe_is_refused(content):
    assert check_file(content).is_refused


def test_a_plain_word_file_and_a_text_pass():
    assert check_file(docx()).content == docx()
    assert check_file("見積 1,000円".encode()).changes == ()


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def heic(exif: bytes = b"Exif GPS 35.0 SECRET-CAMERA", *, beyond: int = 0, more: bytes = b"") -> bytes:
    """A still picture of two items, as a telephone writes it: the picture, and where it was taken."""

    def two(number: int) -> bytes:
        return number.to_bytes(2, "big")

    opening = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    entries = [
        box(b"infe", b"\2\0\0\0", two(item), bytes(2), kind, b"\0") for item, kind in ((1, b"hvc1"), (2, b"Exif"))
    ]
    pixels = b"PIXELS" * 10

    def meta(first: int) -> bytes:
        places = b"".join(
            two(item) + bytes(2) + two(1) + start.to_bytes(4, "big") + length.to_bytes(4, "big")
            for item, start, length in (
                (1, first, len(pixels)), (2, first + len(pixels) + beyond, len(exif)),
            )
        )  # fmt: skip
        return box(
            b"meta",
            bytes(4),
            box(b"iinf", bytes(4), two(2), *entries),
            box(b"iloc", bytes(4), b"\x44\0", two(2), places),
        )

    first = len(opening) + len(meta(0)) + 8
    return opening + meta(first) + box(b"mdat", pixels, exif) + more


def test_a_telephones_photograph_keeps_its_picture_and_loses_its_place():
    given = heic()
    checked = check_file(given)
    assert (checked.is_refused, checked.extension) == (False, "heic")
    assert b"SECRET-CAMERA" not in checked.content
    assert b"PIXELS" * 10 in checked.content
    assert len(checked.content) == len(given)
    assert "位置情報" in checked.changes[0]


@pytest.mark.parametrize(
    "content",
    [
        heic()[:-60],
        heic()[:60],
        heic(beyond=10_000),
        heic(more=box(b"moov", bytes(8))),
        box(b"ftyp", b"heic", bytes(4), b"mif1heic"),
        box(b"ftyp", b"heic", bytes(4), b"mif1heic") + b"\xff" * 40,
    ],
)
def test_what_only_looks_like_a_telephones_photograph_is_refused(content):
    assert check_file(content).is_refused


@given(st.integers(0, len(heic()) - 1), st.binary(min_size=1, max_size=6))
def test_no_damage_to_a_photograph_ends_in_anything_but_a_verdict(at, noise):
    spoilt = bytearray(heic())
    spoilt[at : at + len(noise)] = noise
    check_file(bytes(spoilt))
