"""A number that moved with no rows behind it is flagged, shown and explained; an old definition keeps its series."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import Anomaly, MeasureDefinition, RecordedValue
from kakehashi.indicators.selectors import former_series
from kakehashi.indicators.services import take_snapshots
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Post

INDEX = "/staff/indicators/"
NOVEMBER, DECEMBER = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 12, 1, 3, tzinfo=UTC)


def take(moment):
    with clock.frozen(moment):
        take_snapshots(months=1)


def kinds(code):
    return set(Anomaly.objects.filter(measure_code=code).values_list("kind", "period_kind"))


def test_a_value_that_moves_while_its_rows_stay(town, measures):
    take(NOVEMBER)
    Post.objects.update(rank=10)
    take(DECEMBER)
    assert ("moved_without_rows", "year") in kinds("people.rank")
    assert ("moved_without_rows", "month") in kinds("people.rank")
    assert kinds("people.posts") == set()
    assert Event.objects.filter(code="indicators.anomaly.noticed").exists()
    take(DECEMBER)
    assert Anomaly.objects.filter(measure_code="people.rank", period_kind="year").count() == 1


def test_a_closed_month_that_moves(town, measures):
    take(NOVEMBER)
    Post.objects.create(name="あとから入れた職", rank=70, valid_from=date(2020, 4, 1))
    take(DECEMBER)
    assert kinds("people.posts") == {("closed_moved", "month")}
    assert (
        RecordedValue.objects.get(measure_code="people.posts", period_first=date(2026, 10, 1), department=None).value
        == 5
    )


def test_an_old_definition_keeps_its_series(town, measures):
    take(NOVEMBER)
    measures._entries["people.posts"] = replace(measures.get("people.posts"), version=2, formula_text="新しい式")
    Post.objects.create(name="増えた職", rank=70, valid_from=date(2020, 4, 1))
    take(NOVEMBER)
    month = Period.month(2026, 10)
    assert former_series("people.posts", 2, [month])[month].value == 5
    assert former_series("people.posts", 1, [month]) == {}
    found = MeasureDefinition.objects.filter(measure_code="people.posts").order_by("version")
    assert list(found.values_list("version", "formula_text")) == [(1, "職の数"), (2, "新しい式")]
    assert kinds("people.posts") == set()


@pytest.fixture
def moved(cast, measures):
    with tenant_scope(cast.hibari.id):
        take(NOVEMBER)
        Post.objects.update(rank=10)
        take(DECEMBER)
        measures._entries["people.rank"] = replace(measures.get("people.rank"), version=2)
        return Anomaly.objects.filter(measure_code="people.rank").first()


def test_on_the_pages(cast, client_for, moved):
    client = client_for(cast.hibari.officer)
    assert "数えた行は同じなのに、数字が動きました" in client.get(f"{INDEX}anomalies/").content.decode()
    page = client.get(f"{INDEX}people.rank/?period=2026-10").content.decode()
    for words in ("動いた数字", "前の定義", "ind-plot", "説明なし"):
        assert words in page
    path = f"{INDEX}anomalies/{moved.id}/"
    assert client.post(path, {"explanation": ""}).status_code == 422
    assert client.post(path, {"explanation": "職の順位を直した"}).status_code == 302
    assert "職の順位を直した" in client.get(f"{INDEX}people.rank/").content.decode()
    assert client.get(f"{INDEX}people.rank/?format=csv").status_code == 200
    assert client_for(cast.misaki.officer).post(path, {"explanation": "x"}).status_code == 404
