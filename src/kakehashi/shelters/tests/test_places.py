"""What residents find: by district, words, postcode and kind of disaster, in three languages."""

import pytest
from django.conf import settings

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.shelters.models import EvacuationSite


def place(identifier, name, **values):
    return EvacuationSite.objects.create(identifier=identifier, name=name, address=f"ひばり町{name}", **values)


@pytest.fixture
def client(cast, client_for):
    with tenant_scope(cast.hibari.id):
        place("1", "中央公民館", town="中央", flood=True, wheelchair=True, postcode="379-1234", phone="0270-00-0001")
        place("2", "高台公園", town="高台", tsunami=True, pets=True)
        place("3", "小学校", town="中央", is_site=False, is_shelter=True, capacity=200)
        place("4", "旧会館", town="中央", flood=True, retired_on="2026-01-01")
    return client_for(cast.hibari.officer)


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("", ["中央公民館", "高台公園", "小学校"], ["旧会館"]), ("?hazard=flood", ["中央公民館"], ["高台公園", "小学校"]),
        ("?district=高台", ["高台公園"], ["中央公民館"]), ("?kind=shelter", ["小学校"], ["中央公民館"]),
        ("?postcode=３７９−１２３４", ["中央公民館"], ["高台公園"]), ("?q=公園", ["高台公園"], ["小学校"]), ("?pets=1", ["高台公園"], ["小学校"]),
        ("?wheelchair=1&hazard=nonsense", ["中央公民館"], ["高台公園"]), ("?postcode=0000000", ["見つかりません"], ["中央公民館"]),
    ],
)  # fmt: skip
def test_places_are_found(client, query, there, gone):
    page = client.get(f"/shelters/{query}").content.decode()
    found = page.split("<main")[1]
    assert all(f"{word}" in found for word in there)
    assert not any(f"<h3>{word}" in found for word in gone)


@pytest.mark.parametrize(("language", "word"), [("en", "Find an evacuation site"), ("ja-easy", "逃げる 場所を さがす")])
def test_residents_read_it_in_their_language(client, language, word):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert word in client.get("/shelters/").content.decode()


def test_the_neighbour_has_its_own(client, cast, client_for):
    assert "中央公民館" not in client_for(cast.misaki.officer).get("/shelters/").content.decode()
