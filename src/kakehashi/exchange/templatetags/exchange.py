"""The delay, said where it matters."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django import template
from django.utils.translation import get_language, gettext

from kakehashi.exchange.models import OutsideNumber
from kakehashi.exchange.selectors import known_until, outside_numbers_of
from kakehashi.kernel import clock

register = template.Library()


@register.simple_tag
def as_of() -> str:
    """`{% as_of as moment %}`: 「11月21日 14時05分」, the moment up to which this side knows the other one.

    Empty when the government is not split, so that pages say nothing about a delay that does not exist.
    """
    moment = known_until()
    return moment_text(moment) if moment else ""


def moment_text(moment: dt.datetime) -> str:
    """A moment as a person says it, in Japan's time and the page's language."""
    local = moment.astimezone(clock.JST)
    if get_language() == "en":
        return f"{local:%Y-%m-%d %H:%M}"
    return gettext("%(month)d月%(day)d日%(hour)d時%(minute)02d分") % {
        "month": local.month,
        "day": local.day,
        "hour": local.hour,
        "minute": local.minute,
    }


@register.filter
def clock_time(moment: dt.datetime | None) -> str:
    """`{{ moment|clock_time }}` on staff pages: 11月21日14時05分, 「まだありません」 for none."""
    return moment_text(moment) if moment else "まだありません"


@register.simple_tag
def outside_numbers(subject_kind: str, subject_id: UUID) -> list[OutsideNumber]:
    """`{% outside_numbers "approvals.proposal" proposal.id as numbers %}`: 決裁番号, 文書番号, 簿冊 of another system."""
    return outside_numbers_of(subject_kind, subject_id)
