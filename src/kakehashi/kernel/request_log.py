"""An id for every request, and one line of the log when it is answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from kakehashi.kernel.logs import view_of
from kakehashi.kernel.trace import begin_request

HEADER = "X-Request-Id"
_log = logging.getLogger("kakehashi.request")


class RequestLogMiddleware:
    """Gives the request its id (a trusted proxy's own is kept) and writes page, status and time, never the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # `TransportMiddleware` stands above and has dropped what no trusted proxy sent.
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id, began = begin_request(given), time.perf_counter()
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        if _log.isEnabledFor(logging.INFO):
            government = getattr(request, "government", None)
            facts = {
                "page": view_of(request),
                "method": request.method or "",
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
                "government": str(government.id) if government is not None else "",
            }
            _log.info("answered", extra={"facts": facts})
        return response
