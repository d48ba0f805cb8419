"""公表値: the country, a prefecture and ourselves; what was not answered is said in words."""

from datetime import date

import pytest

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.indicators.models import PublishedEdition, PublishedIndicator
from kakehashi.indicators.selectors.published import editions
from kakehashi.indicators.services import import_published_tables

INDEX = "/staff/indicators/published/"
TABLE = ",,会津若松市,福島市,横浜市\n体制,CIOの任命,実施,調査無し,未実施\n住民,率,%,0%,12.5%\n住民,率_総数（分母）,0,3,8\n住民,率_済（分子）,0,0,1\n"


@pytest.fixture
def published(cast):
    for code, name in (("070009", "福島県"), ("140007", "神奈川県")):
        Government.objects.create(code=code, name=name, kind=GovernmentKind.PREFECTURE)
    for code, name in (("072021", "会津若松市"), ("072010", "福島市"), ("141003", "横浜市")):
        Government.objects.create(code=code, name=name, kind=GovernmentKind.CITY)
    table = TABLE.replace("会津若松市,福島市", "福島市,会津若松市")
    import_published_tables(files=[("表.csv", table.encode())], edition="令和5年度", source="例の調査")
    return PublishedIndicator.objects.get(label="CIOの任命")


def test_the_list_shows_both_percentages(cast, client_for, published):
    page = client_for(cast.hibari.clerk).get(INDEX, {"prefecture": "07"}).content.decode()
    assert "÷ 2団体 = 50.0%（すべての3団体に対して33.3%）" in page
    assert "÷ 1団体 = 100.0%（すべての2団体に対して50.0%）" in page
    assert "例の調査" in page


def test_an_indicator_opens_its_governments(cast, client_for, published):
    client = client_for(cast.hibari.clerk)
    assert "福島県" in client.get(f"{INDEX}{published.id}/").content.decode()
    page = client.get(f"{INDEX}{published.id}/", {"prefecture": "07"}).content.decode()
    assert "会津若松市" in page
    assert "調査無し" in page
    assert "横浜市" not in page


def test_lists_are_exported(cast, client_for, published):
    client = client_for(cast.hibari.clerk)
    assert "実施率（回答した団体に対する）%" in client.get(INDEX, {"format": "csv"}).content.decode("utf-8-sig")
    rows = client.get(f"{INDEX}{published.id}/", {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert rows[1:] == ["072010,福島市,実施,,", "072021,会津若松市,調査無し,,", "141003,横浜市,未実施,,"]


@pytest.mark.parametrize("query", [{}, {"prefecture": "x"}, {"prefecture": "99"}, {"edition": "x"}])
def test_odd_questions_are_answered(cast, client_for, published, query):
    client = client_for(cast.hibari.clerk)
    assert client.get(INDEX, query).status_code == 200
    assert client.get(f"{INDEX}{published.id}/", query).status_code == 200


def test_without_a_table_the_page_says_how(cast, client_for):
    assert "kakehashi import dashboard" in client_for(cast.hibari.clerk).get(INDEX).content.decode()


def test_an_edition_of_which_no_day_is_known_is_the_oldest(db):
    named = [("日付なし", None), ("令和5年度調査", date(2023, 4, 1)), ("令和6年度調査", date(2024, 4, 1))]
    for name, day in named:
        PublishedEdition.objects.create(name=name, source="国の調査", as_of=day)
    assert [one.name for one in editions()] == ["令和6年度調査", "令和5年度調査", "日付なし"]
