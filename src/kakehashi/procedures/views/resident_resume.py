"""途中保存と再開: it is kept, a link by mail goes on with it on any device, and a lost link is sent again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.selectors import visible_steps
from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import NotFound
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services.limits import limited
from kakehashi.procedures.domain.applicant import applicant_of as applicant_in
from kakehashi.procedures.forms import ResumeForm
from kakehashi.procedures.models import Draft
from kakehashi.procedures.selectors.applications import get_draft, handed_in_as
from kakehashi.procedures.selectors.public import guide_of
from kakehashi.procedures.services import draft_of_token, send_links_again, send_resume_link
from kakehashi.procedures.services.resuming import WARNED_DAYS
from kakehashi.procedures.views.passes import applicant_of, grant, own_draft
from kakehashi.procedures.views.resident_apply import already_handed_in

# One address at home asks for a link or two; a program that fills mailboxes is stopped.
LINKS_PER_CLIENT = Limit("procedures.link_per_client", 30, 900)


@resident
@limited(LINKS_PER_CLIENT)
@require_http_methods(["GET", "POST"])
def saved_page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """一時保存: it is kept until the day named; a link by mail makes it go on on any device."""
    draft = own_draft(request, draft_id)
    if (already := already_handed_in(request, draft)) is not None:
        return already
    written = applicant_in(draft.form_version.definition, draft.answers).email
    form = ResumeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_resume_link(actor=applicant_of(request), draft=draft, email=form.cleaned_data["email"])
        messages.success(request, gettext("続きを書くためのリンクをメールで送りました。"))
        return redirect("procedures:saved", draft.id)
    context = {
        "draft": draft,
        "form": form,
        # Who has told an address already is not asked for it again.
        "address": draft.email or draft.confirmed_email or written,
        "todo": _next_step(draft),
        "warned_days": WARNED_DAYS,
        "guide": guide_of(draft.procedure, get_language() or "ja"),
    }
    return render(request, "procedures/resident/saved.html", context, status=422 if form.is_bound else 200)


def _next_step(draft: Draft) -> str:
    """The first page that is not done yet, "" when only the confirmation is left."""
    steps = visible_steps(draft.form_version, draft.answers)
    return next((step.key for step in steps if step.key not in draft.done_steps), "")


@resident
@require_GET
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the mail: this browser may go on with the draft. What was handed in is not opened by it any more."""
    draft_id = draft_of_token(token)
    try:
        draft = get_draft(draft_id) if draft_id else None
    except NotFound:
        draft = None
    if draft is None:
        return render(request, "procedures/resident/link_over.html", {"form": ResumeForm(), "was": "gone"}, status=410)
    if handed_in_as(draft) is not None:
        return render(request, "procedures/resident/link_over.html", {"was": "handed_in"}, status=410)
    return grant(request, redirect("procedures:saved", draft.id), draft=draft.id)


@resident
@limited(LINKS_PER_CLIENT)
@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Ask for the links of what was begun with an address; the answer is the same whether there is anything or not."""
    form = ResumeForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "was": "asked"}
        return render(request, "procedures/resident/link_over.html", context, status=422)
    send_links_again(actor=applicant_of(request), email=form.cleaned_data["email"])
    messages.success(
        request, gettext("そのメールアドレスで書きかけの手続があれば、続きを書くためのリンクを送りました。")
    )
    return redirect("procedures:mine")
