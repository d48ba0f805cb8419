"""Every setting, permission and event code is documented; the map is the contract."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import fields

from django.conf import settings

from kakehashi.journal.hooks import known_events
from kakehashi.kernel.permissions import known_permissions
from kakehashi.site.config import Config
from tests.architecture.floors import ROOT, floors, rooms

DOCS = ROOT / "docs"


def undocumented(words: Iterable[str], page: str) -> list[str]:
    text = (DOCS / page).read_text()
    return [word for word in words if word not in text]


def test_every_setting_is_documented():
    assert undocumented((field.name.upper() for field in fields(Config)), "operate/settings.md") == []


def test_every_permission_is_documented():
    assert undocumented((f"`{name}`" for name in known_permissions()), "develop/permissions.md") == []


def test_every_event_code_is_documented():
    # Tests of this process may have registered the sample kind of the rooms below.
    codes = (f"`{code}`" for code in known_events() if ".sample." not in code)
    assert undocumented(codes, "develop/events.md") == []


def test_an_undocumented_word_is_named():
    assert undocumented(["`desk.nothing:do`"], "develop/permissions.md") == ["`desk.nothing:do`"]


def test_the_map_shows_the_floors_of_the_contract():
    text = (DOCS / "map.md").read_text()
    drawn = [
        {room.strip() for room in line.strip().split("|")}
        for line in text.split("```")[1].strip().splitlines()[1:]
        if line.strip()
    ]
    assert drawn == floors()


def test_every_room_says_what_it_owns():
    for room in rooms():
        text = importlib.import_module(f"kakehashi.{room}").__doc__
        assert text, room
        assert text.count("\n") <= 15, room


def test_every_room_of_the_contract_is_installed():
    assert set(settings.ROOMS) | {"kernel", "site"} == set(rooms())


def says_a_forbidden_word(text: str) -> bool:
    """到達・受付 are the words of 行政手続法 §7; 受理 is not, and no button is called 送信 or OK."""
    return any(word in text for word in ("受理", ">送信<", ">OK<"))


def test_pages_never_say_the_forbidden_words():
    pages = (ROOT / "src" / "kakehashi").rglob("templates/**/*.html")
    assert [path.name for path in pages if says_a_forbidden_word(path.read_text())] == []
    assert says_a_forbidden_word("<button>送信</button>")
