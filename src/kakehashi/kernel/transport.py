"""Who is asking, and whether the wire between is encrypted.

`X-Forwarded-For` and `X-Forwarded-Proto` are believed only from the proxies that `KAKEHASHI_TRUSTED_PROXIES` names: the visitor is
the rightmost address in the chain that is no such proxy. Afterwards `REMOTE_ADDR` and `request.is_secure()` tell the truth, and
the headers are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from kakehashi.kernel.addresses import in_networks, is_loopback, parse_address
from kakehashi.kernel.error_pages import insecure_page
from kakehashi.kernel.registry import Registry

Answer = Callable[[HttpRequest], HttpResponse]

_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_X_FORWARDED_HOST",
)
_REQUEST_ID = "HTTP_X_REQUEST_ID"
#: Pages by which programs on the same machine ask whether this one lives; they come by plain HTTP.
_PROBES = frozenset({"/livez", "/readyz"})


#: Who can say that a host name is a government's own: there plain HTTP is sent to HTTPS on that very name.
own_hosts: Registry[Callable[[str], bool]] = Registry("own hosts")


class TransportMiddleware:
    """Stands first. Sends plain HTTP to HTTPS where the installation is reached by HTTPS, and keeps staff off an open wire."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _REQUEST_ID in request.META and not is_trusted(str(request.META.get("REMOTE_ADDR") or "")):
            del request.META[_REQUEST_ID]
        if any(name in request.META for name in _HEADERS):
            _believe_or_forget(request)
        if settings.CONFIG.https and not is_private_wire(request) and request.path_info not in _PROBES:
            return _to_https(request)
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            if getattr(request, "is_for_staff", False):
                # A shared PC at a counter keeps nothing of what the colleague before saw.
                response["Cache-Control"] = "private, no-store"
            elif request.COOKIES:
                # Perhaps somebody's own page: no proxy keeps it, and the browser asks again before it shows it.
                response["Cache-Control"] = "private, no-cache"
        return response

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        """Refuse every staff page, and every page of signing in, to whoever would send a password over an open wire."""
        if not _is_for_staff(args[0] if args else None):
            return None
        request.is_for_staff = True  # type: ignore[attr-defined]
        return None if is_private_wire(request) or not settings.STAFF_NEEDS_HTTPS else insecure_page(request)


def is_private_wire(request: HttpRequest) -> bool:
    """Whether nobody on the way can read along: HTTPS, or a browser on this very machine."""
    return request.is_secure() or is_loopback(str(request.META.get("REMOTE_ADDR") or ""))


def _is_for_staff(view: object) -> bool:
    access, module = getattr(view, "access", None), getattr(view, "__module__", "")
    if access is None:
        return bool(module.startswith("allauth."))
    # The public pages of the people room are those on which staff sign in.
    is_sign_in = access.surface == "public" and module.startswith("kakehashi.people.")
    return is_sign_in or access.surface in {"staff", "administrator"}


def _to_https(request: HttpRequest) -> HttpResponse:
    # What was posted has already been read along: it is refused, so that the mistake is seen and mended.
    if request.method not in {"GET", "HEAD"}:
        return insecure_page(request)
    name = request.META.get("HTTP_HOST", "").partition(":")[0].lower()
    is_own = any(knows(name) for _, knows in own_hosts.items())
    host = name if is_own else urlsplit(settings.CONFIG.base_url).netloc
    response = HttpResponsePermanentRedirect(f"https://{host}{request.get_full_path()}")
    response["Cache-Control"] = "no-store"
    return response


def _believe_or_forget(request: HttpRequest) -> None:
    meta = request.META
    peer = str(meta.get("REMOTE_ADDR") or "")
    chain, proto = meta.get("HTTP_X_FORWARDED_FOR", ""), meta.get("HTTP_X_FORWARDED_PROTO", "")
    for name in _HEADERS:
        meta.pop(name, None)
    if is_trusted(peer):
        meta["REMOTE_ADDR"] = visitor(chain.split(","), peer)
        # Several proxies append: the one next to us spoke last.
        meta["wsgi.url_scheme"] = "https" if proto.rpartition(",")[2].strip().lower() == "https" else "http"
    elif chain:
        # A proxy nobody told us of: every visitor would look like that machine, so there is no address at all.
        meta["REMOTE_ADDR"] = ""
        meta["kakehashi.peer"] = peer


def visitor(chain: Iterable[str], peer: str) -> str:
    """The rightmost address of the chain that is no trusted proxy; empty when that cannot be read."""
    for text in reversed([part.strip() for part in chain if part.strip()]):
        if parse_address(text) is None:
            return ""
        if not is_trusted(text):
            return text
    return peer


def is_trusted(address: str) -> bool:
    """Whether a proxy at this address is believed."""
    return in_networks(address, tuple(settings.CONFIG.trusted_proxies))


def is_office(address: str) -> bool:
    """Whether an address is a town hall's: many people may sit behind it."""
    return in_networks(address, tuple(settings.CONFIG.office_networks))
