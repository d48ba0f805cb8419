"""Root addresses: every room is mounted by its own name; `--surface` decides which half a process serves."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

from kakehashi.site import api, views

_site = [
    path("", views.home, name="home"),
    path("language/", views.set_language, name="set-language"),
    path("staff/help/", views.help_page, name="help"),
    path("style/", views.style, name="style"),
    path(f"{api.PREFIX}openapi.json", api.document, name="openapi"),
    path("api/", api.guide, name="api-guide"),
]

_site_staff = [
    path("staff/", views.staff_home, name="staff-home"),
    path("staff/take-home/", views.take_home, name="take-home"),
    path("staff/status/", views.status, name="status"),
]

handler400 = "kakehashi.kernel.error_pages.bad_request"
handler403 = "kakehashi.kernel.error_pages.permission_denied"
handler404 = "kakehashi.kernel.error_pages.page_not_found"
handler500 = "kakehashi.kernel.error_pages.server_error"


def _lead_over(request: HttpRequest, **_: object) -> HttpResponse:
    """Send whoever follows a link to the same page of the half that serves it."""
    if request.method not in ("GET", "HEAD"):
        raise Http404
    town = f"/{request.government.slug}" if request.government else ""  # type: ignore[attr-defined]
    asked = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(f"{settings.CONFIG.public_url}{town}{request.path_info}{'?' if asked else ''}{asked}")


class _OnTheOtherHalf(URLResolver):
    """Pages that another process serves: their addresses can be written into pages and mails, and lead to `KAKEHASHI_PUBLIC_URL`.

    Where that is not set, nobody is answered.
    """

    def resolve(self, path: str) -> ResolverMatch:
        """Find the page that leads over. Raises Resolver404 where there is no such page, or no way to it."""
        match: ResolverMatch = super().resolve(path)
        if not settings.CONFIG.public_url:
            raise Resolver404({"tried": [], "path": path})
        match.func = _lead_over
        return match


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((_site + (_site_staff if settings.CONFIG.surface != "public" else []), "site"))),
    path("accounts/", include("allauth.urls")),
    path("demo/", include(("kakehashi.site.demo.urls", "demo"))),
]

for _room in settings.ROOMS:
    _urls = import_module(f"kakehashi.{_room}.urls")
    if settings.CONFIG.surface != "public" and _urls.staff_urlpatterns:
        urlpatterns.append(path(f"staff/{_room}/", include((_urls.staff_urlpatterns, f"{_room}-staff"))))
    if settings.CONFIG.surface == "staff" and _urls.resident_urlpatterns:
        # Staff pages and mails lead to pages of residents, which the public half serves.
        _pages = RoutePattern(f"{_room}/", is_endpoint=False)
        urlpatterns.append(_OnTheOtherHalf(_pages, _urls.resident_urlpatterns, app_name=_room, namespace=_room))
    elif _urls.resident_urlpatterns:
        urlpatterns.append(path(f"{_room}/", include((_urls.resident_urlpatterns, _room))))
    if settings.CONFIG.surface != "public" and hasattr(_urls, "api_urlpatterns"):
        urlpatterns.append(path(f"{api.PREFIX}{_room}/", include((_urls.api_urlpatterns, f"{_room}-api"))))
    # Pages of a ground room that stand outside any government, such as choosing one after sign-in.
    urlpatterns += getattr(_urls, "root_urlpatterns", [])

# Addresses are looked through in order; what a crowd uses on one morning is looked for first.
urlpatterns.sort(key=lambda each: str(each.pattern) != "procedures/")
