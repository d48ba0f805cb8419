"""Where a visitor of the demo stands on the road: kept in a signed cookie, because changing roles ends sessions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse

COOKIE = "kakehashi_tour"
_signer = Signer(salt="kakehashi.demo.tour")


@dataclass(frozen=True)
class Tour:
    """The visitor's own demo town and the step they stand at."""

    slug: str = ""
    step: int = 0

    def at(self, step: int) -> Tour:
        """The same tour at another step."""
        return Tour(self.slug, step)


def tour_of(request: HttpRequest) -> Tour:
    """The visitor's tour; a missing or forged cookie is the beginning."""
    try:
        value: dict[str, Any] = _signer.unsign_object(request.COOKIES.get(COOKIE, ""))
        return Tour(str(value["slug"]), int(value["step"]))
    except (BadSignature, KeyError, TypeError, ValueError):
        return Tour()


def remember(response: HttpResponse, tour: Tour) -> HttpResponse:
    """Put the tour into the response's cookie."""
    response.set_cookie(COOKIE, _signer.sign_object(asdict(tour)), httponly=True, samesite="Lax")
    return response
