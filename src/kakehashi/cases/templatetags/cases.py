"""`{% load cases %}`: the timeline of a case, and a case's phase as a chip."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kakehashi.cases import hooks
from kakehashi.cases.models import Case
from kakehashi.cases.selectors import Entry, timeline_of
from kakehashi.journal.hooks import known_events
from kakehashi.kernel.templatetags.kakehashi import status

register = template.Library()


@register.inclusion_tag("cases/_timeline.html")
def timeline(case: Case, audience: str = "staff") -> dict[str, Any]:
    """Acts and messages as a vertical line with dates. `audience` is staff or resident (public thread, chosen acts)."""
    is_resident = audience != "staff"
    allowed = hooks.case_kind(case.kind).resident_events if is_resident else None
    entries = timeline_of(case, resident_events=allowed, joined=hooks.joined(case))
    requester = case.requester_name
    return {
        "lines": [_line(entry, requester, is_resident=is_resident) for entry in entries],
        "is_resident": is_resident,
    }


def _line(entry: Entry, requester: str, *, is_resident: bool) -> dict[str, Any]:
    labels = known_events()
    what = labels.get(entry.code, entry.code)
    # Who applied without an account is nameless to the journal, but not to the case.
    who = f"{requester}（申請者）" if entry.by_resident and requester else entry.who
    if is_resident:
        what = gettext(what) if what else ""
        who = gettext("あなた") if entry.by_resident else gettext("役所の担当者")
    state = "" if is_resident else str((entry.payload or {}).get("state", ""))
    return {"entry": entry, "what": what, "who": who, "state": state}


@register.simple_tag
def case_status(case: Case) -> SafeString:
    """The state of a case as a chip: the owning room's word in the tone of its phase."""
    return status(case.phase, case.state_label)


@register.filter
def kind_label(kind: str) -> str:
    """The Japanese name of a kind of case."""
    return hooks.kind_label(kind)


@register.simple_tag
def case_url(case: Case) -> str:
    """Where a row of the inbox leads: the owning room's page, else our case page."""
    return hooks.staff_url(case)
