"""The page's language: the visitor's choice, else the browser's; staff pages are Japanese."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

STAFF_PREFIX = "/staff/"


class LanguageMiddleware:
    """Activate the language for one request. Like Django's own, but the address never carries a language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = language_of(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", chosen.split("-")[0])
        return response


def language_of(request: HttpRequest) -> str:
    """One of settings.LANGUAGES for this request."""
    if request.path_info.startswith(STAFF_PREFIX):
        return settings.LANGUAGE_CODE
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in dict(settings.LANGUAGES):
        return cookie
    return translation.get_language_from_request(request)
