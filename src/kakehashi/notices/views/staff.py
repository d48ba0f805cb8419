"""The bell, the channel preferences and the delivery log."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from kakehashi.kernel.access import any_staff, staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import note_reading, reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.notices import hooks, selectors, services
from kakehashi.notices.models import DeliveryOutcome
from kakehashi.notices.permissions import NoticesPermission


@any_staff
@require_safe
def notice_list(request: Request) -> HttpResponse:
    """Show one's own notices, newest first; `?unread=1` keeps the unread."""
    rows = selectors.notices_of(person_id=request.actor.id)
    only_unread = request.GET.get("unread") == "1"
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    page = keyset_page(rows, order_by=("-created_at", "-id"), cursor=request.GET.get("cursor"))
    labels = dict(hooks.kinds())
    return render(
        request, "notices/notice_list.html", {"page": page, "only_unread": only_unread, "kind_labels": labels}
    )


@any_staff
@require_safe
def unread_badge(request: Request) -> HttpResponse:
    """The number beside the bell, as a fragment that the page asks for again now and then."""
    return render(request, "notices/_badge.html", {"unread": selectors.unread_count(request.actor)})


@any_staff
@require_POST
def open_notice(request: Request, notice_id: UUID) -> HttpResponse:
    """Mark one notice as read and go where it points."""
    notice = services.read_notice(actor=request.actor, notice_id=notice_id)
    if notice is None:
        raise Http404
    return redirect(selectors.own_path(notice.url) or "notices-staff:list")


@any_staff
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    services.read_all_notices(actor=request.actor)
    return redirect("notices-staff:list")


@any_staff
def preferences(request: Request) -> HttpResponse:
    """Choose, kind by kind, whether notices come to the bell, by mail, or both."""
    rows = selectors.preferences_of(person_id=request.actor.id)
    error = None
    if request.method == "POST":
        rows = [
            (kind, label, f"{kind}:in_app" in request.POST, f"{kind}:mail" in request.POST)
            for kind, label, _, _ in rows
        ]
        try:
            services.prefer_channels(actor=request.actor, choices=[(kind, a, m) for kind, _, a, m in rows])
        except DomainError as raised:
            error = raised
        else:
            messages.success(request, "お知らせの受け取り方を変えました。")
            return redirect("notices-staff:preferences")
    return render(request, "notices/preferences.html", {"rows": rows, "error": error}, status=422 if error else 200)


@staff(NoticesPermission.DELIVERY_VIEW)
@reads_personal_data("メールの配信の確認")
@require_GET
def delivery_list(request: Request) -> HttpResponse:
    """Show every attempt to bring a mail out, newest first; `?outcome=` filters."""
    rows = selectors.deliveries()
    outcome = request.GET.get("outcome", "")
    if outcome in DeliveryOutcome.values:
        rows = rows.filter(outcome=outcome)
    page = keyset_page(rows, order_by=("-attempted_at", "-id"), cursor=request.GET.get("cursor"))
    note_reading("notices.notice", [row.notice_id for row in page.rows])
    return render(
        request,
        "notices/delivery_list.html",
        {"page": page, "outcome": outcome, "outcomes": DeliveryOutcome.choices},
    )
