"""Django's own way from the web server to a page, which lets go of a request as soon as it is answered."""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest


class Handler(WSGIHandler):
    """Takes apart what a request holds when the server closes its answer.

    Who signed in, the messages and the like know their request, and it knows them: such a ring stays until the garbage collector
    comes by. It came after some three hundred applications and let all who waited for the process wait for tens of milliseconds more.
    """

    def get_response(self, request: HttpRequest) -> Any:
        """The answer; what is streamed may read the request until its end."""
        response: Any = super().get_response(request)
        response._resource_closers.append(vars(request).clear)
        return response
