"""Official documents as PDF (公文書の PDF).

`render_pdf(NoticeDocument(...))` gives the bytes of a notice (通知書), a decided document with its
stamp sheet (原議・決裁欄) or a receipt. Typst runs inside the process with one vendored Japanese
font; text reaches it as JSON data and is never read as markup.

Called by: approvals (notice, original decided document), procedures (receipts, answers).
"""

from kakehashi.kernel.documents.content import (
    BookletDocument,
    CertificateDocument,
    Chapter,
    ChartDocument,
    DecisionDocument,
    Drawing,
    Item,
    Label,
    LabelSheetDocument,
    MinutesDocument,
    NoticeDocument,
    Passage,
    ReadingCopyDocument,
    ReceiptDocument,
    RootDocument,
    StampBox,
)
from kakehashi.kernel.documents.rendering import DocumentFailed, render_pdf

__all__ = [
    "BookletDocument",
    "CertificateDocument",
    "Chapter",
    "ChartDocument",
    "DecisionDocument",
    "DocumentFailed",
    "Drawing",
    "Item",
    "Label",
    "LabelSheetDocument",
    "MinutesDocument",
    "NoticeDocument",
    "Passage",
    "ReadingCopyDocument",
    "ReceiptDocument",
    "RootDocument",
    "StampBox",
    "render_pdf",
]
