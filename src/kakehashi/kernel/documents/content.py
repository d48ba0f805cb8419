"""What stands on each official document, as plain typed values.

Every text is shown exactly as given; a line feed breaks the line and nothing else has a meaning.
Dates arrive already written (令和8年11月21日), because a document is a thing of words.
"""

from dataclasses import dataclass
from typing import ClassVar

Row = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class StampBox:
    """One box of the stamp sheet: a post, who acted, when, and the mark 代, 後閲, 合議 or 斜線."""

    post: str
    name: str = ""
    acted_at: str = ""
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeDocument:
    """通知書: what a person receives. Goes out in the head's name whoever decided inside.

    `instructions` holds headed texts such as 教示 (行政不服審査法82条, 行政事件訴訟法46条). `seal_mark` is the text of
    the drawn 公印 of a paper that is signed electronically; empty: only `seal` stands there.
    """

    template: ClassVar[str] = "notice"
    title: str
    document_number: str
    issued_on: str
    addressee: str
    issuer: str
    issuer_name: str
    text: str
    rows: tuple[Row, ...] = ()
    reason_heading: str = "理由"
    reason: str = ""
    instructions: tuple[Row, ...] = ()
    contact: str = ""
    seal: str = "（公印省略）"
    seal_mark: str = ""
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class DecisionDocument:
    """原議: the proposal after its decision with the stamp sheet (決裁欄); the record copy."""

    template: ClassVar[str] = "decision"
    subject: str
    government: str
    proposal_number: str
    issuer_name: str
    stamps: tuple[StampBox, ...]
    rows: tuple[Row, ...]
    request: str
    reason: str = ""
    sections: tuple[Row, ...] = ()
    opinions: tuple[Row, ...] = ()
    attachments: tuple[Row, ...] = ()
    digest: str = ""
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What somebody drew by hand, such as a signature: strokes of points in a frame of `width` by `height`."""

    label: str
    name: str
    strokes: tuple[tuple[tuple[int, int], ...], ...]
    width: int = 600
    height: int = 200


@dataclass(frozen=True, kw_only=True)
class ReceiptDocument:
    """受付票, 控え: proof that something arrived, with its number and time; signatures stand below the rows."""

    template: ClassVar[str] = "receipt"
    title: str
    issued_on: str
    addressee: str
    issuer: str
    issuer_name: str
    text: str
    rows: tuple[Row, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    note: str = ""
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class CertificateDocument:
    """証明書: a certificate with the QR code of its verification page.

    `qr` is the code as rows of "0" and "1" without a quiet zone; `verify_text` says where and how to verify by hand.
    `signed_qr` is a second code, the signed words, for where no server is reached; `signed_text` stands below it.
    """

    template: ClassVar[str] = "certificate"
    title: str
    document_number: str
    issued_on: str
    addressee: str
    issuer: str
    issuer_name: str
    text: str
    rows: tuple[Row, ...] = ()
    qr: tuple[str, ...] = ()
    verify_text: str = ""
    signed_qr: tuple[str, ...] = ()
    signed_text: str = ""
    contact: str = ""
    seal: str = "（公印省略）"
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class Label:
    """One address label. `postcode` is written as it is shown (〒000-0000) or empty."""

    postcode: str
    address: str
    addressee: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LabelSheetDocument:
    """宛名ラベル on A4: `columns` × `rows` labels of `width` × `height` mm from (`left`, `top`); the first `skip` are used up already."""

    template: ClassVar[str] = "labels"
    title: str
    issuer_name: str
    columns: int
    rows_per_page: int
    width: float
    height: float
    left: float
    top: float
    labels: tuple[Label, ...]
    skip: int = 0


@dataclass(frozen=True, kw_only=True)
class Item:
    """A part of a chapter: a heading (or a title in a box), text, rows, and a table with its head."""

    heading: str = ""
    title: str = ""
    text: str = ""
    rows: tuple[Row, ...] = ()
    head: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter of a booklet; it begins on a new page."""

    heading: str
    text: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BookletDocument:
    """冊子: a cover, a table of contents, and chapters; such as a plan."""

    template: ClassVar[str] = "booklet"
    title: str
    issued_on: str
    issuer_name: str
    subtitle: str = ""
    text: str = ""
    rows: tuple[Row, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class ChartDocument:
    """図表: one drawing (SVG) on one page, lying down unless told, `paper` a4 or a3, with its tables after it; such as a logic model.

    Without a drawing it is a sheet of tables.

    `said` is the drawing in words, for people who do not see it. Every text in `svg` is text, shown in the vendored font.
    """

    template: ClassVar[str] = "chart"
    title: str
    issued_on: str
    issuer_name: str
    svg: str = ""
    said: str = ""
    subtitle: str = ""
    paper: str = "a4"
    is_lying: bool = True
    notes: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class RootDocument:
    """公表用のルート: the root of the journal in groups of four digits, the verifier key, and both as a QR code.

    `key` comes broken into lines that fit; `qr` is the code as rows of "0" and "1" without a quiet zone.
    """

    template: ClassVar[str] = "root"
    title: str
    issuer_name: str
    place: str
    groups: tuple[str, ...]
    rows: tuple[Row, ...]
    key: str
    qr: tuple[str, ...]
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class MinutesDocument:
    """会議録: who took part as (post, name, how), the approved text, and who approved it when."""

    template: ClassVar[str] = "minutes"
    title: str
    government: str
    issuer_name: str
    attendance: tuple[tuple[str, str, str], ...]
    text: str
    approval: tuple[Row, ...] = ()
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of a reading copy: a text (a heading when `level` is 1 to 3), or the rows of a table, each of as many cells."""

    text: str = ""
    level: int = 0
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadingCopyDocument:
    """閲覧用の写し: the words and tables of a file of an office program. `rows` say what it was made from; it is never the original."""

    template: ClassVar[str] = "reading"
    title: str
    issuer_name: str
    note: str
    rows: tuple[Row, ...]
    passages: tuple[Passage, ...]
    footer: str = "閲覧用の写し"


Document = (
    NoticeDocument
    | DecisionDocument
    | ReceiptDocument
    | CertificateDocument
    | LabelSheetDocument
    | BookletDocument
    | RootDocument
    | ChartDocument
    | MinutesDocument
    | ReadingCopyDocument
)
