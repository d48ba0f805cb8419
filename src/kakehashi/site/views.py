"""Pages of the installation itself: homes, language, style page."""

from __future__ import annotations

import tempfile
from datetime import datetime

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.governments.selectors import tenants
from kakehashi.kernel import clock
from kakehashi.kernel.access import any_staff, public, staff
from kakehashi.kernel.folding import fold
from kakehashi.kernel.personal_data import note_reading, reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.notices.selectors import present_announcements
from kakehashi.procedures.domain.life_events import life_events
from kakehashi.site import style_page
from kakehashi.site.permissions import SitePermission
from kakehashi.site.status_page import status_lines, summary
from kakehashi.site.take_home import take_home as write_everything

_LISTED = 60
_NEWS = 5


@public
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The list of governments at the root, or the first scene of the demo; inside a government, its residents' home."""
    if request.government is not None:  # type: ignore[attr-defined]
        return render(request, "site/resident_home.html", {"life_events": life_events(), "news": _news()})
    if settings.CONFIG.demo:
        return redirect("demo:begin")
    query = request.GET.get("q", "")[:100]
    found = [one for one in tenants() if fold(query) in fold(f"{one.name}{one.kana}{one.code}")]
    context = {"tenants": found[:_LISTED], "more": len(found) > _LISTED, "query": query}
    return render(request, "site/home.html", context)


def _news() -> list[tuple[str, str, datetime]]:
    """The newest announcements: heading, address and moment, in the reader's language."""
    if settings.CONFIG.surface == "staff":
        return []
    language = get_language() or "ja"
    rows = present_announcements()[:_NEWS]
    return [(row.words(language)[0], reverse("notices:announcement", args=[row.id]), row.starts_at) for row in rows]


@any_staff
@require_GET
def staff_home(request: HttpRequest) -> HttpResponse:
    """The first screen in the morning is the inbox."""
    try:
        return redirect("cases-staff:inbox")
    except NoReverseMatch:
        return render(request, "site/staff_home.html")


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the visitor's language and go back to the same page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("site:home")
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=60 * 60 * 24 * 365,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return response


@any_staff
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """Keys and first steps for staff."""
    return render(request, "site/help.html")


@public
@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every block with its name, for developers: in DEBUG and in tests only."""
    if not (settings.DEBUG or getattr(settings, "STYLE_PAGE", False)):
        raise Http404
    shell = "staff" if request.GET.get("shell") == "staff" else "resident"
    return render(request, f"site/style_{shell}.html", style_page.context(request))


@staff(SitePermission.SEE_STATUS)
@require_GET
def status(request: Request) -> HttpResponse:
    """動作の状態: each line says what it is, whether all is well, and what to do."""
    lines = status_lines(request.government)
    return render(request, "site/status.html", {"lines": lines, "summary": summary(lines)})


@staff(SitePermission.TAKE_HOME)
@reads_personal_data("持ち帰り（全部の書き出し）")
@require_http_methods(["GET", "POST"])
def take_home(request: Request) -> HttpResponseBase:
    """持ち帰る: everything the government owns as one zip. The act is written into the journal."""
    if request.method == "GET":
        return render(request, "site/take_home.html")
    target = tempfile.TemporaryFile()  # noqa: SIM115 — the response closes it when it was sent
    write_everything(actor=request.actor, government=request.government, target=target)
    target.seek(0)
    note_reading("governments.government", [request.government.id])
    name = f"{request.government.code}_{clock.today():%Y%m%d}.zip"
    return FileResponse(target, as_attachment=True, filename=name, content_type="application/zip")
