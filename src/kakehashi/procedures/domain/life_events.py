"""Life events (ライフイベント): the doors residents know, in place of the names of departments."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

__all__ = ["LifeEvent", "asked_for", "life_events"]


@dataclass(frozen=True)
class LifeEvent:
    """One door: its words for the screen, the icon, and the words that the search is asked for."""

    label: str | Promise
    icon: str
    query: str


_EVENTS = (
    LifeEvent(gettext_lazy("引っ越し"), "moving", "転入 転出 転居"),
    LifeEvent(gettext_lazy("妊娠・出産"), "child", "妊娠 出産 出生"),
    LifeEvent(gettext_lazy("子育て"), "child", "児童 子ども 保育"),
    LifeEvent(pgettext_lazy("life event", "学校"), "school", "就学 学校 入学"),
    LifeEvent(gettext_lazy("証明書がほしい"), "certificate", "証明書 住民票 戸籍"),
    LifeEvent(pgettext_lazy("life event", "税金"), "tax", "税 納税 課税"),
    LifeEvent(gettext_lazy("健康・医療"), "health", "健康 医療 国民健康保険"),
    LifeEvent(gettext_lazy("介護・福祉"), "welfare", "介護 福祉 障害"),
    LifeEvent(pgettext_lazy("life event", "仕事・事業"), "business", "事業 営業 補助金"),
    LifeEvent(gettext_lazy("住まい"), "house", "住宅 空き家 水道"),
    LifeEvent(gettext_lazy("ごみ・環境"), "environment", "ごみ 環境 犬"),
    LifeEvent(gettext_lazy("災害にあった"), "disaster", "罹災 被災 見舞金"),
)


def life_events() -> tuple[LifeEvent, ...]:
    """All doors in the order of the home page."""
    return _EVENTS


def asked_for(text: str) -> str:
    """What somebody searches for who typed `text`: the name of a door, as the home page suggests it, leads where the door does."""
    return next((event.query for event in _EVENTS if str(event.label).casefold() == text.casefold()), text)
