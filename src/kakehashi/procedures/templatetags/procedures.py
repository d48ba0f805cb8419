"""Template filters of the room."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.translation import gettext, pgettext

from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.standard_period import Unit
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import Application, Procedure

register = template.Library()


@register.filter
def number(value: int | None) -> str:
    """`{{ 1872|number }}` → 1,872; nothing for no value."""
    return "" if value is None else f"{value:,}"


@register.filter
def whole(value: float | None) -> str:
    """An estimate as people say it: 「約36」, never with a fraction; nothing for no value."""
    return "" if value is None else f"約{max(round(value), 0):,}"


@register.filter
def rate(value: Decimal | None) -> str:
    """A percentage or 「—」 when there is nothing to count."""
    return "—" if value is None else f"{value}%"


@register.filter
def less(value: int | None) -> str:
    """What was saved, as a change: 1,200 → −1,200; what costs more now → ＋; 「前提なし」 when nobody said."""
    if value is None:
        return "前提なし"
    return f"＋{-value:,}" if value < 0 else f"−{value:,}" if value else "0"


@register.filter
def fiscal(year: int) -> str:
    """A fiscal year in the reader's words; who does not know 年度 reads from when it runs."""
    return gettext("%(era)s（%(year)s年4月から1年）") % {"era": fiscal_year_label(year), "year": year}


@register.filter
def after_dot(code: str) -> str:
    """The name of a measure without its room."""
    return code.partition(".")[2]


@register.filter
def verb(procedure: Procedure) -> str:
    """The verb of the resident's button: 届け出る, 申し込む, 請求する, 申請する."""
    return {
        Kind.NOTIFICATION: pgettext("button", "届け出る"),
        Kind.REQUEST: pgettext("button", "申し込む"),
        Kind.CERTIFICATE: pgettext("button", "請求する"),
        Kind.DISPOSITION: pgettext("button", "申請する"),
    }[Kind(procedure.kind)]


@register.filter
def resident_state(application: Application) -> str:
    """Where an application stands, in the resident's words."""
    words = {
        State.SUBMITTED: gettext("届きました"),
        State.ACCEPTED: gettext("審査しています"),
        State.CORRECTING: gettext("直していただくところがあります"),
        State.DECIDING: gettext("決定の手続をしています"),
        State.DECIDED: gettext("決定の手続をしています"),
        State.DELIVERING: gettext("結果をお届けするところです"),
        State.COMPLETED: gettext("終わりました"),
        State.WITHDRAWN: gettext("取り下げました"),
    }
    return words[State(application.state)]


@register.filter
def resident_tone(application: Application) -> str:
    """The tone of the state's chip for a resident."""
    return {State.CORRECTING: "waiting", State.COMPLETED: "done", State.WITHDRAWN: "none"}.get(
        State(application.state), "working"
    )


@register.filter
def channel_words(procedure: Procedure) -> list[str]:
    """The ways to file, in the resident's words."""
    words = {"online": gettext("オンライン"), "counter": gettext("窓口"), "post": gettext("郵送")}
    given = [each for each in procedure.channels if each in words]
    if procedure.is_online and "online" not in given:
        given.insert(0, "online")
    return [words[each] for each in given or ["counter"]]


@register.filter
def unit_words(procedure: Procedure) -> str:
    """How the days of the standard period are counted."""
    if procedure.standard_processing_unit == Unit.CALENDAR:
        return gettext("土日・祝日もふくみます")
    return gettext("役所が開いている日で数えます")


@register.filter
def pay_way(method: str) -> str:
    """A way to pay, in the resident's words."""
    words = {"paypay": "PayPay", "gmo": gettext("クレジットカード"), "trial": gettext("お試しの支払い")}
    return words.get(method, "")
