"""Old open data is work of its section, a line of the status page and of doctor; business rooms' datasets are drawn without persons."""

from datetime import timedelta

import pytest

from kakehashi.cases.models import Case
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.opendata import hooks, selectors, services
from kakehashi.opendata.domain.registry import DATASETS
from kakehashi.opendata.models import Facility
from kakehashi.people.models import Resident
from kakehashi.plans.services import publish_plan
from kakehashi.plans.testing import small_plan
from kakehashi.procedures.models import Procedure, ProcedureText
from kakehashi.site.checks import Level, _open_data
from kakehashi.site.open_data import STALE, late_titles
from kakehashi.site.status_page import CARE, GOOD, status_lines


def publish(town, code):
    source = selectors.find_source(code)
    services.set_dataset(
        actor=town.officer, source=source, values={"department": town.department, "frequency": "weekly"}
    )
    return services.publish_dataset(actor=town.officer, source=source)


def freshness_line(town):
    return next(line for line in status_lines(town.government) if line.title == "オープンデータの鮮度")


def test_an_old_dataset_is_work_until_it_is_published_again(town):
    Facility.objects.create(identifier="1", name="公民館", address="ひばり町1")
    publish(town, "public_facility")
    assert (late_titles(), freshness_line(town).level) == ([], GOOD)
    for days in (20, 60):
        with clock.frozen(clock.now() + timedelta(days=days)):
            services.tell_late_datasets(government_id=town.id)
            case = Case.objects.get(kind=STALE)
            assert (case.department_id, case.closed_at) == (town.department.id, None)
            assert late_titles() == ["公共施設の一覧"]
            assert freshness_line(town).level == CARE
            publish(town, "public_facility")
            assert Case.objects.get(kind=STALE).closed_at is not None


def test_procedures_are_published_as_residents_read_of_them(town):
    procedure = Procedure.objects.create(
        name="転入届", department=town.department, standard_processing_days=5, channels=["counter"]
    )
    Procedure.objects.create(name="公開していない手続", department=town.department)
    ProcedureText.objects.create(procedure=procedure, language="ja", name="転入届", what_for="住み始めたときの\n届出")
    edition = publish(town, "procedures")
    row = dict(zip([column["key"] for column in edition.columns], edition.rows[0], strict=True))
    assert (edition.row_count, row["what_for"], row["standard_days"], row["counter"], row["online"]) == (
        1, "住み始めたときの 届出", "5", "1", "",
    )  # fmt: skip


def test_every_offered_dataset_can_be_drawn_and_reads_no_personal_data(town):
    for code, source in DATASETS.items():
        found = selectors.draft_of(source).checked.findings
        assert "value.personal" not in {one.rule for one in found}, code


def test_personal_data_is_refused_however_it_is_offered(town):
    column = hooks.DataColumn("name", "氏名", source="Resident.name")
    with pytest.raises(ValueError, match="personal data"):
        hooks.register_dataset(hooks.DatasetSource("persons", "opendata", "人", "", (column,), list))
    sly = hooks.DatasetSource("sly", "opendata", "人", "", (hooks.DataColumn("name", "名"),), _residents)
    checked = selectors.draft_of(sly).checked
    assert [one.rule for one in checked.findings] == ["value.personal"]
    assert not checked.may_publish


def _residents():
    return [{"name": "一人" if one else ""} for one in Resident.objects.all()]


def test_indicators_carry_the_state_of_every_value(town):
    small = small_plan(town.officer)
    publish_plan(actor=town.officer, plan=small.plan)
    edition = publish(town, "indicators")
    keys = [column["key"] for column in edition.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in edition.rows]
    this_year = next(row for row in rows if row["fiscal_year"] == str(small.year) and row["code"])
    assert (this_year["target"], this_year["value"], this_year["state"]) == ("60", "", "未調査")
    assert {row["plan"] for row in rows} == {"ひばり町DX推進計画"}


def test_doctor_names_what_is_old(cast):
    with tenant_scope(cast.hibari.id):
        Facility.objects.create(identifier="1", name="公民館", address="ひばり町1")
        publish(cast.hibari, "public_facility")
    assert not [one for one in _open_data() if one.level is not Level.GOOD]
    with clock.frozen(clock.now() + timedelta(days=20)):
        assert [one.en for one in _open_data()] == ["1 open datasets are late"]
