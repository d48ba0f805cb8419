"""県・市町村との共有: what this municipality shows to its prefecture, and to the other towns of the prefecture."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.plans.domain.sharing import REACH_WORDS, Reach, kind_subject
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.sharing import (
    MUNICIPALITIES,
    SharingKind,
    audience_here,
    last_choice,
    sharing_kinds,
    shown_count,
    shown_to_towns,
)
from kakehashi.plans.services import choose_sharing

_ANSWERS = {"": None, **{reach.value: reach for reach in Reach}}


@staff(PlansPermission.SHARE)
@require_http_methods(["GET", "POST"])
def sharing(request: Request) -> HttpResponse:
    """Choose by kind and by indicator; nothing is chosen for the municipality by anybody else."""
    if request.government.kind not in MUNICIPALITIES:
        raise Http404
    kinds, problem = sharing_kinds(), ""
    if request.method == "POST":
        try:
            changed = choose_sharing(actor=request.actor, choices=_posted(request.POST, kinds))
        except DomainError as refused:
            problem = refused.message
        else:
            messages.success(request, f"共有を{changed}件変えました。" if changed else "変わったところはありません。")
            return redirect("plans-staff:sharing")
    context = {
        "kinds": kinds,
        "audience": audience_here(),
        "last": last_choice(),
        "count": shown_count(),
        "towns_count": shown_to_towns(),
        "reaches": [(reach.value, words) for reach, words in REACH_WORDS.items()],
        "problem": problem,
    }
    return render(request, "plans/sharing.html", context, status=422 if problem else 200)


def _posted(data: QueryDict, kinds: list[SharingKind]) -> dict[str, Reach | None]:
    """What was answered. An indicator that the page did not show keeps its choice."""
    wanted: dict[str, Reach | None] = {}
    for kind in kinds:
        for subject in (kind_subject(kind.room), *(line.described.code for line in kind.lines)):
            answer = data.get(f"share-{subject}")
            if answer is None:
                continue
            if answer not in _ANSWERS:
                raise DomainError("だれに見せるかを一覧から選んでください。", field="choices")
            wanted[subject] = _ANSWERS[answer]
    return wanted
