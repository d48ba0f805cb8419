"""Values from a CSV become reports, marked as imported; somebody else approves them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.reports import ReportStage
from kakehashi.indicators.models import Origin, RecordedValue, ValueReport
from kakehashi.indicators.selectors import measure_now
from kakehashi.indicators.services import approve_report, define_measure, import_values, set_reporting_rule
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope

CSV = "年度,値,分子,分母,調査日,出所,訂正の理由\n令和6年度,70.5,,,令和6年10月1日,,\nR7,,3,4,,別の調査,\n令和5年度,該当なし,,,,,\n令和40年,1,,,,,\nX,1,,,,,\n令和4年度,abc,,,,,\n"


@pytest.fixture
def satisfaction(town):
    return define_measure(
        actor=town.officer, label="満足度", unit="%", direction=Direction.UP, formula_text="満足 ÷ 回答", source="調査"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_lines_wait_for_approval_and_stay_marked(town, satisfaction, encoding):
    result = import_values(actor=town.officer, measure=satisfaction, content=CSV.encode(encoding))
    assert (result.reported, [line for line, _ in result.broken]) == (4, [6, 7])
    assert RecordedValue.objects.count() == 0
    assert set(ValueReport.objects.values_list("stage", "origin")) == {(ReportStage.SUBMITTED, Origin.IMPORTED)}
    again = import_values(actor=town.officer, measure=satisfaction, content=CSV.encode(encoding))
    assert (again.reported, again.unchanged) == (0, 4)
    with pytest.raises(DomainError, match="ほかの人"):
        approve_report(actor=town.officer, report=ValueReport.objects.first())
    for report in ValueReport.objects.all():
        approve_report(actor=town.administrator, report=report)
    found = measure_now(satisfaction.code, Period.year(2025))
    assert (found.figure.value, found.record.origin) == (Decimal("75.0"), Origin.IMPORTED)
    again = import_values(actor=town.officer, measure=satisfaction, content=CSV.encode(encoding))
    assert (again.reported, again.unchanged) == (0, 4)


def test_another_value_while_one_waits_is_named(town, satisfaction):
    first, second = "年度,値\nR7,1\n".encode(), "年度,値\nR7,2\n".encode()
    import_values(actor=town.officer, measure=satisfaction, content=first)
    assert (
        "もう提出されています" in import_values(actor=town.officer, measure=satisfaction, content=second).broken[0][1]
    )


def test_the_government_decides_where_they_begin(cast, client_for):
    with tenant_scope(cast.hibari.id):
        measure = define_measure(
            actor=cast.hibari.officer, label="数", unit="件", direction=Direction.UP, formula_text="数", source="帳簿"
        )
    client = client_for(cast.hibari.administrator)
    assert "取り込んだ値の扱い" in client.get("/staff/indicators/reports/").content.decode()
    client.post("/staff/indicators/reports/rule/", {"imported_stage": "draft"})
    client.post("/staff/indicators/reports/rule/", {"imported_stage": "approved"})
    with tenant_scope(cast.hibari.id):
        assert Event.objects.filter(code="indicators.rule.set").count() == 1
        result = import_values(actor=cast.hibari.officer, measure=measure, content="年度,値\nR7,1\n".encode())
        assert result.stage is ReportStage.DRAFT
        assert ValueReport.objects.get().stage == ReportStage.DRAFT
        with pytest.raises(DomainError):
            set_reporting_rule(actor=cast.hibari.administrator, stage=ReportStage.APPROVED)


@pytest.mark.parametrize("content", [b"", b"\xff\xff", b"a,b\n1,2\n"])
def test_something_else_is_refused(town, satisfaction, content):
    with pytest.raises(DomainError):
        import_values(actor=town.officer, measure=satisfaction, content=content)


def test_the_page_shows_first_what_would_change(cast, client_for):
    with tenant_scope(cast.hibari.id):
        measure = define_measure(
            actor=cast.hibari.officer, label="数", unit="件", direction=Direction.UP, formula_text="数", source="帳簿"
        )
    client, path = client_for(cast.hibari.officer), f"/staff/indicators/{measure.code}/import/"
    look = client.post(path, {"file": SimpleUploadedFile("a.csv", "年度,値\nR7,12\nX,1\n".encode())})
    page = look.content.decode()
    assert "1件を取り込む" in page
    assert "読めない行" in page
    with tenant_scope(cast.hibari.id):
        assert not ValueReport.objects.exists()
        assert not Event.objects.filter(code__startswith="indicators.report").exists()
    assert "1件を取り込み" in client.post(path, {"content": look.context["sealed"]}).content.decode()
    assert client.post(path, {"content": "x"}).status_code == 404
    with tenant_scope(cast.hibari.id):
        assert ValueReport.objects.get().value == 12


@pytest.mark.parametrize(
    "content", [b"", b"[" * 200_000, b"PK\x03\x04" + bytes(500), b"<svg/>", b"\xff\xfe\x00", b'"' * 9]
)
def test_a_hostile_file_of_values_is_refused(town, satisfaction, content):
    with pytest.raises(DomainError) as refused:
        import_values(actor=town.officer, measure=satisfaction, content=content)
    assert refused.value.field == "file"
