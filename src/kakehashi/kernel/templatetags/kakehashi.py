"""Template tags and filters of every screen; docs/develop/screens.md shows one line of each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from kakehashi.kernel import clock
from kakehashi.kernel.business_days import add_business_days, business_days_between
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.related import mentions_of, related_to
from kakehashi.kernel.wareki import WarekiError, format_wareki

register = template.Library()

_WEEKDAYS_JA = "月火水木金土日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SOON_DAYS = 3


# ---- page frame ----


@register.simple_tag
def html_lang() -> str:
    """The page's language for the `lang` attribute: やさしい日本語 is Japanese."""
    return (get_language() or "ja").split("-")[0]


@register.simple_tag(takes_context=True)
def repeat_block(context: Context, name: str) -> SafeString:
    """Render a block a second time, so that one `{% block title %}` fills both <title> and <h1>."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return mark_safe(block.render(context).strip() if block else "")


@register.simple_tag
def icon(name: str, size: str = "md", label: str = "") -> SafeString:
    """An icon of our sprite. Without a label it is decoration and hidden from screen readers."""
    href = f"{static('kernel/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="dads-icon" data-size="{}" role="img" aria-label="{}" viewBox="0 0 24 24"><use href="{}"/></svg>',
            size, label, href,
        )  # fmt: skip
    return format_html(
        '<svg class="dads-icon" data-size="{}" aria-hidden="true" focusable="false" viewBox="0 0 24 24"><use href="{}"/></svg>',
        size, href,
    )  # fmt: skip


@register.inclusion_tag("kernel/_related.html")
def related(object_id: UUID) -> dict[str, Any]:
    """Where a thing came from in other rooms, as links; nothing for most things."""
    return {"found": related_to(object_id)}


@register.inclusion_tag("kernel/_mentions.html", takes_context=True)
def mentions(context: Any, kind: str, object_id: UUID) -> dict[str, Any]:
    """`{% mentions "plans.initiative" initiative.id %}`: where other rooms spoke of a thing, as far as the reader may know."""
    return {"found": mentions_of(context["request"].actor, kind, object_id)}


@register.inclusion_tag("kernel/_breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    """`{% breadcrumb "手続" "procedures-staff:index" "転入届" %}`: label and target in turn, the last without target.

    A target is a URL name without arguments, or a path that was made by `{% url … as x %}`.
    """
    pairs = [parts[at : at + 2] for at in range(0, len(parts), 2)]
    return {"crumbs": [(pair[0], url_of(pair[1]) if len(pair) > 1 else "") for pair in pairs]}


def url_of(target: Any) -> str:
    """A path as it is, a URL name resolved; empty when nothing answers to the name."""
    text = str(target or "")
    if not text or text.startswith(("/", "?", "#", "http://", "https://")):
        return text
    try:
        return reverse(text)
    except NoReverseMatch:
        return ""


@register.simple_tag
def url_if_any(name: str, *args: Any) -> str:
    """The address of a page that may not be there (its room is off), else an empty string."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


# ---- forms ----


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One form field with label, 必須 mark, help and errors."""
    return bound.as_field_group()


@register.inclusion_tag("kernel/forms/_error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """The list of what must be mended, each line a link to its field. Empty when nothing is wrong."""
    form.summary_shown = True  # type: ignore[attr-defined]
    errors: list[tuple[str, str, str]] = []
    if form.is_bound:
        errors += [("", "", str(error)) for error in form.non_field_errors()]
        errors += [(_target(bound), str(bound.label), str(error)) for bound in form for error in bound.errors]
    return {"errors": errors}


def _target(bound: BoundField) -> str:
    use_first = bound.field.widget.use_fieldset and not isinstance(bound.field.widget, forms.CheckboxInput)
    return f"{bound.auto_id}_0" if use_first else str(bound.id_for_label or bound.auto_id)


@register.simple_tag(takes_context=True)
def idempotency_key(context: Context) -> SafeString:
    """A hidden field that makes a double click or a resend one act. The posted key survives an error page."""
    request = context.get("request")
    posted = request.POST.get("idempotency_key", "") if request is not None else ""
    try:
        key = UUID(posted)
    except ValueError:
        key = uuid7()
    return format_html('<input type="hidden" name="idempotency_key" value="{}">', key)


@register.simple_tag
def colon() -> str:
    """`{% translate "期限" %}{% colon %}`: the colon of the page's language, with its space in English."""
    return "：" if in_japanese_letters() else ": "


@register.filter
def joined(words: Iterable[str]) -> str:
    """`{{ ways|joined }}`: a short list as the page's language writes it, 「窓口・郵送」 or `Counter, Post`."""
    return ("・" if in_japanese_letters() else ", ").join(words)


@register.filter
def bracketed(text: str) -> str:
    """`{{ note|bracketed }}`: a remark after other words, in the brackets of the page's language."""
    return f"（{text}）" if in_japanese_letters() else f" ({text})"


# ---- dates, numbers, states ----


def in_japanese_letters() -> bool:
    """Whether the page is in Japanese, plain or easy."""
    return (get_language() or "ja").startswith("ja")


def is_japanese() -> bool:
    """Whether the page is in plain Japanese; the other two languages count years in 西暦."""
    return (get_language() or "ja") == "ja"


def western(day: date) -> str:
    """「2026年11月21日(土)」, or `21 Nov 2026 (Sat)` on an English page."""
    if (get_language() or "ja").startswith("en"):
        return f"{day.day} {day:%b %Y} ({_WEEKDAYS_EN[day.weekday()]})"
    return f"{day.year}年{day.month}月{day.day}日({_WEEKDAYS_JA[day.weekday()]})"


