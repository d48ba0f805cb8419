"""Every address stands in the permission table. What each role may do there is tried in tests/attack."""

from __future__ import annotations

import csv
import re
from uuid import UUID

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from tests.architecture.floors import ROOT

TABLE = ROOT / "tests" / "architecture" / "permission_table.csv"
NOBODY = "00000000-0000-7000-8000-000000000000"


def walk(patterns, prefix="", namespace=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, route, space)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", route, pattern.callback


def our_urls(patterns=None):
    return [
        (name, route, view)
        for name, route, view in walk(get_resolver().url_patterns if patterns is None else patterns)
        if view.__module__.startswith(("kakehashi.", __name__))
    ]


def table() -> dict[str, tuple[str, str]]:
    with TABLE.open() as file:
        return {row["url"]: (row["access"], row["permission"]) for row in csv.DictReader(file)}


def actual(patterns=None) -> dict[str, tuple[str, str]]:
    rows = {}
    for name, _, view in our_urls(patterns):
        access = getattr(view, "access", None)
        rows[name] = (access.surface, access.permission or "") if access else ("none", "")
    return rows


def write_table() -> None:
    """Run by `make permission-table` after a page was added; the diff is then read by a person."""
    with TABLE.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["url", "access", "permission"])
        writer.writerows([name, *row] for name, row in sorted(actual().items()))


def test_every_view_declares_who_may_open_it():
    assert [name for name, access in actual().items() if access[0] == "none"] == []


def test_the_permission_table_is_the_truth():
    assert actual() == table()


def misplaced(patterns=None) -> list[str]:
    wrong = []
    for name, route, _ in our_urls(patterns):
        room = name.split(":")[0]
        word, _, door = room.partition("-")
        home = {"staff": f"staff/{word}/", "api": f"api/v1/{word}/"}.get(door, f"{word}/")
        if door in {"", "staff", "api"} and word in settings.ROOMS and ":" in name and not route.startswith(home):
            wrong.append(name)
    return wrong


def test_rooms_are_mounted_by_their_own_word():
    assert misplaced() == []


def test_the_checks_can_fail():
    def anybodys(request):
        """A page that says nothing about who may open it, mounted in another room's place."""

    patterns = [path("desk/", include(([path("x/", anybodys, name="open")], "cases"), namespace="cases"))]
    assert actual(patterns) == {"cases:open": ("none", "")}
    assert actual() | actual(patterns) != table()
    assert misplaced(patterns) == ["cases:open"]


def fill(route: str) -> str:
    route = re.sub(r"<uuid:[^>]+>", NOBODY, route)
    route = re.sub(r"<int:[^>]+>", "1", route)
    route = re.sub(r"<(str|slug|path):[^>]+>", "x", route)
    return "/" + re.sub(r"<[^>]+>", "x", route)


def test_ids_are_uuids():
    assert UUID(NOBODY)
