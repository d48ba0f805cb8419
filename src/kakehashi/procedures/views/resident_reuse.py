"""以前の回答を写す: a returning applicant sees which answers could be copied, chooses, or declines."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import NotFound
from kakehashi.people.services import resident_id_of
from kakehashi.procedures.models import Draft
from kakehashi.procedures.selectors.public import guide_of
from kakehashi.procedures.selectors.reuse import Offer, offers_for
from kakehashi.procedures.services import reuse_answers
from kakehashi.procedures.views.passes import applicant_of, own_draft, read_passes
from kakehashi.procedures.views.resident_apply import already_handed_in


def offered(request: HttpRequest, draft: Draft) -> list[Offer]:
    """What this visitor may copy: from applications of the resident who is signed in, and of this browser."""
    resident_id, passes = resident_id_of(request.session), read_passes(request)
    if resident_id is None and not passes.applications:
        return []
    return offers_for(draft, resident_id=resident_id, application_ids=passes.applications)


@resident
@require_http_methods(["GET", "POST"])
def reuse_page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Choose what is copied; nothing is, unless the button that says so is pressed."""
    draft = own_draft(request, draft_id)
    if (already := already_handed_in(request, draft)) is not None:
        return already
    if draft.correction is not None or draft.typed_by_id is not None:
        raise NotFound
    first = draft.form_version.definition["steps"][0]["key"]
    offers = offered(request, draft)
    if request.method == "POST" or not offers:
        if "agree" in request.POST:
            chosen = request.POST.getlist("use")
            taken = reuse_answers(actor=applicant_of(request), draft=draft, offers=offers, chosen=chosen)
            if taken is not None:
                messages.success(request, gettext("選んだ答えを写しました。まちがいがないか、確かめてください。"))
        return redirect("procedures:step", draft.id, first)
    context = {
        "draft": draft,
        "guide": guide_of(draft.procedure, get_language() or "ja"),
        "open_offers": [each for each in offers if not each.match.is_protected],
        "protected_offers": [each for each in offers if each.match.is_protected],
    }
    return render(request, "procedures/resident/reuse.html", context)
