"""The frame: the rail has one entry for each section, what stands under it are its tabs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from kakehashi.governments.models import RoomSwitch
from kakehashi.kernel.navigation import Place, place_of, register_place
from kakehashi.people.testing import Cast


def parts(page: str) -> tuple[list[str], list[str]]:
    """The words of the rail and of the section's tabs."""
    rail = page.split('aria-label="部屋"')[1].split("</nav>", maxsplit=1)[0]
    tabs = (
        page.split('aria-label="この部屋の中"')[1].split("</nav>", maxsplit=1)[0]
        if 'aria-label="この部屋の中"' in page
        else ""
    )
    return re.findall(r"<span>([^<]+)</span>", rail), re.findall(r"<a [^>]*>([^<]+)</a>", tabs)


def test_rooms_and_records_stand_under_the_settings(cast: Cast, client_for: Callable) -> None:
    page = client_for(cast.hibari.administrator).get("/staff/people/").content.decode()
    rail, tabs = parts(page)
    assert rail[-1] == "設定・組織"
    assert not {"使う機能", "操作の記録", "指標"} & set(rail)
    assert tabs[:3] == ["組織と職員", "使う機能", "操作の記録"]


def test_indicators_stand_under_the_plan_and_alone_without_it(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.hibari.clerk)
    rail, tabs = parts(client.get("/staff/indicators/").content.decode())
    assert "DX計画・指標" in rail
    assert tabs[:4] == ["DX計画", "首長の1枚", "指標", "課の取組"]
    assert not {"地図", "市町村の指標"} & set(tabs), "these are the prefecture's"
    RoomSwitch.objects.filter(government=cast.hibari.government, room="plans").update(is_on=False)
    rail, tabs = parts(client.get("/staff/indicators/").content.decode())
    assert ("指標" in rail, tabs) == (True, [])


def test_the_search_box_goes_with_its_room(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.hibari)
    assert "home-search" in client.get("/").content.decode()
    RoomSwitch.objects.filter(government=cast.hibari.government, room="procedures").update(is_on=False)
    assert "home-search" not in client.get("/").content.decode()


def test_every_place_of_the_frame_is_there(cast: Cast, client_for: Callable) -> None:
    assert all(place_of(place) for place in Place)
    page = client_for(cast.hibari.clerk).get("/staff/people/").content.decode()
    assert 'id="global-search"' in page
    assert "検索" in page.split('aria-label="よく使う部屋"')[1]


def test_a_place_is_offered_once() -> None:
    with pytest.raises(ValueError, match="already"):
        register_place(Place.BELL, "desk-staff:index")
    assert place_of(Place.BELL) == "notices-staff:list"
