"""State words and years of plans, in the page's language."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.plans.domain.attainment import PlanPolicyOfAttainment
from kakehashi.plans.domain.logic import STRONGEST, Arrow, Stage
from kakehashi.plans.domain.states import TONES, InitiativeState
from kakehashi.plans.models import DxPlan, Initiative

register = template.Library()

_OUTCOME_TONES = {"met": "success", "running": "working", "missed": "error"}


def _chip(tone: str, word: str) -> SafeString:
    return format_html('<span class="dads-chip-label" data-tone="{}">{}</span>', tone, word)


@register.simple_tag
def outcome_chip(outcome: str) -> SafeString:
    """Whether this year's target is met."""
    word = {
        "met": pgettext("plan", "目標達成"),
        "running": pgettext("plan", "進行中"),
        "missed": pgettext("plan", "未達"),
    }[outcome]
    return _chip(_OUTCOME_TONES[outcome], word)


@register.simple_tag
def state_chip(initiative: Initiative) -> SafeString:
    """The state of an initiative."""
    state = InitiativeState(initiative.state)
    word = {
        InitiativeState.PLANNED: pgettext("plan", "これから"),
        InitiativeState.RUNNING: pgettext("plan", "実施中"),
        InitiativeState.AT_RISK: pgettext("plan", "遅れのおそれ"),
        InitiativeState.ACHIEVED: pgettext("plan", "達成"),
        InitiativeState.PARTLY_ACHIEVED: pgettext("plan", "一部達成"),
        InitiativeState.MISSED: pgettext("plan", "未達"),
        InitiativeState.CANCELLED: pgettext("plan", "中止"),
    }[state]
    return _chip(TONES[state], word)


@register.simple_tag
def policy_words(policy: str) -> str:
    """How the attainment of the plan was counted, in the page's language; it stands beside the number."""
    return {
        PlanPolicyOfAttainment.INDICATORS: pgettext("plan", "今年度の目標に届いた指標 ÷ 目標と実績がある指標"),
        PlanPolicyOfAttainment.INITIATIVES: pgettext("plan", "達成した取組 ÷ 中止を除くすべての取組"),
        PlanPolicyOfAttainment.WEIGHTED: pgettext("plan", "達成した取組の重み ÷ 中止を除く取組の重み"),
        PlanPolicyOfAttainment.LINEAR_YEAR: pgettext("plan", "最終目標までの進みぐあい ÷ 過ぎた年の割合 の平均"),
        PlanPolicyOfAttainment.POINTS: pgettext("plan", "指標の達成率を点に直した合計 ÷ 満点"),
    }[PlanPolicyOfAttainment(policy)]


@register.filter
def yen(amount: int | None) -> str:
    """「1,200,000円」; nothing for None."""
    return "" if amount is None else f"{amount:,}円"


@register.filter(name="fiscal_year")
def fiscal_year_words(year: int) -> str:
    """「令和8年度」."""
    return fiscal_year_label(year)


@register.simple_tag
def plan_years(plan: DxPlan) -> str:
    """The years of a plan; other languages than Japanese count in Western years."""
    if get_language() == "ja":
        return plan.years_label
    return gettext("%(first)s年度から%(last)s年度まで") % {"first": plan.first_year, "last": plan.last_year}


@register.simple_tag
def plan_language_note() -> SafeString:
    """Outside Japanese pages: the plan itself is written in Japanese."""
    if get_language() == "ja":
        return SafeString("")
    return format_html('<p class="dads-u-muted">{}</p>', gettext("計画の本文は日本語で書かれています。"))


@register.filter
def coordinate(number: float) -> str:
    """A coordinate of a drawing: at most one decimal, and never a comma whatever the language."""
    return f"{number:.1f}".removesuffix(".0")


@register.filter
def add_number(number: float, other: float) -> float:
    """The sum of two coordinates."""
    return number + other


@register.simple_tag
def stage_word(stage: Stage) -> str:
    """The word of a column of a logic model, in the page's language."""
    return {
        Stage.INPUT: pgettext("logic", "投入"),
        Stage.ACTIVITY: pgettext("logic", "活動"),
        Stage.OUTPUT: pgettext("logic", "直接の結果"),
        Stage.OUTCOME_SHORT: pgettext("logic", "短期の成果"),
        Stage.OUTCOME_MID: pgettext("logic", "中期の成果"),
        Stage.OUTCOME_LONG: pgettext("logic", "長期の成果"),
        Stage.IMPACT: pgettext("logic", "社会への効果"),
    }[stage]


@register.simple_tag
def evidence_word(kind: str) -> str:
    """The word of a kind of evidence, in the page's language."""
    words = {
        "research": pgettext("evidence", "研究・論文"),
        "statistics": pgettext("evidence", "統計・調査"),
        "other_government": pgettext("evidence", "他自治体事例"),
        "expert": pgettext("evidence", "有識者"),
        "experience": pgettext("evidence", "経験則"),
        "none": pgettext("evidence", "なし"),
    }
    return words.get(kind, kind)


@register.simple_tag
def strength_chip(arrow: Arrow) -> SafeString:
    """How strong the evidence of an arrow is: a number of the scale, and a word where it is weak."""
    word = pgettext("evidence", "弱い") if arrow.is_weak else pgettext("evidence", "ある")
    return _chip("waiting" if arrow.is_weak else "success", f"{word} {arrow.grade.strength}/{STRONGEST}")


@register.filter
def at(rows: dict[Any, Any], key: Any) -> Any:
    """The value of a key, None where there is none."""
    return rows.get(key)


@register.filter
def signed(number: float) -> str:
    """A change with its sign, three digits that say something."""
    return f"{number:+.3g}" if number else "0"
