"""Load the demo: the national list, the fictional prefecture and its three governments, a year of work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kakehashi.governments.models import Government
from kakehashi.governments.selectors import switchable_rooms
from kakehashi.governments.services import import_present_list, open_demo_tenant
from kakehashi.kernel.lg_code import check_digit
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.site.demo import content
from kakehashi.site.demo.guard import refuse_unless_demo
from kakehashi.site.demo.organisation import Body, make_organisation

Say = Callable[[str], None]


def load(say: Say) -> None:
    """Fill an empty demo database. Does nothing when it was filled before. Raises `NotADemoError`."""
    refuse_unless_demo()
    if Government.objects.filter(is_demo=True, slug="hibari").exists():
        return
    say("全国の団体の一覧を読み込んでいます…")
    import_present_list()
    tables = content.read("organisation")
    prefecture = _government(tables["prefecture"], tables["prefecture"]["number"], None)
    bodies = [_open(prefecture, tables["prefecture"], say)]
    for row in tables["municipalities"]:
        bodies.append(_open(_government(row, tables["prefecture"]["number"], prefecture), row, say))


def _government(row: dict[str, Any], prefecture: int, parent: Government | None) -> Government:
    five = f"{prefecture}{row['body']}"
    return Government(
        code=f"{five}{check_digit(five)}",
        name=row["name"],
        kana=row["kana"],
        kind=row["kind"],
        parent=parent,
        population=row["population"],
    )


def _open(government: Government, row: dict[str, Any], say: Say) -> Body:
    say(f"{row['name']}を準備しています…")
    opened = open_demo_tenant(government=government, slug=row["slug"], rooms=switchable_rooms())
    with tenant_scope(opened.id):
        return make_organisation(opened)
