"""Fragments that make a step smoother with htmx; every one of them has a way without JavaScript."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import form_version, validate_step
from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import NotFound

SEEN_SALT = "eforms.seen"


@resident
@require_POST
def step(request: HttpRequest, version_id: UUID, step_key: str) -> HttpResponse:
    """The step again after an answer changed, with the questions that it brings and without judging anything yet."""
    version = _version(version_id, step_key)
    seen = _seen(request)
    typed = seen | validate_step(version, step_key, request.POST, seen).typed
    # While somebody still writes, an empty answer is not pointed out, unless it has been already.
    typed = {
        name: value for name, value in typed.items() if not name.endswith(".urged") or request.POST.get(name) == "on"
    }
    return render(request, "eforms/step_fragment.html", {"version": version, "step": step_key, "typed": typed})


@resident
@require_POST
def address(request: HttpRequest, version_id: UUID, step_key: str, field_key: str) -> HttpResponse:
    """The address question with what its postcode says."""
    version = _version(version_id, step_key)
    post = request.POST.copy()
    post["_lookup"] = field_key
    result = validate_step(version, step_key, post, _seen(request))
    if field_key not in result.typed:
        raise Http404
    context = {"version": version, "key": field_key, "typed": result.typed, "errors": result.errors}
    return render(request, "eforms/question_fragment.html", context)


def _version(version_id: UUID, step_key: str) -> FormVersion:
    try:
        version = form_version(version_id)
    except NotFound as error:
        raise Http404 from error
    steps = version.definition.get("steps", [])
    if all(one.get("key") != step_key for one in steps):
        raise Http404
    return version


def _seen(request: HttpRequest) -> dict[str, Any]:
    try:
        seen = signing.loads(request.POST.get("_seen", ""), salt=SEEN_SALT)
    except (signing.BadSignature, ValueError):
        return {}
    return seen if isinstance(seen, dict) else {}


__all__ = ["address", "step"]