@register.filter
def wareki_text(value: date | datetime | None) -> str:
    """A date as plain text: 「令和8年11月21日(土)」, with the time for a moment; 西暦 outside plain Japanese."""
    if value is None:
        return ""
    day, at = _day_and_time(value)
    return (_wareki(day) if is_japanese() else western(day)) + at


@register.filter
def wareki(value: date | datetime | None) -> SafeString | str:
    """A date as <time>: 和暦 with weekday, 西暦 on hover and in print (the other way round outside plain Japanese)."""
    if value is None:
        return ""
    day, at = _day_and_time(value)
    shown, title = (_wareki(day), western(day)) if is_japanese() else (western(day), _wareki(day))
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), title, shown + at)


def _day_and_time(value: date | datetime) -> tuple[date, str]:
    if isinstance(value, datetime):
        local = value.astimezone(clock.JST) if value.tzinfo else value
        return local.date(), f" {local:%H:%M}"
    return value, ""


def _wareki(day: date) -> str:
    try:
        return format_wareki(day, weekday=True)
    except WarekiError:
        return western(day)


@register.filter
def money(value: int | Decimal | None) -> str:
    """`{{ 1200|money }}` → 1,200円; no value gives an empty string, zero gives 0円."""
    if value is None or value == "":
        return ""
    return gettext("%(amount)s円") % {"amount": f"{value:,}"}


@register.filter
def business_days_left(value: date | None) -> SafeString | str:
    """Days to a due date in business days, as colour and word: 「あと3営業日」「今日まで」「2営業日超過」."""
    if value is None:
        return ""
    tone, word = due_words(value)
    return format_html('<span class="dads-due" data-tone="{}">{}</span>', tone, word)


def due_words(due_on: date) -> tuple[str, str]:
    """Tone (over, soon, calm) and words of a due date, seen from today.

    A term that ends on a closed day ends on the next open one (地方自治法4条の2第4項).
    """
    today, ends_on = clock.today(), add_business_days(due_on, 0)
    left = business_days_between(today, ends_on)
    if ends_on < today:
        late = max(business_days_between(ends_on, today), 1)
        return "over", ngettext("%(n)s営業日超過", "%(n)s営業日超過", late) % {"n": late}
    if ends_on == today:
        return "soon", gettext("今日まで")
    return "soon" if left <= _SOON_DAYS else "calm", ngettext("あと%(n)s営業日", "あと%(n)s営業日", left) % {"n": left}


@register.filter
def waiting_for(value: datetime | None) -> str:
    """How long something has waited: 「3日」「5時間」「1時間未満」."""
    if value is None:
        return ""
    seconds = (clock.now() - value).total_seconds()
    days, hours = int(seconds // 86_400), int(seconds // 3_600)
    if days:
        return ngettext("%(n)s日間", "%(n)s日間", days) % {"n": days}
    if hours:
        return ngettext("%(n)s時間", "%(n)s時間", hours) % {"n": hours}
    return gettext("1時間未満")


@register.simple_tag
def status(tone: str, label: str) -> SafeString:
    """A state as a chip: tone new, working, waiting, deciding, done, success, error or none; the word carries the meaning."""
    return format_html('<span class="dads-chip-label" data-tone="{}">{}</span>', tone, label)


# ---- lists ----


@register.inclusion_tag("kernel/_pagination.html", takes_context=True)
def pagination(context: Context, page: Any) -> dict[str, Any]:
    """Links to the pages before and after of a keyset page; the filters in the address are kept."""
    return {
        "previous": _with(context, cursor=getattr(page, "previous_cursor", None)),
        "next": _with(context, cursor=getattr(page, "next_cursor", None)),
    }


@register.inclusion_tag("kernel/_export_links.html", takes_context=True)
def export_links(context: Context, url: str = "") -> dict[str, Any]:
    """Links 「Excel」「CSV」 to the same list with `?format=xlsx|csv`, filters kept."""
    query = {kind: _with(context, format=kind, cursor="") for kind in ("xlsx", "csv")}
    return {"xlsx": f"{url}{query['xlsx']}", "csv": f"{url}{query['csv']}"}


def _with(context: Context, **changes: str | None) -> str:
    if None in changes.values():
        return ""
    request = context.get("request")
    query = request.GET.copy() if request is not None else {}
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return "?" + query.urlencode() if hasattr(query, "urlencode") else "?"


@register.inclusion_tag("kernel/_empty.html")
def empty_state(sentence: str, act: str = "", target: str = "") -> dict[str, Any]:
    """An empty list teaches: one sentence, one act."""
    return {"sentence": sentence, "act": act, "url": url_of(target)}


@register.inclusion_tag("kernel/_description.html")
def description(pairs: Any) -> dict[str, Any]:
    """A description list from (label, value) pairs; an empty value reads 「—」 and 「未入力」."""
    return {"pairs": list(pairs)}


@register.simple_tag
def steps(names: list[str], current: int) -> SafeString:
    """Step navigation: the names of all steps and the number (from 1) of the present one."""
    items = format_html_join(
        "",
        "<li{}>{}</li>",
        (
            (
                mark_safe(' aria-current="step"' if at == current else ' data-state="done"' if at < current else ""),
                name,
            )
            for at, name in enumerate(names, start=1)
        ),
    )
    label = pgettext("step navigation", "手順")
    progress = gettext("%(now)s / %(all)s") % {"now": current, "all": len(names)}
    return format_html('<nav class="dads-step-navigation" aria-label="{} {}"><ol>{}</ol></nav>', label, progress, items)
