"""Documents: what is shown, that text is never markup, and that the font is ours and embedded."""

import dataclasses
import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from kakehashi.kernel.documents import (
    DecisionDocument,
    NoticeDocument,
    ReceiptDocument,
    StampBox,
    render_pdf,
)
from kakehashi.kernel.documents.content import Document
from kakehashi.kernel.documents.rendering import FONT_DIRECTORY

NOTICE = NoticeDocument(
    title="補助金交付決定通知書",
    document_number="8ひ総第12号",
    issued_on="令和8年11月21日",
    addressee="髙﨑 𠮷子 様\n葛󠄀城市",
    issuer="ひばり町長 山田 太郎",
    issuer_name="ひばり町",
    text="下記のとおり決定したので通知します。",
    rows=(("金額", "120,000円"),),
    reason="要綱第5条に適合するため。",
    instructions=(("教示", "3か月以内に審査請求をすることができます。"),),
)
DECISION = DecisionDocument(
    subject="補助金の交付決定について",
    government="ひばり町",
    proposal_number="8起第12号",
    issuer_name="ひばり町",
    stamps=(
        StampBox(post="課長", name="鈴木", acted_at="11月20日\n10:12", mark="代"),
        StampBox(post="副町長", mark="後閲"),
        StampBox(post="町長", mark="斜線"),
    ),
    rows=(("件名", "補助金の交付決定について"),),
    request="次のとおり交付してよろしいか伺います。",
    opinions=(("財政課長", "予算の範囲内であること。"),),
    attachments=(("申請書.pdf", "0" * 64),),
    digest="1" * 64,
)
RECEIPT = ReceiptDocument(
    title="受付票",
    issued_on="令和8年11月21日",
    addressee="山田 花子 様",
    issuer="ひばり町",
    issuer_name="ひばり町",
    text="申請が到達しました。",
    rows=(("受付番号", "012345"),),
)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def fonts_of(pdf: bytes) -> list[tuple[str, bool]]:
    found = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            face = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = face["/FontDescriptor"].get_object()
            embedded = "/FontFile2" in descriptor or "/FontFile3" in descriptor
            found.append((str(face["/BaseFont"]), embedded))
    return found


@pytest.mark.parametrize("document", [NOTICE, DECISION, RECEIPT])
def test_every_document_is_one_pdf_with_our_font_embedded(document: Document) -> None:
    pdf = render_pdf(document)
    assert pdf.startswith(b"%PDF-")
    fonts = fonts_of(pdf)
    assert fonts
    assert all("NotoSerifJP" in name and embedded for name, embedded in fonts)


def test_names_with_rare_characters_survive() -> None:
    text = text_of(render_pdf(NOTICE))
    assert "髙﨑" in text
    assert "𠮷子" in text
    assert "葛\U000e0100城市" in text


def test_notice_shows_number_reason_and_instruction() -> None:
    text = text_of(render_pdf(NOTICE)).replace("\n", "")
    for part in ("8ひ総第12号", "令和8年11月21日", "ひばり町長", "要綱第5条", "審査請求"):
        assert part in text


def test_decision_shows_stamps_and_digest() -> None:
    text = text_of(render_pdf(DECISION)).replace("\n", "")
    for part in ("原議", "〔代〕", "〔後閲〕", "鈴木", "財政課長", "1" * 64):
        assert part in text


HOSTILE = '#sys.inputs #import "x.typ" $x^2$ *b* _i_ `c` = h <label> @ref \\ [a] // c /* */ #(1+1)'


def test_text_is_shown_and_never_evaluated() -> None:
    text = text_of(render_pdf(dataclasses.replace(NOTICE, text=HOSTILE)))
    assert "#import" in text
    assert "*b*" in text
    assert "#(1+1)" in text


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_renders(text: str) -> None:
    assert render_pdf(dataclasses.replace(NOTICE, text=text, addressee=text)).startswith(b"%PDF-")


def test_a_character_without_a_glyph_is_printed_as_geta() -> None:
    text = text_of(render_pdf(dataclasses.replace(NOTICE, text="氏名 \U0002f9f4\U0001f600 です")))
    assert "氏名 \U0002f9f4〓 です" in text or "氏名 〓〓 です" in text


def test_same_document_gives_the_same_bytes() -> None:
    assert render_pdf(NOTICE) == render_pdf(NOTICE)


def test_the_font_is_the_one_of_the_manifest() -> None:
    for line in (FONT_DIRECTORY / "MANIFEST.sha256").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((FONT_DIRECTORY / name).read_bytes()).hexdigest() == digest
    assert "SIL OPEN FONT LICENSE" in (FONT_DIRECTORY / "OFL.txt").read_text()
