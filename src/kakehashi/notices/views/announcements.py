"""住民へのお知らせ: staff publish it, residents read it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.kernel.access import resident, staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.notices import selectors, services
from kakehashi.notices.forms import AnnouncementForm
from kakehashi.notices.models import Announcement
from kakehashi.notices.permissions import NoticesPermission

ORDER = ("-starts_at", "-id")


@staff(NoticesPermission.ANNOUNCE)
@require_safe
def announcement_list(request: Request) -> HttpResponse:
    """Everything that was announced, newest first."""
    page = keyset_page(selectors.announcements(), ORDER, request.GET.get("cursor"))
    return render(request, "notices/announcements.html", {"page": page})


@staff(NoticesPermission.ANNOUNCE)
@require_http_methods(["GET", "POST"])
def new_announcement(request: Request) -> HttpResponse:
    """Write and publish one."""
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_announcement(actor=request.actor, values=form.cleaned_data, idempotency_key=_key(request))
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "お知らせを出しました。")
            return redirect("notices-staff:announcements")
    return render(request, "notices/announcement_form.html", {"form": form}, status=422 if form.is_bound else 200)


@staff(NoticesPermission.ANNOUNCE)
@require_http_methods(["GET", "POST"])
def edit_announcement(request: Request, announcement_id: UUID) -> HttpResponse:
    """Change its words or dates."""
    found = _get(announcement_id)
    form = AnnouncementForm(request.POST or None, instance=_get(announcement_id))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_announcement(actor=request.actor, announcement=found, values=form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "お知らせを直しました。")
            return redirect("notices-staff:announcements")
    context = {"form": form, "announcement": found}
    return render(request, "notices/announcement_form.html", context, status=422 if form.is_bound else 200)


@staff(NoticesPermission.ANNOUNCE)
@require_POST
def withdraw_announcement(request: Request, announcement_id: UUID) -> HttpResponse:
    """Take it off the residents' pages."""
    services.withdraw_announcement(actor=request.actor, announcement=_get(announcement_id))
    messages.success(request, "お知らせを取りやめました。")
    return redirect("notices-staff:announcements")


def _get(announcement_id: UUID) -> Announcement:
    found: Announcement | None = Announcement.objects.filter(id=announcement_id).first()
    if found is None:
        raise Http404
    return found


def _key(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid7()


@resident
@require_safe
def news(request: Request) -> HttpResponse:
    """お知らせ: everything that is announced now."""
    page = keyset_page(selectors.present_announcements(), ORDER, request.GET.get("cursor"))
    language = get_language() or "ja"
    rows = [(each, each.words(language)[0]) for each in page.rows]
    return render(request, "notices/resident/news.html", {"page": page, "rows": rows})


@resident
@require_safe
def announcement(request: Request, announcement_id: UUID) -> HttpResponse:
    """One announcement; what was taken back or is over is not there any more."""
    found = selectors.present_announcements().filter(id=announcement_id).first()
    if found is None:
        raise Http404
    title, body, is_own = found.words(get_language() or "ja")
    context = {"announcement": found, "heading": title, "body": body, "is_own": is_own}
    return render(request, "notices/resident/announcement.html", context)
