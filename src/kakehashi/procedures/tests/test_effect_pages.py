"""効果 on the staff's screens, and 処理期間の実績 for everybody, with what is too few left out."""

import json

import pytest

from kakehashi.governments.selectors import forget_tenants
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.models import Application, EffectAssumption, FilingTally, ProcessingTime
from kakehashi.procedures.selectors.open_data import FILING_STEPS, PROCEDURE_EFFECTS
from kakehashi.procedures.selectors.processing import public_time
from kakehashi.procedures.services import count_filings, measure_processing
from kakehashi.procedures.tests.test_effect import ASSUMED
from kakehashi.procedures.tests.test_measure_waiting import finished


@pytest.fixture
def busy(cast, online):
    """A 届出 of which ten were finished, and one of which one was."""
    many, few = online(Kind.NOTIFICATION), online(Kind.NOTIFICATION, name="めずらしい届出")
    with tenant_scope(cast.hibari.id):
        finished(cast, many, 3, 4, 5, 6, 7, 8, 9, 10, 30, 40, ago=0)
        finished(cast, few, 77, ago=0)
        Application.objects.update(channel="online", state="completed")
        count_filings()
        measure_processing()
    return many, few


def test_figures_open_their_rows(cast, busy, client_for):
    client = client_for(cast.hibari.officer)
    page = client.get("/staff/procedures/effect/").content.decode()
    assert "補正なしで終わった割合" in page
    assert "終わった申請 11" in page
    assert "前提がわからない 11件" in page
    rows = client.get(f"/staff/procedures/effect/rows/first_time_right/?procedure={busy[0].id}").content.decode()
    assert "10行" in rows
    assert "めずらしい届出" not in rows
    export = client.get("/staff/procedures/effect/?format=csv").content.decode("utf-8-sig")
    assert len(export.splitlines()) == 3
    assert client.get("/staff/procedures/effect/?kind=disposition&period=x&department=y").status_code == 200
    assert client.get("/staff/procedures/effect/rows/nothing/").status_code == 404


def test_one_procedure_with_its_assumption(cast, busy, client_for):
    client, address = client_for(cast.hibari.officer), f"/staff/procedures/inventory/{busy[0].id}/effect/"
    assert "前提がまだ書かれていません" in client.get(address).content.decode()
    answer = client.post(f"{address}assumption/", {**ASSUMED, "minutes_online": ""})
    assert answer.status_code == 422
    assert "出典" in answer.content.decode()
    assert client.post(f"{address}assumption/", {**ASSUMED, "source": "窓口で測った"}).status_code == 302
    page = client.get(address).content.decode()
    assert "紙 30分 → オンライン 10分" in page
    assert ">200<" in page
    assert client.post(f"{address}assumption/", {"clear": "1"}).status_code == 302
    kinds = "/staff/procedures/effect/assumptions/"
    assert client.post(f"{kinds}notification/", {**ASSUMED, "source": "聞いた"}).status_code == 302
    assert "聞いた" in client.get(kinds).content.decode()
    assert client.get(f"{kinds}nothing/").status_code == 404
    with tenant_scope(cast.hibari.id):
        assert EffectAssumption.objects.get().kind == "notification"


def test_strangers_and_neighbours(cast, busy, client_for):
    address = f"/staff/procedures/inventory/{busy[0].id}/effect/"
    assert client_for(cast.hibari).get(address).status_code == 302
    assert client_for(cast.misaki.officer).get(address).status_code == 404
    assert client_for(cast.hibari.officer, at=cast.misaki).get("/staff/procedures/effect/").status_code == 404


def test_few_are_not_published(cast, busy, client_for):
    client = client_for(cast.hibari)
    with tenant_scope(cast.hibari.id):
        many, few = (public_time(ProcessingTime.objects.get(procedure=each)) for each in busy)
        assert (many.count, many.median_days, many.p90_days) == (10, 7, 30)
        assert (few.count, few.median_days, few.p90_days, few.first_time) == (None, None, None, None)
    page = client.get("/procedures/times/").content.decode()
    assert "30日まで" in page
    assert "5件より少ない" in page
    assert "77日" not in page
    for language in ("en", "ja-easy"):
        assert client.get("/procedures/times/", headers={"accept-language": language}).status_code == 200
    assert "見つかりませんでした" in client.get("/procedures/times/?q=ないことば&year=1999").content.decode()


def test_open_data_says_its_licence_and_columns(cast, busy, client_for):
    client = client_for(cast.hibari)
    answer = client.get("/procedures/times.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "creativecommons.org/licenses/by/4.0" in answer["Link"]
    assert ",77," not in answer.content.decode()
    found = json.loads(client.get(f"/procedures/times.json?year={fiscal_year(clock.today())}").content)
    assert {row["suppressed"] for row in found["rows"]} == {0, 1}
    assert list(found["rows"][0]) == [column["key"] for column in found["columns"]]
    assert found["license"]["name"].endswith("（CC BY 4.0）")
    forget_tenants()


def test_the_public_page_reads_the_snapshot_only(cast, busy, client_for, django_assert_max_num_queries):
    client = client_for(cast.hibari)
    client.get("/procedures/times/")
    with django_assert_max_num_queries(12):
        assert client.get("/procedures/times/").status_code == 200


def test_the_effect_is_offered_as_open_data_without_what_is_too_few(cast, busy, client_for):
    with tenant_scope(cast.hibari.id):
        rows = {row["procedure_id"]: row for row in PROCEDURE_EFFECTS.rows()}
        many, few = (rows[each.id] for each in busy)
        assert (many["finished"], many["suppressed"]) == (10, False)
        assert (few["finished"], few["visits_avoided"], few["suppressed"]) == (None, None, True)
        assert set(many) == {column.key for column in PROCEDURE_EFFECTS.columns}
        year = fiscal_year(clock.today())
        FilingTally.objects.create(
            procedure=busy[0], version=1, day=clock.today(), language="ja", submitted=8, stopped=3,
            steps={"page_1": [11, 0, 0], "page_2": [11, 3, 0], "_confirm": [8, 0, 0]},
        )  # fmt: skip
        steps = list(FILING_STEPS.rows())
        assert [(row["fiscal_year"], row["position"], row["reached"]) for row in steps] == [
            (year, 1, 11), (year, 2, 11), (year, 3, None)
        ]  # fmt: skip
        assert str(steps[1]["drop_off_percent"]) == "27.3"
        assert set(steps[0]) == {column.key for column in FILING_STEPS.columns}
