"""What this room offers opendata: the table of sites, and the two published lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_noop

from kakehashi.governments.selectors import get_government
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.opendata.hooks import DatasetSource, Frequency, ListKind, RegisterTable
from kakehashi.opendata.selectors.registers import published_rows
from kakehashi.shelters.domain.site_columns import EVACUATION_SPACE, KEPT, SHELTERS
from kakehashi.shelters.models import EvacuationSite
from kakehashi.shelters.permissions import SheltersPermission

__all__ = ["DATASETS", "REGISTER", "REGISTER_CODE", "SHELTER_KIND", "SITE_KIND"]

SITE_KIND, SHELTER_KIND, REGISTER_CODE = "site", "shelter", "evacuation-sites"


def _derived() -> dict[str, str]:
    """What is the same in every row: whose the list is."""
    government = get_government(current_government_id())
    parent = government.parent.name if government.parent else ""
    return {
        "government_code": government.code,
        "city_code": government.code,
        "government_name": f"{parent}{government.name}",
    }


def _same_rows(kind: str) -> Callable[[Mapping[str, str]], str | None]:
    """How a line of a list of 指定避難所 finds the row it is about.

    A place that the other list holds under the same name and address is that row. A bare running number would meet the number of
    another place in the other list, so it is kept as H-1, H-2 …
    """
    known = {(row.name, row.address): row.identifier for row in EvacuationSite.objects.filter(is_site=True)}

    def find(given: Mapping[str, str]) -> str | None:
        if kind != SHELTER_KIND:
            return None
        place = given.get("name", "").strip(), given.get("address", "").strip()
        number = given.get("identifier", "").strip()
        if place in known:
            return known[place]
        return f"H-{number}" if number.isdigit() else None

    return find


REGISTER = RegisterTable(
    code=REGISTER_CODE,
    room="shelters",
    label="避難場所・避難所",
    noun="避難場所・避難所",
    model=EvacuationSite,
    columns=KEPT,
    permission=SheltersPermission.KEEP.value,
    derived=_derived,
    dataset="evacuation_space",
    kinds=(
        ListKind(SITE_KIND, "指定緊急避難場所の一覧", always={"is_site": True}),
        ListKind(
            SHELTER_KIND,
            "指定避難所の一覧",
            always={"is_shelter": True},
            at_first={"is_site": False, "shelter_kind": "一般"},
        ),
    ),
    same_rows=_same_rows,
    pages=(("国の一覧とくらべる", "shelters-staff:compare"),),
)


def _sites() -> Iterator[dict[str, Any]]:
    return published_rows(REGISTER, is_site=True)


def _shelters() -> Iterator[dict[str, Any]]:
    return published_rows(REGISTER, is_shelter=True)


DATASETS = (
    DatasetSource(
        code="evacuation_space",
        room="shelters",
        title=gettext_noop("指定緊急避難場所の一覧"),
        description=gettext_noop(
            "災害のとき、命を守るために逃げる場所です。災害の種類ごとに、使える場所がちがいます。"
        ),
        columns=EVACUATION_SPACE,
        rows=_sites,
        theme="ENVI",
        frequency=Frequency.ANNUAL,
        standard="自治体標準オープンデータセット（デジタル庁） 指定緊急避難場所一覧（39項目）",
        register=REGISTER_CODE,
        keywords=("指定緊急避難場所", "避難場所", "防災", "災害"),
    ),
    DatasetSource(
        code="designated_shelter",
        room="shelters",
        title=gettext_noop("指定避難所の一覧"),
        description=gettext_noop(
            "家に帰れないときに、しばらく生活する場所です。逃げる場所（指定緊急避難場所）とは、ちがうことがあります。"
        ),
        columns=SHELTERS,
        rows=_shelters,
        theme="ENVI",
        frequency=Frequency.ANNUAL,
        register=REGISTER_CODE,
        keywords=("指定避難所", "避難所", "福祉避難所", "防災"),
    ),
)
