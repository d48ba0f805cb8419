"""Every staff page that showed personal data comes past here on its way out."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from kakehashi.journal.hooks import Sections, sections_of, subject_kinds
from kakehashi.journal.models import AccessAct
from kakehashi.journal.selectors import access_rule
from kakehashi.journal.services import reason_for, record_access
from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.logs import view_of
from kakehashi.kernel.personal_data import Reading, ReadsPersonalData, Subject, unwatched

_WHOLE_LIST = "list"


def record_reading(
    request: HttpRequest, response: HttpResponseBase, declared: ReadsPersonalData, reading: Reading
) -> HttpResponseBase:
    """Write the access down and let the page go; somebody of another section is first asked why."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    act, page = _act(request, response), view_of(request)
    reason = ""
    # Another system cannot be asked: why it may read stands with its key.
    is_person = actor.kind is not ActorKind.MACHINE
    if is_person and not declared.never_asks and (declared.asks_reason or act is AccessAct.EXPORT):
        with unwatched():
            scope = _foreign_scope(actor, reading, is_list=not declared.asks_reason)
        if scope:
            reason = reason_for(request.session, page if scope == _WHOLE_LIST else scope)
            if not reason and access_rule().asks_reason:
                return _ask(request, page if scope == _WHOLE_LIST else scope)
    record_access(actor=actor, subjects=reading.subjects, purpose=declared.purpose, page=page, act=act, reason=reason)
    return response


def _act(request: HttpRequest, response: HttpResponseBase) -> AccessAct:
    if "attachment" not in response.headers.get("Content-Disposition", ""):
        return AccessAct.VIEW
    return AccessAct.DOWNLOAD if view_of(request).startswith("files") else AccessAct.EXPORT


def _foreign_scope(actor: Actor, reading: Reading, *, is_list: bool) -> str:
    """What a reason must be given for: the first subject that is not the actor's own work, or the list; empty for none."""
    sections = sections_of(actor)
    if sections.is_head:
        return ""
    known: dict[UUID, bool] = {}
    kinds = subject_kinds()
    for subject, section in reading.subjects.items():
        if subject[0] in kinds and not kinds[subject[0]].asks_reason:
            continue
        if section is not None and _covers(sections, section, known):
            continue
        if is_list:
            return _WHOLE_LIST
        if not _is_own(actor, subject):
            return f"{subject[0]}/{subject[1]}"
    return ""


def _covers(sections: Sections, section: UUID, known: dict[UUID, bool]) -> bool:
    if section not in known:
        known[section] = section in sections.ids or sections.covers(section)
    return known[section]


def _is_own(actor: Actor, subject: Subject) -> bool:
    kind = subject_kinds().get(subject[0])
    return kind is not None and kind.is_own(actor, subject[1])


def _ask(request: HttpRequest, scope: str) -> HttpResponseBase:
    if request.method == "GET":
        back = request.get_full_path()
    else:
        # What was posted cannot be kept: the page it came from is shown again, and the button pressed once more.
        referer = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(referer, {request.get_host()})
        back = referer if is_ours else reverse("site:staff-home")
    return redirect(f"{reverse('journal-staff:reason')}?{urlencode({'scope': scope, 'next': back})}")
