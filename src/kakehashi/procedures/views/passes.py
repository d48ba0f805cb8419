"""What this browser may open: a signed cookie that stands in for an account.

It holds the ids of the visitor's own drafts and applications, is bound to one government, lives thirty
days and costs no query. It outlives the session, so nobody loses what they typed to a time-out.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix

from kakehashi.kernel.actor import Actor, AnonymousActor
from kakehashi.kernel.errors import NotFound
from kakehashi.people.services import resident_id_of
from kakehashi.procedures.models import Application, Draft
from kakehashi.procedures.selectors.applications import get_application, get_draft

# Its path is the government's, so the stricter prefix `__Host-` is not open to it.
COOKIE = "__Secure-kakehashi_mine" if settings.SESSION_COOKIE_SECURE else "kakehashi_mine"
SECONDS = 30 * 24 * 60 * 60
_MOST = 30
_FEW = 4


@dataclass(frozen=True, slots=True)
class Passes:
    """Ids (hex) of drafts and applications, newest first."""

    drafts: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()


def applicant_of(request: HttpRequest) -> Actor:
    """Who acts on a resident's page: the applicant, whoever else may be signed in. Asks no session and no query."""
    government_id = request.government.id  # type: ignore[attr-defined]
    return AnonymousActor(government_id=government_id, label="申請者")


def _salt(request: HttpRequest) -> str:
    return f"procedures.passes.{request.government.id}"  # type: ignore[attr-defined]


def read_passes(request: HttpRequest) -> Passes:
    """The passes of this browser; a forged, foreign or old cookie gives none. Read once for each request."""
    known: Passes | None = getattr(request, "_passes", None)
    if known is None:
        known = request._passes = _signed_passes(request)  # type: ignore[attr-defined]
    return known


def _signed_passes(request: HttpRequest) -> Passes:
    try:
        drafts, applications = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_salt(request), max_age=SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return Passes()
    return Passes(tuple(drafts), tuple(applications))


def grant(
    request: HttpRequest, response: HttpResponse, *, draft: UUID | None = None, application: UUID | None = None
) -> HttpResponse:
    """Add a pass to the browser's cookie."""
    now = read_passes(request)
    drafts = _with(now.drafts, draft)
    applications = _with(now.applications, application)
    # A few ids do not become shorter.
    is_long = len(drafts) + len(applications) > _FEW
    value = signing.dumps([drafts, applications], salt=_salt(request), compress=is_long)
    response.set_cookie(
        COOKIE,
        value,
        max_age=SECONDS,
        path=get_script_prefix(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _with(ids: tuple[str, ...], new: UUID | None) -> list[str]:
    if new is None:
        return list(ids)
    return [new.hex, *[each for each in ids if each != new.hex]][:_MOST]


def forget(response: HttpResponse) -> HttpResponse:
    """Take all passes off this browser, for a shared computer."""
    response.delete_cookie(COOKIE, path=get_script_prefix())
    return response


def own_draft(request: HttpRequest, draft_id: UUID, *, to_hand_in: bool = False) -> Draft:
    """A draft of this browser or of the resident who is signed in; `to_hand_in` leaves out what only its pages show again.

    Raises NotFound for anybody else's.
    """
    draft = get_draft(draft_id, with_typed=not to_hand_in)
    if draft_id.hex not in read_passes(request).drafts and not _is_residents(request, draft.resident_id):
        raise NotFound
    return draft


def own_application(request: HttpRequest, application_id: UUID) -> Application:
    """An application of this browser or of the resident who is signed in. Raises NotFound for anybody else's."""
    application = get_application(application_id)
    has_pass = application_id.hex in read_passes(request).applications
    if not has_pass and not _is_residents(request, application.resident_id):
        raise NotFound
    return application


def _is_residents(request: HttpRequest, resident_id: UUID | None) -> bool:
    """Whether the signed-in resident is this one; the session is asked only when the row has a resident."""
    return resident_id is not None and resident_id_of(request.session) == resident_id
