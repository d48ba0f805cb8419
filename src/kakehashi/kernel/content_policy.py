"""The Content-Security-Policy of the pages. It is the same for all of them, so it is written once, not for every answer."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse

__all__ = ["ContentPolicyMiddleware"]


class ContentPolicyMiddleware:
    """Sets the policy of the settings, unless the view has set its own header. There are no nonces: no page has a script of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self._policy)
        return response
