"""A form that was sent after the session was over, shown again after signing in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kakehashi.kernel.access import any_staff
from kakehashi.kernel.requests import Request
from kakehashi.kernel.typed import context_of
from kakehashi.people.adapters.kept_forms import forget, open_kept


@any_staff
@never_cache
@require_http_methods(["GET", "POST"])
def kept(request: Request, kept_id: UUID) -> HttpResponse:
    """What was typed, with a button that sends it; a POST throws it away."""
    typed = open_kept(request, kept_id)
    if typed is None:
        messages.warning(request, "預かった内容は、書いた人が、書いた端末で、1時間以内にサインインしたときだけ出ます。")
        return redirect("site:staff-home")
    if request.method == "POST":
        forget(kept_id)
        messages.success(request, "預かった内容を捨てました。")
        return redirect("site:staff-home")
    return render(request, "people/staff/kept.html", context_of(typed, request))
