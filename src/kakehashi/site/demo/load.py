"""Load the demo: the national list, the fictional prefecture and its three governments, a year of work."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from kakehashi.approvals.services import install_rule_pack
from kakehashi.governments.models import Government
from kakehashi.governments.selectors import switchable_rooms
from kakehashi.governments.services import import_present_list, open_demo_tenant
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.lg_code import check_digit
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Person
from kakehashi.site.demo import content
from kakehashi.site.demo.after_troubles import follow_up
from kakehashi.site.demo.furnish import furnish
from kakehashi.site.demo.guard import refuse_unless_demo
from kakehashi.site.demo.meetings_of_the_town import hold_meetings
from kakehashi.site.demo.news import tell_news
from kakehashi.site.demo.open_data_of_the_town import publish_data
from kakehashi.site.demo.organisation import make_organisation
from kakehashi.site.demo.plan_of_the_town import adopt_plan, list_paper_procedures
from kakehashi.site.demo.prefecture_view import show_to_prefecture
from kakehashi.site.demo.records_of_the_town import keep_records
from kakehashi.site.demo.roads_of_the_town import show_roads
from kakehashi.site.demo.season_of_approvals import pass_a_season, try_next_april
from kakehashi.site.demo.sharing import move_base_on, offer_base, take_base
from kakehashi.site.demo.troubles import bring_troubles, place
from kakehashi.site.demo.year import live_a_year, show_effect

Say = Callable[[str], None]


# How many applications of the past year each body has.
_APPLICATIONS = {"asagiri": 16, "hibari": 36, "komorebi": 4}
# Whose heads meet without paper, and whose archive is shown.
_MEETS = "hibari"
# Who has taken the prefecture's form, and sees that it moved on.
_TAKES_BASE = "hibari"


def load(say: Say, *, only: Collection[str] = ()) -> None:
    """Fill a demo database. What is there already stays: each body is one transaction, so a load that was cut off goes on.

    `only` names the slugs of the municipalities to load; all of them when it is empty.

    Raises `NotADemoError`.
    """
    refuse_unless_demo()
    tables = content.read("organisation")
    number = tables["prefecture"]["number"]
    if not Government.objects.filter(code__lt="480000").exists():
        say("全国の団体の一覧を読み込んでいます…")
        import_present_list()
    prefecture = _open(_government(tables["prefecture"], number, None), tables["prefecture"])
    with tenant_scope(prefecture.id):
        if not Person.objects.exists():
            prefectural = make_organisation(prefecture)
            place(prefectural)
            offer_base(prefectural)
            install_rule_pack(actor=system_actor(prefecture.id, "見本の準備"), pack="prefecture")
    for seed, row in enumerate(tables["municipalities"], start=1):
        if only and row["slug"] not in only:
            continue
        opened = _open(_government(row, number, prefecture), row)
        with tenant_scope(opened.id):
            if not Person.objects.exists():
                say(f"{row['name']}の一年を読み込んでいます…")
                body = make_organisation(opened)
                live_a_year(body, furnish(body), applications=_APPLICATIONS[row["slug"]], seed=seed)
                show_effect(body)
                show_roads(body)
                bring_troubles(body)
                follow_up(body)
                list_paper_procedures(body)
                adopt_plan(body)
                tell_news(body)
                publish_data(body)
                if row["slug"] == _MEETS:
                    hold_meetings(body)
                    keep_records(body)
                    pass_a_season(body)
                    try_next_april(body)
                if row["slug"] == _TAKES_BASE:
                    take_base(body)
    with tenant_scope(prefecture.id):
        move_base_on(prefecture)
    # Towns that visitors opened meanwhile are children too, but nobody invented answers for them.
    told = prefecture.children.filter(is_tenant=True, slug__in=[row["slug"] for row in tables["municipalities"]])
    show_to_prefecture(prefecture, list(told.order_by("code")))


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


def _open(government: Government, row: dict[str, Any]) -> Government:
    return open_demo_tenant(government=government, slug=row["slug"], rooms=switchable_rooms())
