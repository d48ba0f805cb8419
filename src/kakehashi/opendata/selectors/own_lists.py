"""The lists this room keeps itself: 公共施設一覧 and イベント一覧."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from kakehashi.opendata.domain.freshness import Frequency
from kakehashi.opendata.domain.registry import DatasetSource, RegisterTable
from kakehashi.opendata.domain.standard_columns import EVENTS, FACILITIES
from kakehashi.opendata.models import Facility, PublicEvent
from kakehashi.opendata.permissions import OpendataPermission
from kakehashi.opendata.selectors.registers import published_rows, town_code

__all__ = ["DATASETS_WE_KEEP", "REGISTERS_WE_KEEP"]

_STANDARD = "自治体標準オープンデータセット（デジタル庁）"

FACILITY_REGISTER = RegisterTable(
    code="facilities",
    room="opendata",
    label="公共施設",
    noun="施設",
    model=Facility,
    columns=FACILITIES,
    permission=OpendataPermission.KEEP.value,
    derived=town_code,
    dataset="public_facility",
)
EVENT_REGISTER = RegisterTable(
    code="events",
    room="opendata",
    label="イベント",
    noun="イベント",
    model=PublicEvent,
    columns=EVENTS,
    permission=OpendataPermission.KEEP.value,
    derived=town_code,
    dataset="event",
)
REGISTERS_WE_KEEP = (FACILITY_REGISTER, EVENT_REGISTER)
DATASETS_WE_KEEP = (
    DatasetSource(
        code="public_facility",
        room="opendata",
        title=gettext_noop("公共施設の一覧"),
        description=gettext_noop(
            "役場、公民館、図書館など、だれでも使える施設です。場所、電話、開いている時間がわかります。"
        ),
        columns=FACILITIES,
        rows=lambda: published_rows(FACILITY_REGISTER),
        theme="REGI",
        frequency=Frequency.ANNUAL,
        standard=f"{_STANDARD} 公共施設一覧",
        register="facilities",
        keywords=("公共施設", "公民館", "図書館", "学校"),
    ),
    DatasetSource(
        code="event",
        room="opendata",
        title=gettext_noop("イベントの一覧"),
        description=gettext_noop("だれでも参加できる催しです。日、時間、場所、お金、申込みのしかたがわかります。"),
        columns=EVENTS,
        rows=lambda: published_rows(EVENT_REGISTER),
        theme="EDUC",
        frequency=Frequency.MONTHLY,
        standard=f"{_STANDARD} イベント一覧",
        register="events",
        keywords=("イベント", "催し", "講座"),
    ),
)
