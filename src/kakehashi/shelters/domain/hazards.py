"""The eight kinds of disaster for which a 指定緊急避難場所 is designated (災害対策基本法施行令 20条の4)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

__all__ = ["HAZARDS", "Hazard"]


@dataclass(frozen=True, slots=True)
class Hazard:
    """A kind of disaster: our key, its name in the law (a heading after 災害種別_), and the word residents read (a msgid)."""

    key: str
    name: str
    word: str


HAZARDS: tuple[Hazard, ...] = (
    Hazard("flood", "洪水", gettext_noop("洪水")),
    Hazard("landslide", "崖崩れ、土石流及び地滑り", gettext_noop("がけ崩れ・土石流・地すべり")),
    Hazard("storm_surge", "高潮", gettext_noop("高潮")),
    Hazard("earthquake", "地震", gettext_noop("地震")),
    Hazard("tsunami", "津波", gettext_noop("津波")),
    Hazard("fire", "大規模な火事", gettext_noop("大きな火事")),
    Hazard("inland_flood", "内水氾濫", gettext_noop("内水氾濫（雨水があふれる）")),
    Hazard("volcano", "火山現象", gettext_noop("火山")),
)
"""In the order of the published lists."""
