"""「近くで誰がどうしたか」, for the prefecture and for the municipality itself."""

from decimal import Decimal

import pytest

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.published import Answer
from kakehashi.indicators.models import PublishedEdition, PublishedIndicator, PublishedValue
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans import hooks
from kakehashi.plans.domain.gaps import is_ahead, matter_of, progress
from kakehashi.plans.domain.matrix import Cell, CellState, Column
from kakehashi.plans.domain.sharing import Reach
from kakehashi.plans.hooks import NeighbourCase, register_case_finder
from kakehashi.plans.selectors.our_place import columns_for
from kakehashi.plans.services import choose_sharing
from kakehashi.plans.tests.test_choose_sharing import satisfaction

PLACE = "/staff/plans/our-place/"
RATE = Column("a", "率", "%", "t", "up")
DAYS = Column("b", "日数", "日", "t", "down")
ASKED = Column("c", "RPAの導入状況", "", "t", "up", is_yes_no=True)
YES, NO = Cell(CellState.YES), Cell(CellState.NO)


def number(value):
    return Cell(CellState.VALUE, Decimal(value))


@pytest.fixture
def rpa(cast, prefecture, monkeypatch):
    """みさき市 has RPA and shared a case about it; ひばり町 has not."""
    edition = PublishedEdition.objects.create(name="令和5年度調査", source="国の調査")
    row = PublishedIndicator.objects.create(
        edition=edition, scope="municipality", area="業務のDX", label="RPAの導入状況", kind="yes_no", order=1
    )
    for town, answer in ((cast.hibari, Answer.NOT_CARRIED_OUT), (cast.misaki, Answer.CARRIED_OUT)):
        PublishedValue.objects.create(indicator=row, government=town.government, answer=answer)
    monkeypatch.setattr(hooks, "CASE_FINDERS", type(hooks.CASE_FINDERS)("test.finders"))
    case = NeighbourCase(cast.misaki.id, "転記をRPAにした", "/x/", "総務課", is_about=True)
    other = NeighbourCase(cast.misaki.id, "窓口の話", "/y/", "", is_adopted=True)
    register_case_finder("desk", lambda matter, ids: [other, case] if matter == "RPA" and cast.misaki.id in ids else [])
    return row


def test_the_town_finds_who_is_further_on_with_case_and_contact(cast, client_for, rpa):
    client = client_for(cast.hibari.officer)
    page = client.get(PLACE).content.decode()
    assert "先に進んでいる1団体" in page
    assert "実施 1団体" in page
    near = client.get(PLACE, {"one": f"p-{rpa.id.hex}"}).content.decode()
    assert near.index("転記をRPAにした") < near.index("窓口の話")
    assert "連絡先：みさき市 総務課" in near
    assert "別の主題" in near
    assert client.get(PLACE, {"one": "x"}).status_code == 404
    assert "先に進んでいる団体の数" in client.get(PLACE, {"format": "csv"}).content.decode("utf-8-sig")
    nobody = client_for(cast.misaki.officer).get(PLACE, {"one": f"p-{rpa.id.hex}"}).content.decode()
    assert "見えている値の中にはありません" in nobody


def test_the_prefecture_finds_the_same_in_the_cell(prefecture, client_for, rpa):
    page = client_for(prefecture.officer).get(f"/staff/plans/municipalities/990019/p-{rpa.id.hex}/").content.decode()
    assert "近くで誰がどうしたか" in page
    assert "転記をRPAにした" in page
    assert client_for(prefecture.officer).get(PLACE).status_code == 404


def test_towns_that_chose_so_see_each_other(cast, prefecture, client_for):
    with tenant_scope(cast.misaki.id):
        measure = satisfaction(cast.misaki, 62)
        choose_sharing(actor=cast.misaki.officer, choices={measure.code: Reach.TOWNS})
    with tenant_scope(cast.hibari.id):
        own = satisfaction(cast.hibari, 41)
        choose_sharing(actor=cast.hibari.officer, choices={own.code: Reach.NONE})
        here = Government.objects.get(id=cast.hibari.id)
        (column,) = columns_for(here, None)
    client = client_for(cast.hibari.officer)
    page = client.get(PLACE).content.decode()
    assert "先に進んでいる1団体" in page
    assert "41.0" in page
    assert "みさき市" in client.get(PLACE, {"one": column.key}).content.decode()
    with tenant_scope(cast.misaki.id):
        choose_sharing(actor=cast.misaki.officer, choices={measure.code: None})
    assert client.get(PLACE, {"one": column.key}).status_code == 404


def test_ahead_follows_the_better_direction():
    assert is_ahead(RATE, number(5), number(3))
    assert is_ahead(DAYS, number(3), number(5))
    assert not is_ahead(DAYS, number(5), number(3))
    assert is_ahead(RATE, number(0), Cell(CellState.NOT_SURVEYED))
    assert not is_ahead(RATE, Cell(CellState.WITHHELD), number(3))
    assert is_ahead(ASKED, YES, NO)
    assert not is_ahead(ASKED, NO, Cell(CellState.BLANK))
    assert not is_ahead(Column("d", "件", "件", "t", "neutral"), number(5), number(3))
    assert progress(DAYS, number(3)) > progress(DAYS, number(5))
    assert [matter_of(text) for text in ("RPAの導入状況", "導入状況")] == ["RPA", "導入状況"]
