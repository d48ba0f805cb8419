"""手続をさがす: the residents' list, and the page of one procedure."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.eforms.domain.definition import localized
from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import (
    ScreeningResult,
    asks_before_starting,
    compiled_form,
    judge_screening,
    latest_version,
)
from kakehashi.kernel import clock
from kakehashi.kernel.access import resident
from kakehashi.people.domain.tries import Limit
from kakehashi.people.models import ProviderAudience
from kakehashi.people.selectors import providers_for
from kakehashi.people.services import Visitor, visitor_of
from kakehashi.people.services.limits import limited
from kakehashi.procedures.domain.devices import device_of
from kakehashi.procedures.domain.life_events import asked_for, life_events
from kakehashi.procedures.domain.prefill import told
from kakehashi.procedures.models import Draft, Procedure
from kakehashi.procedures.selectors.parties import rule_of
from kakehashi.procedures.selectors.payments import pays_at_office
from kakehashi.procedures.selectors.public import MOST_FOUND, find_procedures, guide_of, public_procedure
from kakehashi.procedures.selectors.reception import reception_of_window, window_of
from kakehashi.procedures.selectors.waiting import waiting_of
from kakehashi.procedures.services import start_draft
from kakehashi.procedures.views.passes import applicant_of, grant, read_passes
from kakehashi.procedures.views.resident_reuse import offered

# A family files a handful in an afternoon; a program that fills the table with drafts is stopped.
STARTS_PER_CLIENT = Limit("procedures.start_per_client", 60, 900)


@resident
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Find a procedure by words, or by the door of the home page that they name."""
    text = request.GET.get("q", "").replace("\x00", "")[:200].strip()
    language = get_language() or "ja"
    found = find_procedures(actor=applicant_of(request), text=asked_for(text), language=language)
    context = {"text": text, "found": found, "is_cut": len(found) >= MOST_FOUND, "life_events": life_events()}
    return render(request, "procedures/resident/search.html", context)


@resident
@require_GET
def procedure_page(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """What for, who may, what you need, fee, how long, ways, contact, and the way in."""
    procedure = public_procedure(procedure_id)
    providers = providers_for(ProviderAudience.RESIDENT) if procedure.is_online else []
    visitor = visitor_of(request.session) if providers else None
    context = {
        "procedure": procedure,
        "guide": guide_of(procedure, get_language() or "ja"),
        "waiting": waiting_of(procedure),
        "pays_at_office": procedure.is_online and pays_at_office(procedure.fee),
        "providers": providers,
        "visitor": visitor,
        "fact_words": _fact_words(visitor),
    } | _reception(procedure)
    return render(request, "procedures/resident/procedure.html", context)


def _fact_words(visitor: Visitor | None) -> str:
    """What the visitor's outside identity says, by kind: the consent names exactly what would be copied."""
    if visitor is None:
        return ""
    words = {
        "name": gettext("氏名"),
        "birth_date": gettext("生年月日"),
        "address": gettext("住所"),
        "phone": gettext("電話番号"),
        "email": gettext("メールアドレス"),
        "gender": gettext("性別"),
        "corporate_number": gettext("法人番号"),
    }
    return pgettext("between items", "、").join(words[kind] for kind in told(visitor.facts.as_dict()))


def _say_what_was_copied(request: HttpRequest, draft: Draft) -> None:
    """The questions that were filled in by consent, by name, so that each is looked at."""
    language = get_language() or "ja"
    definition = compiled_form(draft.form_version).definition
    labels = [localized(one, "label", language) for _, one in definition.walk() if one.key in draft.typed]
    if labels:
        said = gettext("写した項目：%(names)s。まちがいがないか、確かめてください。")
        messages.success(request, said % {"names": pgettext("between items", "、").join(labels)})


def _reception(procedure: Procedure) -> dict[str, Any]:
    """When and how many, and why nobody can begin now."""
    window = window_of(procedure) if procedure.is_online else None
    if window is None:
        return {"window": None, "closed": ""}
    reception, today = reception_of_window(window), clock.today()
    closed = "early" if reception.is_early(today) else "over" if reception.is_over(today) else ""
    return {"window": window, "closed": closed or ("full" if window.left == 0 else "")}


@resident
@require_GET
def check_page(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """はじめる前に: a few questions. Nothing of them is stored, whatever is answered."""
    procedure = public_procedure(procedure_id)
    version = latest_version(procedure.form) if procedure.is_online and procedure.form else None
    # Nobody is asked whether they may when nobody can: the procedure's page says why.
    if version is None or not asks_before_starting(version) or _reception(procedure)["closed"]:
        return redirect("procedures:procedure", procedure.id)
    return _check(request, procedure, version, ScreeningResult(), facts="facts" in request.GET)


def _check(
    request: HttpRequest, procedure: Procedure, version: FormVersion, result: ScreeningResult, *, facts: bool
) -> HttpResponse:
    guide = guide_of(procedure, get_language() or "ja")
    context = {"procedure": procedure, "guide": guide, "version": version, "result": result, "facts": facts}
    if result.exits:
        return render(request, "procedures/resident/exit.html", context)
    return render(request, "procedures/resident/check.html", context, status=422 if result.errors else 200)


@resident
@limited(STARTS_PER_CLIENT)
@require_POST
def start(request: HttpRequest, procedure_id: UUID) -> HttpResponse:
    """申請を始める: a draft of one's own, and its first page. Pressed twice it is one draft.

    A form with questions before starting asks them first; only who passes gets a draft.
    """
    procedure = public_procedure(procedure_id)
    version = latest_version(procedure.form) if procedure.is_online and procedure.form else None
    if version is not None and asks_before_starting(version):
        facts = "facts" in request.POST
        if "_check" not in request.POST:
            return redirect(f"{reverse('procedures:check', args=[procedure.id])}{'?facts=1' if facts else ''}")
        result = judge_screening(version, request.POST)
        if not result.passes:
            return _check(request, procedure, version, result, facts=facts)
    return _start(request, procedure)


def _start(request: HttpRequest, procedure: Procedure) -> HttpResponse:
    draft = start_draft(
        actor=applicant_of(request),
        procedure=procedure,
        language=get_language() or "ja",
        idempotency_key=_key(request),
        visitor=visitor_of(request.session),
        takes_facts="facts" in request.POST,
        mine=read_passes(request).drafts,
        device=device_of(request.META.get("HTTP_USER_AGENT", "")),
    )
    if "facts" in request.POST and not draft.done_steps:
        _say_what_was_copied(request, draft)
    first = draft.form_version.definition["steps"][0]["key"]
    page = redirect("procedures:step", draft.id, first)
    if not draft.done_steps:
        if rule_of(procedure).proxies:
            page = redirect("procedures:who", draft.id)
        elif offered(request, draft):
            page = redirect("procedures:reuse", draft.id)
    return grant(request, page, draft=draft.id)


def _key(request: HttpRequest) -> UUID | None:
    """The key of the page's form, bound to this browser: a copy of the page elsewhere opens nobody's draft."""
    browser = request.META.get("CSRF_COOKIE")
    try:
        return uuid5(UUID(request.POST.get("idempotency_key", "")), browser) if browser else None
    except ValueError:
        return None
