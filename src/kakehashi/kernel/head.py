"""HEAD: answered as the GET of the same page would be, without its body (RFC 9110 section 9.3.2)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class HeadMiddleware:
    """Lets every page that can be read be asked for by HEAD; monitors and link checkers do.

    It stands innermost: what is outside of it, such as the log, still sees a HEAD. The server leaves the body out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"
