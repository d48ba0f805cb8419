"""The pages of indicators: works, wrong method, no permission, other town, files."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.indicators.models import ManualMeasure, RecordedValue, ValueReport
from kakehashi.indicators.services import take_snapshots
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Post, Role

INDEX = "/staff/indicators/"


def test_index(cast, client_for, measures):
    page = client_for(cast.hibari.clerk).get(INDEX).content.decode()
    assert "管理職の割合" in page
    assert "40.0" in page


def test_index_without_measures_teaches(cast, client_for, measures):
    measures._entries.clear()
    assert "数えられる指標はまだありません" in client_for(cast.hibari.clerk).get(INDEX).content.decode()


@pytest.mark.parametrize("code", ["people.posts", "people.manager_share", "people.rank", "people.stock"])
def test_measure(cast, client_for, measures, code):
    client = client_for(cast.hibari.clerk)
    for query in ("", "?period=2025", "?period=2026-10", "?period=x", "?period=1900-01"):
        response = client.get(f"{INDEX}{code}/{query}")
        assert response.status_code == 200
        assert "計算式" in response.content.decode()


@pytest.mark.parametrize("path", [INDEX, f"{INDEX}people.posts/", "/staff/indicators/?format=csv"])
def test_more_measures_and_periods_ask_no_more(cast, client_for, measures, path):
    """One query for what is recorded and one for all that is counted, however many indicators and months a page shows."""
    client = client_for(cast.hibari.clerk)
    with CaptureQueriesContext(connection) as few:
        assert client.get(path).status_code == 200
    for number in range(20):
        code = f"people.more_{number}"
        measures.register(code, replace(measures.get("people.posts"), code=code, label=code))
    with tenant_scope(cast.hibari.id):
        take_snapshots(months=13)
    with CaptureQueriesContext(connection) as many:
        assert client.get(path).status_code == 200
    assert len(many) <= len(few)


def test_rows_list_what_was_counted_with_links(cast, client_for, measures):
    page = client_for(cast.hibari.clerk).get(f"{INDEX}people.manager_share/rows/").content.decode()
    assert "2件" in page
    assert "住民課課長" in page
    assert 'href="/x/' in page


def test_rows_of_the_denominator_and_of_a_department(cast, client_for, measures):
    client = client_for(cast.hibari.clerk)
    assert "5件" in client.get(f"{INDEX}people.manager_share/rows/?part=denominator").content.decode()
    page = client.get(f"{INDEX}people.manager_share/rows/?department={cast.hibari.department.id}").content.decode()
    assert "1件" in page


@pytest.mark.parametrize("query", ["part=x", "department=x", "period=%00", "cursor=zzz", "department=%00&part=unknown"])
def test_rows_take_any_query(cast, client_for, measures, query):
    assert client_for(cast.hibari.clerk).get(f"{INDEX}people.posts/rows/?{query}").status_code == 200


def test_rows_of_the_neighbour_are_not_there(cast, client_for, measures):
    with tenant_scope(cast.misaki.id):
        Post.objects.create(name="隣の職", rank=1, valid_from=date(2020, 4, 1))
    assert "隣の職" not in client_for(cast.hibari.clerk).get(f"{INDEX}people.posts/rows/").content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_files(cast, client_for, measures, kind):
    client = client_for(cast.hibari.clerk)
    for path in ("", "people.manager_share/", "people.manager_share/rows/"):
        response = client.get(f"{INDEX}{path}?format={kind}")
        assert "attachment" in response["Content-Disposition"]
    assert client.get(f"{INDEX}?format=exe").status_code == 404


def test_unknown_measures_are_404(cast, client_for, measures):
    client = client_for(cast.hibari.clerk)
    for path in ("nothing/", "people.nothing/rows/", "people.posts/record/", "manual.x/import/"):
        assert client.get(INDEX + path).status_code == 404


def test_permissions(cast, client_for, measures):
    with tenant_scope(cast.hibari.id):
        Role.objects.update(permissions=[])
    client = client_for(cast.hibari.clerk)
    for path in ("", "new/", "people.posts/", "people.posts/rows/"):
        assert client.get(INDEX + path).status_code == 403


def test_wrong_method(cast, client_for, measures):
    assert client_for(cast.hibari.clerk).post(INDEX).status_code == 405


WORDS = {"label": "満足度", "unit": "%", "direction": "up", "formula_text": "満足 ÷ 回答", "source": "アンケート"}


def test_define_report_correct(cast, client_for):
    client, other = client_for(cast.hibari.officer), client_for(cast.hibari.administrator)
    assert client.post(f"{INDEX}new/", {}).status_code == 422
    assert client.post(f"{INDEX}new/", WORDS).status_code == 302
    with tenant_scope(cast.hibari.id):
        code = ManualMeasure.objects.get().code
    record = f"{INDEX}{code}/record/"
    assert client.get(record).status_code == 200
    for value, note in (("70", ""), ("71", "誤り")):
        given = {"year": 2025, "state": "measured", "value": value}
        if note:
            refused = client.post(record, given)
            assert (refused.status_code, "理由" in refused.content.decode()) == (422, True)
        assert client.post(record, given | {"note": note}).status_code == 302
        with tenant_scope(cast.hibari.id):
            report = ValueReport.objects.get(stage="submitted")
        other.post(f"{INDEX}reports/{report.id}/approve/")
    page = client.get(f"{INDEX}{code}/?period=2025").content.decode()
    assert "訂正の記録" in page
    assert "手入力" in page
    with tenant_scope(cast.hibari.id):
        assert RecordedValue.objects.count() == 2


HOSTILE = ["x", "1e999", "NaN", "\x00", "9" * 400, "-", "１２"]


@pytest.mark.parametrize("field", ["value", "numerator", "denominator", "year", "state", "surveyed_on"])
def test_hostile_values_are_messages(cast, client_for, field):
    client = client_for(cast.hibari.officer)
    client.post(f"{INDEX}new/", WORDS)
    with tenant_scope(cast.hibari.id):
        code = ManualMeasure.objects.get().code
    for value in HOSTILE:
        given = {"year": "2025", "state": "measured", "value": "1", field: value}
        assert client.post(f"{INDEX}{code}/record/", given).status_code in (302, 422)
