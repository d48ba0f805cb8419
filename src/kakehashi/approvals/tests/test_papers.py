"""The notice and the 原議 as PDF."""

import io

from pypdf import PdfReader

from kakehashi.approvals.services import decision_pdf, notice_pdf
from kakehashi.approvals.testing import decided, issued, with_rules
from kakehashi.people.testing import Town


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def test_the_notice_goes_out_in_the_heads_name(town: Town) -> None:
    with_rules(town)
    proposal = issued(town)
    text = text_of(notice_pdf(proposal=proposal))
    for part in (proposal.document_number, "町長", "鈴木 太郎", "田中 めぐみ 様", "審査請求", "許可通知書"):
        assert part in text
    assert "佐藤" not in text


def test_the_decided_document_shows_route_clause_and_retention(town: Town) -> None:
    with_rules(town)
    proposal = issued(town)
    text = text_of(decision_pdf(proposal=proposal))
    for part in ("原議", "住民課課長", "佐藤 一郎", "別表第1第3項", "満了日", "5年", proposal.digest):
        assert part in text


def test_before_issue_the_notice_is_a_preview_without_number(town: Town) -> None:
    with_rules(town)
    assert "番号は施行時に付きます" in text_of(notice_pdf(proposal=decided(town)))
