"""One form, sent once: pressed twice, or sent again after a lost answer, it is done once and leads to the same place.

Every rendering of a form carries another CSRF token, so the same sender, address, token and content are the same press. It is noted in
the transaction of the work itself: of two at the same moment the second waits until the first has ended. What was refused is not
noted, and whoever changes a word sends something new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

__all__ = ["once"]

# Longer than anybody waits for an answer that does not come.
_REMEMBERED_SECONDS = 15 * 60
_LED_SOMEWHERE = (302, 303)
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def once(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `answer` gives, or, for a form that was done a moment ago, the way to where it led."""
    # Parts of a page send themselves again and again (htmx), and machines bring keys of their own.
    if request.method != "POST" or "HX-Request" in request.headers or not request.POST.get(_TOKEN):
        return answer()
    key = _key_of(request)
    if not cache.add(key, "", _REMEMBERED_SECONDS) and (place := cache.get(key)):
        return HttpResponseRedirect(place)
    response = answer()
    if response.status_code in _LED_SOMEWHERE:
        cache.set(key, response.headers["Location"], _REMEMBERED_SECONDS)
    else:
        cache.delete(key)
    return response


def _key_of(request: HttpRequest) -> str:
    """Names who sent what where; nobody reads the content from it."""
    digest = hashlib.sha256()
    for part in (request.get_host(), request.get_full_path(), str(request.user.pk)):
        digest.update(part.encode() + b"\0")
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode("utf-8", "surrogatepass"))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(repr((name, file.name, file.size)).encode("utf-8", "surrogatepass"))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return f"sent:{digest.hexdigest()}"
