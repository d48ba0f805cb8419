"""A reported value: draft, submitted, returned, approved, locked; who is late; definitions that change."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from kakehashi.indicators.domain.figure import WITHOUT_NUMBER, FigureState
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import Finality, ManualMeasure, MeasureDefinition, RecordedValue, ValueReport
from kakehashi.indicators.selectors import late_values, measure_now
from kakehashi.indicators.services import (
    approve_report,
    define_measure,
    import_values,
    is_locked,
    lock_year,
    record_value,
    redefine_measure,
    remind_late_by_worker,
    return_report,
    submit_report,
    write_report,
)
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role

INDEX = "/staff/indicators/"
YEAR = Period.year(2025)


@pytest.fixture
def measure(cast):
    with tenant_scope(cast.hibari.id):
        made = define_measure(
            actor=cast.hibari.officer, label="満足度", unit="%", direction="up", formula_text="満足 ÷ 回答",
            source="アンケート", department=cast.hibari.department,
        )  # fmt: skip
        ManualMeasure.objects.update(created_at=datetime(2025, 5, 1, tzinfo=UTC))
        return made


def written(cast, measure, **given):
    return write_report(actor=cast.hibari.clerk, measure=measure, period=YEAR, **({"value": Decimal(70)} | given))


def test_a_value_on_its_way(cast, measure):
    with tenant_scope(cast.hibari.id):
        report = written(cast, measure)
        assert measure_now(measure.code, YEAR).figure.state is FigureState.NOT_SURVEYED
        submit_report(actor=cast.hibari.clerk, report=report)
        with pytest.raises(Stale):
            written(cast, measure, value=Decimal(71))
        with pytest.raises(DomainError) as caught:
            return_report(actor=cast.hibari.officer, report=report, answer=" ")
        assert caught.value.field == "answer"
        return_report(actor=cast.hibari.officer, report=report, answer="分母を確かめてください")
        report = written(cast, measure, value=None, numerator=Decimal(1), denominator=Decimal(8))
        submit_report(actor=cast.hibari.clerk, report=report)
        with pytest.raises(DomainError, match="ほかの人"):
            approve_report(actor=replace(cast.hibari.officer, id=cast.hibari.clerk.id), report=report)
        value = approve_report(actor=cast.hibari.officer, report=report)
        assert (value.value, value.recorded_by) == (Decimal("12.5"), cast.hibari.clerk.label)
        with pytest.raises(Stale):
            approve_report(actor=cast.hibari.officer, report=report)
        codes = [
            one.split(".")[2]
            for one in Event.objects.filter(code__startswith="indicators.report")
            .order_by("id")
            .values_list("code", flat=True)
        ]
    assert codes == ["written", "submitted", "returned", "written", "submitted", "approved"]


def test_what_is_locked_is_only_corrected(cast, measure):
    with tenant_scope(cast.hibari.id):
        report = submit_report(actor=cast.hibari.clerk, report=written(cast, measure, finality=Finality.PRELIMINARY))
        with pytest.raises(DomainError, match="承認されていない"):
            lock_year(actor=cast.hibari.officer, period=YEAR)
        assert approve_report(actor=cast.hibari.officer, report=report).finality == Finality.PRELIMINARY
        assert lock_year(actor=cast.hibari.officer, period=YEAR) == 1
        assert is_locked(measure, YEAR)
        clerk = replace(cast.hibari.clerk, permissions=frozenset({"indicators.value:record"}))
        with pytest.raises(PermissionRefused):
            record_value(actor=clerk, measure=measure, period=YEAR, value=Decimal(71), reason="誤り")
        corrected = record_value(
            actor=cast.hibari.officer, measure=measure, period=YEAR, value=Decimal(71), reason="誤り"
        )
        assert (corrected.finality, corrected.revision) == (Finality.CORRECTED, 2)
        with pytest.raises(DomainError):
            lock_year(actor=cast.hibari.officer, period=Period.containing(clock.today()))


@pytest.mark.parametrize("state", WITHOUT_NUMBER)
def test_every_way_of_having_none_arrives_as_itself(cast, measure, state):
    with tenant_scope(cast.hibari.id):
        report = submit_report(actor=cast.hibari.clerk, report=written(cast, measure, value=None, state=state))
        approve_report(actor=cast.hibari.officer, report=report)
        assert measure_now(measure.code, YEAR).figure.state is state


def test_the_late_are_listed_and_reminded_once_a_week(cast, measure):
    with tenant_scope(cast.hibari.id):
        assert [one.period for one in late_values(YEAR.last)] == []
        late = late_values()
        assert [(one.measure, one.period) for one in late] == [(measure, YEAR)]
        assert remind_late_by_worker(cast.hibari.id) > 0
        assert remind_late_by_worker(cast.hibari.id) == 0
        assert Event.objects.filter(code="indicators.late.reminded").count() == 1
        written(cast, measure)
        assert late_values()[0].report is not None
        record_value(actor=cast.hibari.officer, measure=measure, period=YEAR, state=FigureState.OUT_OF_SCOPE)
        assert late_values() == []


def test_a_new_definition_keeps_the_old_series(cast, measure):
    new = {"formula_text": "満足か普通 ÷ 回答", "unit": "%", "source": "アンケート"}
    with tenant_scope(cast.hibari.id):
        record_value(actor=cast.hibari.officer, measure=measure, period=YEAR, value=Decimal(70))
        for reason, given in (("", new), ("理由", new | {"formula_text": "満足 ÷ 回答"})):
            with pytest.raises(DomainError):
                redefine_measure(actor=cast.hibari.officer, measure=measure, reason=reason, **given)
        measure = redefine_measure(actor=cast.hibari.officer, measure=measure, reason="設問を改めた", **new)
        value = record_value(actor=cast.hibari.officer, measure=measure, period=Period.year(2026), value=Decimal(85))
        assert (measure.version, value.measure_version) == (2, 2)
        assert RecordedValue.objects.get(period_first=YEAR.first).measure_version == 1
        assert list(MeasureDefinition.objects.order_by("version").values_list("formula_text", flat=True)) == [
            "満足 ÷ 回答",
            new["formula_text"],
        ]


def test_on_the_pages(cast, client_for, measure):
    clerk, officer = client_for(cast.hibari.clerk), client_for(cast.hibari.officer)
    record = f"{INDEX}{measure.code}/record/"
    given = {"year": 2025, "state": "measured", "value": "70", "finality": "preliminary"}
    assert "満足度" in officer.get(f"{INDEX}late/").content.decode()
    assert officer.get(f"{INDEX}late/?format=csv").status_code == 200
    assert officer.post(f"{INDEX}late/remind/").status_code == 302
    assert clerk.post(record, given | {"keep": "yes"}).status_code == 302
    with tenant_scope(cast.hibari.id):
        page = f"{INDEX}reports/{ValueReport.objects.get().id}/"
    assert "提出する" in clerk.get(page).content.decode()
    assert clerk.post(f"{page}submit/").status_code == 302
    assert clerk.post(record, given).status_code == 422
    assert "満足度" in officer.get(f"{INDEX}reports/").content.decode()
    assert officer.post(f"{page}return/", {"answer": ""}).status_code == 422
    assert officer.post(f"{page}return/", {"answer": "確かめて"}).status_code == 302
    assert "確かめて" in clerk.get(page).content.decode()
    clerk.post(f"{page}submit/")
    officer.post(f"{page}approve/")
    assert "速報" in officer.get(f"{INDEX}{measure.code}/?period=2025").content.decode()
    assert officer.post(f"{INDEX}reports/lock/", {"year": 2025}).status_code == 302
    assert "確定（固定）" in officer.get(f"{INDEX}reports/?stage=locked").content.decode()
    assert officer.get(f"{INDEX}{measure.code}/redefine/").status_code == 200
    new = {"formula_text": "別の式", "unit": "%", "source": "アンケート", "reason": "設問を改めた"}
    assert officer.post(f"{INDEX}{measure.code}/redefine/", new | {"reason": ""}).status_code == 422
    assert officer.post(f"{INDEX}{measure.code}/redefine/", new).status_code == 302
    assert client_for(cast.misaki.officer).get(page).status_code == 404
    with tenant_scope(cast.hibari.id):
        Role.objects.update(permissions=["indicators.measure:read", "indicators.value:record"])
    for path in (f"{page}approve/", f"{page}return/", f"{INDEX}reports/lock/", f"{INDEX}late/remind/"):
        assert clerk.post(path).status_code == 403


def test_many_at_once_with_a_look_before(cast, client_for, measure):
    with tenant_scope(cast.hibari.id):
        other = define_measure(
            actor=cast.hibari.officer, label="件数", unit="件", direction="up", formula_text="数", source="帳簿"
        )
        lines = "年度,値\nR7,10\nR6,未調査\n".encode()
        import_values(actor=cast.hibari.clerk, measure=other, content=lines)
        submit_report(actor=cast.hibari.officer, report=write_report(
            actor=cast.hibari.officer, measure=measure, period=YEAR, value=Decimal(70)
        ))  # fmt: skip
        ids = [str(one) for one in ValueReport.objects.values_list("id", flat=True)]
    officer, bulk = client_for(cast.hibari.officer), f"{INDEX}reports/bulk/"
    assert "選んだものを承認する" in officer.get(f"{INDEX}reports/").content.decode()
    look = officer.post(bulk, {"to": "approved", "report": ids}).content.decode()
    assert "2件を承認する" in look
    assert "自分が書いた値は、ほかの人が承認します" in look
    with tenant_scope(cast.hibari.id):
        assert not RecordedValue.objects.exists()
    answer = officer.post(bulk, {"to": "approved", "report": ids, "confirmed": "yes"}, follow=True).content.decode()
    assert "2件を「承認済み」にしました" in answer
    assert "進めていません" in answer
    with tenant_scope(cast.hibari.id):
        assert RecordedValue.objects.count() == 2
    admin = client_for(cast.hibari.administrator)
    back = {"to": "returned", "report": ids, "confirmed": "yes"}
    assert admin.post(bulk, back).status_code == 422
    assert admin.post(bulk, back | {"answer": "分母を確かめて"}).status_code == 302
    assert officer.post(bulk, {"to": "submitted", "report": ids, "confirmed": "yes"}).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert ValueReport.objects.get(measure=measure).stage == "submitted"
    assert officer.post(bulk, {"to": "locked", "report": ids}).status_code == 302
    assert officer.post(bulk, {"to": "approved", "report": ["x"]}).status_code == 302
