"""市町村支援: municipalities × indicators."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.domain.published import Answer
from kakehashi.indicators.models import Finality, Origin, PublishedEdition, PublishedIndicator, PublishedValue
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.plans import services
from kakehashi.plans.domain.matrix import (
    CELL_WORDS,
    Cell,
    CellState,
    Column,
    context_of,
    context_text,
    is_of_size,
    sort_cells,
)
from kakehashi.plans.domain.sharing import Reach
from kakehashi.plans.models import SharedFigure
from kakehashi.plans.tests.test_choose_sharing import satisfaction

PAGE = "/staff/plans/municipalities/"
SHARE = Column("x", "満足度", "%", "t", "up")
ASKED = Column("y", "CIOの任命", "", "t", "up", is_yes_no=True)


@pytest.fixture
def shared(cast, prefecture):
    """ひばり町 shares 41 %, みさき市 withholds, and a village does not use the system."""
    Government.objects.create(
        code="990035", name="そとの村", kind="village", parent=prefecture.government, population=800
    )
    with tenant_scope(cast.hibari.id):
        satisfaction(cast.hibari, 41)
    with tenant_scope(cast.misaki.id):
        measure = satisfaction(cast.misaki, 77)
        services.choose_sharing(actor=cast.misaki.officer, choices={measure.code: Reach.NONE})
    return prefecture


@pytest.fixture
def published(cast, prefecture):
    edition = PublishedEdition.objects.create(name="令和5年度調査", source="国の調査")
    row = PublishedIndicator.objects.create(
        edition=edition, scope="municipality", area="推進体制", label="CIOの任命", kind="yes_no", order=1
    )
    for town, answer in ((cast.hibari, Answer.NOT_SURVEYED), (cast.misaki, Answer.CARRIED_OUT)):
        PublishedValue.objects.create(indicator=row, government=town.government, answer=answer)
    return row


def of(client, **asked):
    return client.get(PAGE, asked).content.decode()


def test_every_way_of_having_no_number_is_drawn_differently(client_for, shared):
    page = of(client_for(shared.officer), theme="共有：手入力の指標")
    assert "41.0<small>%</small>" in page
    assert 'data-state="withheld"' in page
    assert 'data-state="absent"' in page
    assert "77" not in page.split("<tbody>")[1].split("</tbody>")[0]
    assert len({words[:2] for words in CELL_WORDS.values()}) == len(CELL_WORDS)
    assert "中央値 41.0%（3団体のうち1団体）" in page
    assert "順位ではありません" in page


def test_published_values_stand_beside(client_for, prefecture, published):
    page = of(client_for(prefecture.officer), theme="公表値：推進体制")
    assert "調査無し" in page
    assert "実施 1団体・回答の100.0％・全体の50.0％（2団体のうち1団体が回答）" in page


def test_filters_and_order(client_for, shared):
    client = client_for(shared.officer)
    assert "そとの村" not in of(client, kind="town")
    assert "ひばり町" in of(client, kind="town")
    assert "そとの村" in of(client, size="s1")
    assert "ひばり町</a>" not in of(client, size="s1")
    for asked in (
        {"sort": "population"},
        {"sort": "name"},
        {"as_of": "2025"},
        {"as_of": "2025-10"},
        {"from": "999"},
        {"theme": "all"},
    ):
        assert client.get(PAGE, asked).status_code == 200
    assert "未調査" in of(client, as_of="2025-10")


def test_one_municipality_one_indicator_one_cell(cast, client_for, shared, published):
    client = client_for(shared.officer)
    one = of(client, town=cast.hibari.government.code, theme="all")
    assert "満足度" in one
    assert "CIOの任命" in one
    key = one.split("/990019/")[1].split("/")[0]
    assert "ひばり町" in of(client, one=key, sort="-value")
    history = client.get(f"{PAGE}990019/{key}/").content.decode()
    assert "令和7年度" in history
    assert "満足 ÷ 回答" in history
    assert "行はひばり町のものです" in history
    withheld = client.get(f"{PAGE}990027/{key}/").content.decode()
    assert "非共有" in withheld
    assert "77" not in withheld.split("これまでの値")[1]
    assert client.get(f"{PAGE}990019/nothing/").status_code == 404
    assert client.get(f"{PAGE}990019/p-{published.id.hex}/").status_code == 200
    assert client.get(PAGE, {"town": "1"}).status_code == 404
    assert client.get(PAGE, {"one": "x"}).status_code == 404


def test_files(client_for, shared):
    client = client_for(shared.officer)
    body = client.get(PAGE, {"format": "csv"}).content.decode("utf-8-sig")
    assert "非共有" in body
    assert "利用なし" in body
    assert "41.0" in body
    assert "文脈" in body
    assert client.get(PAGE, {"format": "xlsx"}).status_code == 200
    assert client.get(PAGE, {"format": "csv", "town": "990019"}).status_code == 200


def test_only_a_prefecture_with_the_permission(cast, client_for, shared):
    assert client_for(cast.hibari.officer).get(PAGE).status_code == 404
    assert client_for(shared.officer).post(PAGE).status_code == 405
    with tenant_scope(shared.id):
        Role.objects.update(permissions=["plans.plan:read"])
    assert client_for(shared.officer).get(PAGE).status_code == 403


def test_the_rail_shows_it_to_prefectures_only(cast, client_for, shared):
    assert "市町村支援" in client_for(shared.officer).get("/staff/plans/").content.decode()
    town = client_for(cast.hibari.officer).get("/staff/plans/").content.decode()
    assert "市町村支援" not in town
    assert "県・市町村との共有" in town


def test_the_number_of_queries_does_not_grow(client_for, shared, published):
    client = client_for(shared.officer)
    client.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(PAGE, {"theme": "all"})
    Government.objects.bulk_create(
        [
            Government(code=f"99{n:04}", name=f"増えた{n}村", kind="village", parent=shared.government)
            for n in range(400, 430)
        ]
    )
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE, {"theme": "all"})
    assert len(many) == len(few)


def test_context_and_order_of_numbers():
    cells = [Cell(CellState.VALUE, Decimal(4)), Cell(CellState.ZERO, Decimal(0)), Cell(CellState.WITHHELD)]
    assert context_of(SHARE, cells).middle == 2
    assert context_text(SHARE, context_of(SHARE, [Cell(CellState.BLANK)])) == "値のある団体はありません（1団体）"
    assert context_text(ASKED, context_of(ASKED, [Cell(CellState.NO)])).startswith("実施 0団体・回答の0.0％")
    own = {"a": cells[2], "b": cells[0], "c": cells[1]}
    assert sort_cells("abc", own, descending=True) == ["b", "c", "a"]
    assert sort_cells("abc", own, descending=False) == ["c", "b", "a"]
    assert is_of_size(5000, "s2")
    assert not is_of_size(None, "s2")
    assert not is_of_size(5000, "zz")
    assert Period.year(2025).code == "2025"


def test_what_is_counted_in_a_running_year_is_not_called_final(cast):
    told = {"period_kind": "year", "period_first": date(2026, 4, 1), "finality": Finality.CONFIRMED}
    with tenant_scope(cast.hibari.id):
        counted, entered = (SharedFigure(value_origin=origin, **told) for origin in (Origin.COMPUTED, Origin.ENTERED))
    with clock.frozen(datetime(2027, 3, 31, 23, 59, tzinfo=clock.JST)):
        assert [counted.finality_words, entered.finality_words] == ["期間の途中", "確定"]
    with clock.frozen(datetime(2027, 4, 1, 0, 0, tzinfo=clock.JST)):
        assert counted.finality_words == "確定"
