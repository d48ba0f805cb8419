"""The sample for 「様式から作る」: a town's application form as Word writes it, made here so that nobody's form is copied."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

__all__ = ["SAMPLE_NAME", "make_sample"]

SAMPLE_NAME = "空き家解体費補助金交付申請書（見本）.docx"
_APPLICANT = (
    ("フリガナ", ""),
    ("氏　名", "　　　　　　　　　　　　　　　　　印"),
    ("住　所", "〒　　　－　　　　"),
    ("生年月日", "大正・昭和・平成　　年　　月　　日"),
    ("電話番号", "（　　　　）　　　　－"),
    ("メールアドレス", ""),
)
_PREFECTURES = "都道府県"
_HOUSE = (
    ("空き家との関係", "□所有者　□相続人　□その他（　　　　　　　　）"),
    ("構造", "木造・鉄骨造・その他（　　　　　）"),
    ("延床面積", "　　　　　　　　　　㎡"),
    ("解体工事の見積額", "　　　　　　　　　　円"),
    ("工事の期間", "令和　　年　　月　　日から　令和　　年　　月　　日まで"),
    ("解体後の利用", ""),
)


def make_sample(town: str) -> bytes:
    """The form of a town (or a city, a village, a prefecture) as .docx."""
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_paragraph("様式第１号（第５条関係）")
    _right(document, "令和　　年　　月　　日")
    document.add_paragraph(f"{town}{'知事' if town[-1] in _PREFECTURES else '長'}　様")
    document.add_paragraph("空き家解体費補助金交付申請書").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("次のとおり補助金の交付を受けたいので、関係書類を添えて申請します。")
    _table(document, "申請者", _APPLICANT)
    document.add_paragraph("")
    _table(document, "空き家", (("空き家の所在地", f"{town}　　　　　　　　　　　　"), *_HOUSE))
    document.add_paragraph("解体業者の見積り（２者以上）")
    estimates = document.add_table(rows=4, cols=3, style="Table Grid")
    for cell, text in zip(estimates.rows[0].cells, ("業者名", "見積額（円）", "見積年月日"), strict=True):
        cell.text = text
    document.add_paragraph(f"□ {town[-1]}税の納付の状況を{town}が確かめることに同意します。")
    document.add_paragraph("添付書類")
    for name in ("１　見積書の写し", "２　建物の登記事項証明書", "３　空き家の写真"):
        document.add_paragraph(name)
    office = document.add_table(rows=2, cols=4, style="Table Grid")
    for cell, text in zip(office.rows[0].cells, ("※事務処理欄", "受付", "審査", "決裁"), strict=True):
        cell.text = text
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _right(document: Any, text: str) -> None:
    document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(document: Any, group: str, rows: tuple[tuple[str, str], ...]) -> None:
    table = document.add_table(rows=len(rows), cols=3, style="Table Grid")
    table.autofit = False
    side = table.cell(0, 0).merge(table.cell(len(rows) - 1, 0))
    side.text = group
    for number, (label, value) in enumerate(rows):
        table.cell(number, 1).text = label
        table.cell(number, 2).text = value
    for row in table.rows:
        for cell, width in zip(row.cells, (Cm(2), Cm(4), Cm(10)), strict=True):
            cell.width = width
