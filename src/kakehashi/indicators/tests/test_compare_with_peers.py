"""似た団体: the spread with its range, the silent apart, never a bare ranking."""

from decimal import Decimal

import pytest

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.indicators.domain.comparison import compare, steps_of
from kakehashi.indicators.domain.published import Answer, Cell
from kakehashi.indicators.models import PublishedIndicator
from kakehashi.indicators.services import import_published_tables

OF = {kind: Cell(kind) for kind in Answer}


def number(value, above=None, below=None):
    return Cell(Answer.NUMBER, Decimal(value), above, below)


def test_a_share_has_its_range_and_the_silent_are_no_no():
    found = compare(OF[Answer.CARRIED_OUT], [OF[Answer.CARRIED_OUT]] * 15 + [OF[Answer.NOT_CARRIED_OUT]] * 133 + [OF[Answer.NOT_SURVEYED]] * 8)  # fmt: skip
    assert (found.answered, found.silent, found.carried_out) == (148, 8, 15)
    assert (round(found.share.low, 4), round(found.share.high, 4)) == (0.0624, 0.1605)
    assert found.place == ""


def test_the_own_place_is_told_with_its_doubt():
    peers = [number(value) for value in range(10, 31)]
    assert compare(number("20"), peers).place == "真ん中の値と同じくらいです。"
    assert "下です（半分の団体が入る範囲の外）" in compare(number("11"), peers).place
    assert "違うとは言えません" in compare(number("11", Decimal(1), Decimal(9)), peers).place
    found = compare(number("11"), peers)
    assert (found.lower, found.same, found.higher, found.is_few) == (1, 1, 19, False)
    assert compare(number("3"), peers[:4]).place == "団体の数が少なく、真ん中の値の幅を出せません。"
    assert compare(None, []).spread is None
    assert steps_of(compare(None, [number("5")]).spread) == [(5, 5)]


@pytest.fixture
def published(cast):
    names = []
    for place in range(12):
        code = ("104264", "104281", "104299", "104434", "104442", "104485", "104493", "104647", "105210", "105228", "105236", "105244")[place]  # fmt: skip
        names.append(f"町{place}")
        Government.objects.create(code=code, name=names[-1], kind=GovernmentKind.TOWN, population=16_000 + place)
    Government.objects.filter(id=cast.hibari.id).update(kind=GovernmentKind.TOWN, population=17_000)
    rows = ["体制,CIOの任命," + ",".join(["実施"] * 7 + ["未実施"] * 4 + ["調査無し"])]
    rows.append("住民,率," + ",".join(f"{10 + place}%" for place in range(12)))
    table = ",," + ",".join(names) + "\n" + "\n".join(rows) + "\n"
    import_published_tables(files=[("表.csv", table.encode())], edition="令和5年度", source="例の調査")
    return {one.label: f"/staff/indicators/published/{one.id}/peers/" for one in PublishedIndicator.objects.all()}


def test_the_page_gives_the_share_with_its_range(cast, client_for, published):
    page = client_for(cast.hibari.clerk).get(published["CIOの任命"]).content.decode()
    for word in (
        "町村（人口1万5千人以上2万人未満）",
        "11団体（ほかに",
        "63.6％（7 ÷ 11）。95％の幅 35.4〜84.8％",
        "比べられないこと",
    ):
        assert word in page
    assert "位）" not in page


def test_the_page_gives_the_spread_and_a_file(cast, client_for, published):
    client = client_for(cast.hibari.clerk)
    page = client.get(published["率"]).content.decode()
    assert "15.5％（95％の幅 12％〜19％）" in page
    assert "ind-plot" in page
    rows = client.get(published["率"], {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("104264,町0,16000,10%")
    assert "比べる団体が少ないです" not in page
    assert client.get(published["率"], {"near": "1"}).status_code == 200


def test_without_a_population_nobody_is_compared(cast, client_for, published):
    Government.objects.filter(id=cast.hibari.id).update(population=None)
    assert "人口が分からない" in client_for(cast.hibari.clerk).get(published["率"]).content.decode()
