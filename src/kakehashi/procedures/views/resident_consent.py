"""同意する: the page of a mailed link. It shows everything that would be handed in, and takes a yes or a no."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from kakehashi.eforms.selectors import clean_answers, describe_answers, open_answers
from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import download_path
from kakehashi.kernel.access import resident
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import Stale
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services.limits import limited
from kakehashi.procedures.domain.attached import attached_files
from kakehashi.procedures.domain.names import FILE_PURPOSE_ANSWER
from kakehashi.procedures.forms import DeclineForm
from kakehashi.procedures.models import Role
from kakehashi.procedures.selectors.public import guide_of
from kakehashi.procedures.services import agree, asked_of_token, decline
from kakehashi.procedures.services.consents import Asked

ANSWERS_PER_CLIENT = Limit("procedures.consent_per_client", 60, 900)


def _actor(request: HttpRequest, asked: Asked | None = None) -> AnonymousActor:
    label = "本人" if asked is not None and asked.consent.role == Role.PRINCIPAL else "連署する人"
    return AnonymousActor(government_id=request.government.id, label=label)  # type: ignore[attr-defined]


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "procedures/resident/consent_over.html", status=410)


@resident
@require_GET
def consent_page(request: HttpRequest, token: str) -> HttpResponse:
    """The whole of the answers, who else is in it, and the two buttons."""
    asked = asked_of_token(token)
    return _over(request) if asked is None else _page(request, asked, token)


def _page(request: HttpRequest, asked: Asked, token: str, *, message: str = "", status: int = 200) -> HttpResponse:
    language = get_language() or "ja"
    thing = asked.application or asked.draft
    assert thing is not None
    assert thing.form_version is not None
    answers = clean_answers(thing.form_version, open_answers(thing.answers)).values
    procedure = thing.procedure
    files = StoredFile.objects.filter(id__in=attached_files(answers), purpose=FILE_PURPOSE_ANSWER)
    context = {
        "token": token,
        "asked": asked,
        "consent": asked.consent,
        "standing": asked.parties.standing(asked.consent),
        "is_principal": asked.consent.role == Role.PRINCIPAL,
        "guide": guide_of(procedure, language),
        "groups": describe_answers(thing.form_version, answers),
        "files": [(each, download_path(each)) for each in files],
        "form": DeclineForm(),
        "message": message,
    }
    return render(request, "procedures/resident/consent.html", context, status=status)


@resident
@limited(ANSWERS_PER_CLIENT)
@require_POST
def agree_page(request: HttpRequest, token: str) -> HttpResponse:
    """同意する to what the page showed; when the answers changed meanwhile the new ones are shown first."""
    asked = asked_of_token(token)
    if asked is None:
        return _over(request)
    try:
        agree(actor=_actor(request, asked), token=token, seen_digest=request.POST.get("digest", ""))
    except Stale:
        fresh = asked_of_token(token)
        if fresh is None:
            return _over(request)
        message = gettext("読んでいるあいだに、内容が変わりました。もう一度読んで、選んでください。")
        return _page(request, fresh, token, message=message, status=409)
    return redirect("procedures:consent", token)


@resident
@limited(ANSWERS_PER_CLIENT)
@require_POST
def decline_page(request: HttpRequest, token: str) -> HttpResponse:
    """同意しない, with a reason if there is one."""
    asked = asked_of_token(token)
    if asked is None:
        return _over(request)
    form = DeclineForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        decline(actor=_actor(request, asked), token=token, reason=reason)
    except Stale:
        return _over(request)
    return redirect("procedures:consent", token)
