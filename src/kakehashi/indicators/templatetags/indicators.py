"""Figures and small charts in templates: `{% figure %}`, `{% sparkline %}`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from kakehashi.indicators.adapters.charts import draw_spark
from kakehashi.indicators.domain.figure import Figure, FigureState, number_text
from kakehashi.indicators.domain.published import ANSWER_WORDS, Answer
from kakehashi.indicators.selectors import Reading
from kakehashi.kernel.templatetags.kakehashi import wareki

register = template.Library()


def figure_text(value: Figure, unit: str) -> str:
    """The number with its unit, or the word that stands for having none, in the page's language."""
    return f"{number_text(value.value, unit)}{unit}" if value.value is not None else no_value_word(value.state)


def no_value_word(state: FigureState) -> str:
    """The word for having no number, in the page's language."""
    return {
        FigureState.NOT_APPLICABLE: pgettext("figure", "該当なし"),
        FigureState.UNKNOWN: pgettext("figure", "不明"),
        FigureState.NOT_SURVEYED: pgettext("figure", "未調査"),
        FigureState.OUT_OF_SCOPE: pgettext("figure", "対象外"),
        FigureState.BLANK: pgettext("figure", "空欄"),
    }.get(state, "")


@register.simple_tag
def figure(value: Figure, unit: str = "") -> SafeString:
    """A figure: the number with its unit, or one of the differently drawn ways of having none."""
    if value.value is not None:
        return format_html(
            '<span class="dads-u-number">{}<small>{}</small></span>', number_text(value.value, unit), unit
        )
    return format_html(
        '<span class="ind-no-value" data-state="{}" title="{}">{}</span>',
        value.state.value, value.explanation, no_value_word(value.state),
    )  # fmt: skip


@register.filter
def plain_number(number: Decimal | None) -> str:
    """A numerator or denominator."""
    return "" if number is None else number_text(number)


@register.filter
def rows_cell(value: object) -> object:
    """A cell of the page of rows: dates in 和暦, nothing for None."""
    if isinstance(value, date):
        return wareki(value)
    return "" if value is None else value


@register.simple_tag
def published_word(answer: Answer) -> str:
    """The word of a published cell that is no number."""
    return ANSWER_WORDS[answer]


@register.inclusion_tag("indicators/_sparkline.html")
def sparkline(readings: Sequence[Reading], unit: str = "", label: str = "") -> dict[str, Any]:
    """A word-sized line of the last periods; its text says the first and the last value."""
    known = [one for one in readings if one.figure.value is not None]
    text = ""
    if known:
        text = f"{label} {known[0].period.label} {figure_text(known[0].figure, unit)}"
        if len(known) > 1:
            text += f" → {known[-1].period.label} {figure_text(known[-1].figure, unit)}"
    svg = draw_spark(tuple(one.figure.value for one in readings), text.strip())
    return {"svg": mark_safe(svg)}
