"""閲覧記録: who read whose data; the question for a reason; disclosure to the person; the body's rule."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from kakehashi.journal.forms import AccessFilterForm, AccessRuleForm, DisclosureForm, ReasonForm
from kakehashi.journal.models import AccessEntry
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors import access_rule, accesses_of, find_accesses, subject_ids_of
from kakehashi.journal.selectors.accesses import AccessLine, lines_of
from kakehashi.journal.services import keep_reason, record_access, set_access_rule
from kakehashi.kernel import clock
from kakehashi.kernel.access import any_staff, staff
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

_MOST_EXPORTED = 50_000
_MOST_DISCLOSED = 2_000
_HEADERS = ("日時", "見た人", "所属", "操作", "画面", "目的", "理由", "件数", "対象", "要求の番号")
_ORDER = ("-accessed_at", "-id")


@staff(JournalPermission.READ_ACCESS)
@require_safe
def index(request: Request) -> HttpResponse:
    """Who read whose data, newest first, with filters; the same list as Excel and CSV."""
    form = AccessFilterForm(request.GET)
    entries = find_accesses(**form.cleaned_data) if form.is_valid() else AccessEntry.objects.none()
    if kind := request.GET.get("format"):
        rows = [_cells(line) for line in lines_of(entries[:_MOST_EXPORTED])]
        return spreadsheet_response(kind=kind, name="閲覧記録", headers=_HEADERS, rows=rows)
    page = keyset_page(entries, _ORDER, request.GET.get("cursor"))
    context = {
        "form": form,
        "page": page,
        "lines": lines_of(page.rows),
        "is_filtered": any(request.GET.values()),
        "is_detailed": any(request.GET.get(name) for name in form.fields if name != "subject"),
        "may_set_rules": request.actor.can(JournalPermission.SET_RULES, request.government.id),
    }
    return render(request, "journal/accesses.html", context, status=200 if form.is_valid() else 422)


def _cells(line: AccessLine) -> tuple[Any, ...]:
    entry = line.entry
    subjects = "、".join(f"{label} {name or subject_id}" for label, name, subject_id in line.subjects)
    return (
        entry.accessed_at, entry.actor_label, entry.section_label, entry.get_act_display(), entry.page, entry.purpose,
        entry.reason, entry.subject_count, subjects, entry.request_id,
    )  # fmt: skip


@staff(JournalPermission.READ_ACCESS)
@require_safe
def disclosure(request: Request) -> HttpResponse:
    """A page to print for the person: who of the office read their data, when and for what."""
    form = DisclosureForm(request.GET or None)
    context: dict[str, Any] = {"form": form, "today": clock.today()}
    if form.is_bound and form.is_valid():
        ids = subject_ids_of(form.cleaned_data["subject"])
        context |= {
            "is_found": bool(ids),
            "entries": list(accesses_of(ids)[:_MOST_DISCLOSED]),
            "with_names": form.cleaned_data["names"],
        }
        if ids:
            record_access(
                actor=request.actor,
                subjects=[("journal.disclosure", subject_id) for subject_id in ids],
                purpose="閲覧記録の開示",
                page="journal-staff:disclosure",
            )
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "journal/disclosure.html", context, status=status)


@staff(JournalPermission.SET_RULES)
@require_http_methods(["GET", "POST"])
def rule(request: Request) -> HttpResponse:
    """Whether other sections must say why, and what applicants see."""
    now = access_rule()
    initial = {"asks_reason": now.asks_reason, "shown_to_subject": now.shown_to_subject}
    form = AccessRuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        set_access_rule(actor=request.actor, **form.cleaned_data)
        messages.success(request, "閲覧記録の規則を変えました。")
        return redirect("journal-staff:accesses")
    return render(request, "journal/access_rule.html", {"form": form}, status=422 if form.is_bound else 200)


@any_staff
@require_http_methods(["GET", "POST"])
def reason(request: Request) -> HttpResponse:
    """Why somebody of another section needs to see it: asked once, kept with every access that follows for some hours."""
    scope = (request.POST.get("scope") or request.GET.get("scope", ""))[:200]
    target = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("site:staff-home")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and scope:
        keep_reason(request.session, scope, form.cleaned_data["reason"])
        return redirect(target)
    context = {"form": form, "scope": scope, "next": target}
    return render(request, "journal/reason.html", context, status=422 if form.is_bound else 200)
