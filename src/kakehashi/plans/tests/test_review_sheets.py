"""The review sheet: from what is known, the missing shown, on screen, as Excel, CSV and PDF."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans import selectors, services
from kakehashi.plans.domain.review_sheet import MoneyRow
from kakehashi.plans.domain.reviews import MissCause, Move, Result
from kakehashi.plans.testing import small_logic, small_plan

INDEX = "/staff/plans/"


@pytest.fixture
def small(cast):
    with tenant_scope(cast.hibari.id):
        made = small_plan(cast.hibari.officer)
        small_logic(cast.hibari.officer, made)
        return made


@pytest.mark.parametrize(("budget", "spent", "rate"), [(3000, 2950, "98.3"), (8, 1, "12.5"), (0, 0, None), (None, 5, None)])  # fmt: skip
def test_the_rate_of_spending_is_rounded_half_up(budget, spent, rate):
    found = MoneyRow(2026, budget, spent).rate
    assert (None if found is None else str(found)) == rate


def test_what_nobody_wrote_is_said(cast, client_for, small):
    page = client_for(cast.hibari.clerk).get(f"{INDEX}initiatives/{small.initiative.id}/review-sheet/").content.decode()
    for word in (
        "未記入",
        "根拠法令",
        "予算額",
        "成果指標（短期）",
        "暮らしの時間が増える（ロジックモデルから）",
        "弱いもの2本",
    ):
        assert word in page


def test_what_is_missing_is_written_once(cast, client_for, small):
    client, path = client_for(cast.hibari.officer), f"{INDEX}initiatives/{small.initiative.id}/review-sheet/"
    year, key = small.year, f"reason_{small.indicator.id}"
    data = {"legal_basis": "○○町条例", "purpose": "", f"budget_{year}": "1,200,000", f"spent_{year}": "600000", key: "県の平均をもとに"}  # fmt: skip
    assert client.post(f"{path}basis/", data).status_code == 302
    assert client.post(f"{path}basis/", data | {f"budget_{year}": "多め"}).status_code == 422
    page = client.get(f"{path}?year={year}").content.decode()
    for word in ("○○町条例", "1,200,000円", "50.0％", "県の平均をもとに", "40.0%", "60.0%"):
        assert word in page
    with tenant_scope(cast.hibari.id):
        assert Event.objects.get(code="plans.sheet.saved").payload["money"][str(year)] == [1200000, 600000]


def test_reviews_fill_the_judgement(cast, client_for, small):
    with tenant_scope(cast.hibari.id):
        actor = cast.hibari.officer
        review = services.open_review(actor=actor, plan=small.plan, fiscal_year=small.year)
        for line in selectors.lines_of(review):
            missed = {
                "cause": MissCause.USE,
                "cause_text": "使われない",
                "move": Move.OBSERVE,
                "move_text": "窓口で聞く",
            }
            services.write_line(actor=actor, line=line, result=Result.MISSED, **missed)
        services.close_review(actor=actor, review=review, summary="まとめました")
        sheet = selectors.review_sheet(small.initiative, small.year)
        assert small.plan.versions.get().reason.endswith("の評価")
    assert "まとめました" in dict(sheet.check)["評価のまとめ"]
    assert "窓口で聞く" in sheet.improvement[0][1]


def test_files_say_the_same(cast, client_for, small):
    client, path = client_for(cast.hibari.clerk), f"{INDEX}initiatives/{small.initiative.id}/review-sheet/"
    book = load_workbook(BytesIO(client.get(f"{path}?format=xlsx").content))
    assert book.sheetnames == ["事業の概要", "予算額・執行額", "活動指標・成果指標", "点検・評価", "改善の方向"]
    assert "事業の概要,事業名,オンライン申請を広げる" in client.get(f"{path}?format=csv").content.decode("utf-8-sig")
    text = PdfReader(BytesIO(client.get(f"{path}?format=pdf").content)).pages[0].extract_text()
    assert "根拠法令" in text
    assert "未記入" in text


def test_amounts_and_years_are_checked(town, small):
    def save(money, reasons=None):
        services.save_sheet_basis(
            actor=town.officer, initiative=small.other, legal_basis="", purpose="", money=money, reasons=reasons or {}
        )

    with pytest.raises(DomainError, match="期間の中"):
        save({1999: (1, 1)})
    with pytest.raises(DomainError, match="0円以上"):
        save({small.year: (-1, None)})
    with pytest.raises(DomainError, match="この取組の指標"):
        save({}, {small.indicator.id: "よその"})
    small.initiative.starts_on = date(small.year + 1, 4, 1)
    assert selectors.sheet_years(small.initiative)[0] == small.year + 1
