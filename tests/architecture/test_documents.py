"""Every setting, permission and event code is documented; the map is the contract."""

from __future__ import annotations

import importlib
from dataclasses import fields

from django.conf import settings

from kakehashi.journal.hooks import known_events
from kakehashi.kernel.permissions import known_permissions
from kakehashi.site.config import Config
from tests.architecture.floors import ROOT, floors, rooms

DOCS = ROOT / "docs"


def test_every_setting_is_documented():
    text = (DOCS / "operate" / "settings.md").read_text()
    assert [f.name for f in fields(Config) if f.name.upper() not in text] == []


def test_every_permission_is_documented():
    text = (DOCS / "develop" / "permissions.md").read_text()
    assert [p for p in known_permissions() if f"`{p}`" not in text] == []


def test_every_event_code_is_documented():
    text = (DOCS / "develop" / "events.md").read_text()
    assert [c for c in known_events() if f"`{c}`" not in text] == []


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


def test_pages_never_say_the_forbidden_words():
    """到達・受付 are the words of 行政手続法 §7; 受理 is not, and no button is called 送信 or OK."""
    wrong = []
    for path in (ROOT / "src" / "kakehashi").rglob("templates/**/*.html"):
        text = path.read_text()
        if "受理" in text or ">送信<" in text or ">OK<" in text:
            wrong.append(path.name)
    assert wrong == []
