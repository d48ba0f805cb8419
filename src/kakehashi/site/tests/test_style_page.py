"""The living style page, the homes and the language switch answer."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("query", ["", "?errors=1", "?shell=staff", "?messages=1&errors=1"])
def test_style_page_shows_every_block(query):
    answer = Client().get(f"/style/{query}")
    assert answer.status_code == 200
    assert "dads-step-navigation" in answer.content.decode()


def test_style_page_is_hidden_in_production(settings):
    settings.STYLE_PAGE = False
    assert Client().get("/style/").status_code == 404


def test_errors_stand_beside_the_field_and_in_the_summary():
    page = Client().get("/style/?errors=1").content.decode()
    assert '<a href="#id_name">氏名：必須の項目です。</a>' in page
    assert 'aria-invalid="true" aria-describedby="id_name_helptext id_name_error"' in page
    assert " required" not in page


def test_home_finds_a_town_by_kana(cast):
    page = Client().get("/?q=ひばりちょう").content.decode()
    assert "ひばり町" in page
    assert "みさき市" not in page


def test_resident_home_is_in_the_chosen_language(cast):
    client = Client()
    client.post("/hibari/language/", {"language": "en", "next": "/hibari/"})
    page = client.get("/hibari/").content.decode()
    assert '<html lang="en">' in page
    assert "Procedures of ひばり町" in page


def test_easy_japanese_is_japanese_for_a_screen_reader(cast):
    client = Client()
    client.post("/hibari/language/", {"language": "ja-easy", "next": "/hibari/"})
    page = client.get("/hibari/").content.decode()
    assert '<html lang="ja">' in page
    assert "ひばり町の 手続" in page


def test_language_switch_keeps_the_page_and_refuses_strangers_addresses(cast):
    client = Client()
    assert client.post("/hibari/language/", {"language": "en", "next": "/hibari/?a=1"}).url == "/hibari/?a=1"
    assert client.post("/hibari/language/", {"language": "en", "next": "https://evil.example/"}).url == "/hibari/"


def test_staff_pages_are_japanese_whatever_the_browser_asks(town, client_for):
    client = client_for(town.clerk)
    answer = client.get("/staff/", headers={"accept-language": "en"}, follow=True)
    assert answer.headers["Content-Language"] == "ja"


def test_the_residents_home_asks_the_database_little(cast):
    client = Client()
    client.get("/hibari/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/hibari/").status_code == 200
    framing = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT set_config")
    assert len([q for q in queries if not q["sql"].startswith(framing)]) <= 6
