"""様式の変換: dropping papers, watching them being read, and judging every field beside the original."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.papers.model import UnreadablePaperError
from kakehashi.eforms.forms import PaperDropForm
from kakehashi.eforms.hooks import may_edit, owner_of
from kakehashi.eforms.models import PaperForm
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.selectors.papers import batch_progress, original, paper_form, papers, review
from kakehashi.eforms.services import drop_papers, judge_field
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request


@staff(EformsPermission.EDIT)
@require_http_methods(["GET", "POST"])
def papers_page(request: Request) -> HttpResponse:
    """The list of dropped papers with its progress; POST drops more."""
    form = PaperDropForm(request.POST, request.FILES) if request.method == "POST" else PaperDropForm()
    if request.method == "POST" and form.is_valid():
        try:
            dropped = drop_papers(
                actor=request.actor, files=[(one.name, one.read()) for one in form.cleaned_data["papers"]]
            )
        except DomainError as error:
            form.add_error("papers", error.message)
        else:
            messages.success(request, f"{len(dropped)}件の様式を受け取りました。順に読み取ります。")
            return redirect("eforms-staff:papers")
    return render(request, "eforms/staff/papers.html", _papers(request, form), status=422 if form.is_bound else 200)


@staff(EformsPermission.EDIT)
@require_GET
def papers_fragment(request: Request) -> HttpResponse:
    """The list alone, asked for again while papers wait."""
    return render(request, "eforms/staff/_papers.html", _papers(request, None))


def _papers(request: Request, form: PaperDropForm | None) -> dict[str, Any]:
    progress = batch_progress()
    page = keyset_page(papers(), ("-created_at", "-id"), request.GET.get("cursor"))
    return {"form": form, "page": page, "progress": progress, "is_reading": progress["done"] < progress["all"]}


def _paper(request: Request, paper_id: UUID) -> PaperForm:
    try:
        paper = paper_form(paper_id)
    except NotFound as error:
        raise Http404 from error
    if paper.form is None:
        raise Http404
    if not may_edit(request.actor, paper.form):
        raise PermissionDenied(EformsPermission.EDIT)
    return paper


@staff(EformsPermission.EDIT)
@require_GET
def review_page(request: Request, paper_id: UUID) -> HttpResponse:
    """The original on the left, the draft on the right, one beside the other."""
    return _review(request, _paper(request, paper_id))


@staff(EformsPermission.EDIT)
@require_POST
def judge(request: Request, paper_id: UUID, key: str, judgement: str) -> HttpResponse:
    """Accept, change or drop one field; the page comes back at the next one."""
    paper = _paper(request, paper_id)
    number = request.POST.get("number", "1")
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        revision = -1
    changes = {name: request.POST.get(name, "") for name in ("label", "type", "options")}
    changes["required"] = "required" in request.POST  # type: ignore[assignment]
    if judgement != "change":
        changes = {}
    try:
        judge_field(
            actor=request.actor,
            paper=paper,
            key=key,
            judgement=judgement,
            expected_revision=revision,
            changes=changes,
        )
    except Stale as stale:
        return _review(request, _paper(request, paper_id), problem=stale.message, status=409)
    except DomainError as error:
        return _review(request, _paper(request, paper_id), problem=error.message, problem_key=key, status=422)
    next_number = int(number) + (judgement != "drop") if number.isascii() and number.isdigit() else 1
    return redirect(f"{reverse('eforms-staff:review', args=[paper.id])}#f-{next_number}")


def _review(
    request: Request, paper: PaperForm, *, problem: str = "", problem_key: str = "", status: int = 200
) -> HttpResponse:
    steps = review(paper)
    rows = [row for _, fields in steps for row in fields]
    try:
        picture, unreadable = original(paper), ""
    except (UnreadablePaperError, FileNotFoundError) as error:
        picture, unreadable = None, str(error)
    assert paper.form is not None
    owner = owner_of(paper.form)
    context = {
        "paper": paper,
        "form": paper.form,
        "steps": steps,
        "picture": picture,
        "unreadable": unreadable,
        "numbers": {row.field.key: row.number for row in rows},
        "labels": {row.field.key: row.field.label for row in rows},
        "judged": sum(bool(row.judgement) for row in rows),
        "all": len(rows),
        "kinds": [type_ for type_ in CATALOGUE.values() if type_.keeps_answer],
        "problem": problem,
        "problem_key": problem_key,
        "is_spare": paper.form.owner_kind == "eforms.paper",
        "back_url": owner.back_url(paper.form) if owner and paper.form.owner_kind != "eforms.paper" else "",
        "owner_label": owner.label if owner else "",
    }
    return render(request, "eforms/staff/review.html", context, status=status)
