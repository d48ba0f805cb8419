"""個人情報の保存期間: what is kept how long and by which rule, and what a purge leaves behind."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from kakehashi.journal.forms import RetentionForm
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors import clock_rules
from kakehashi.journal.services import set_retention
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request


@staff(JournalPermission.READ_ACCESS)
@require_safe
def index(request: Request) -> HttpResponse:
    """Every kind of personal data with its period, its basis and the day that decides today."""
    context = {
        "rules": clock_rules(),
        "may_set_rules": request.actor.can(JournalPermission.SET_RULES, request.government.id),
    }
    return render(request, "journal/retention.html", context)


@staff(JournalPermission.SET_RULES)
@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    """Change one period."""
    rule = next((one for one in clock_rules() if one.clock.code == code), None)
    if rule is None:
        raise Http404
    form = RetentionForm(request.POST or None, initial={"amount": rule.period.amount, "basis": rule.basis})
    if request.method == "POST" and form.is_valid():
        try:
            set_retention(actor=request.actor, code=code, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "保存期間を変えました。次の消去から、この期間で数えます。")
            return redirect("journal-staff:retention")
    context = {"form": form, "rule": rule}
    return render(request, "journal/retention_edit.html", context, status=422 if form.is_bound else 200)
