"""起案: the form with its route shown before it is submitted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kakehashi.approvals import selectors, services
from kakehashi.approvals.domain.likening import Likening
from kakehashi.approvals.domain.paper import PaperReason
from kakehashi.approvals.domain.route_edits import (
    BadRouteEdit,
    RouteEdit,
    describe_edit,
    edit_from_json,
    edit_route,
)
from kakehashi.approvals.domain.routes import Bar, NoRoute, Route
from kakehashi.approvals.forms import ProposalForm
from kakehashi.approvals.models import Disclosure, Matter, Proposal, Purpose, SealKind
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.routes import named_posts, post_of, posts_to_choose
from kakehashi.approvals.selectors.seals import seal_is_ready
from kakehashi.approvals.services import Extras, NoticeDraft
from kakehashi.approvals.views.lists import typed
from kakehashi.files.selectors import uploaded_file
from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.people.selectors import acting_staff


@staff(ApprovalsPermission.DRAFT)
@reads_personal_data("起案", asks_reason=True)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new proposal that comes from no other room."""
    return _form_page(request, None)


@staff(ApprovalsPermission.DRAFT)
@reads_personal_data("起案", asks_reason=True)
@require_http_methods(["GET", "POST"])
def edit(request: Request, proposal_id: UUID) -> HttpResponse:
    """Change a draft, or what was returned."""
    proposal = get_object_or_404(Proposal.objects.select_related("matter"), id=proposal_id)
    if not proposal.is_editable or proposal.drafter_id != request.actor.id:
        return redirect("approvals-staff:proposal", proposal.id)
    return _form_page(request, proposal)


@staff(ApprovalsPermission.DRAFT)
@require_http_methods(["GET"])
def route_preview(request: Request) -> HttpResponse:
    """The route of the matter, amount and reasons in the query, as a fragment for the form."""
    matter = _matter(typed(request, "matter"))
    bars = [bar for bar in Bar if bar.value in request.GET.getlist("bars")]
    edit = _edit(
        request.GET.getlist("consults"), request.GET.getlist("readers"), "provisional" in request.GET, "（記入中）"
    )
    is_reading = request.GET.get("purpose") == Purpose.READING
    likening = _likening(typed(request, "likened_to"), "（記入中）")
    context = _route_context(
        request, matter, _amount(typed(request, "amount")), bars, edit, is_reading=is_reading, likening=likening
    )
    return render(request, "approvals/_route.html", context)


def _form_page(request: Request, proposal: Proposal | None) -> HttpResponse:
    choices: dict[str, Any] = {
        "matters": [(matter.code, matter.name) for matter in selectors.active_matters()],
        "posts": [(str(post.id), post.name) for post in posts_to_choose(clock.today())],
        "may_seal": seal_is_ready(request.government),
    }
    if request.method == "GET":
        initial = _initial(proposal) if proposal else {"matter": request.GET.get("matter", "")}
        return _render(request, ProposalForm(initial=initial, **choices), proposal)
    form = ProposalForm(request.POST, **choices)
    proposal = proposal or _begun(request)
    if proposal is not None and not proposal.is_editable:
        return redirect("approvals-staff:proposal", proposal.id)
    if "preview" in request.POST:
        # Only the route is asked for: what is not written yet is no mistake.
        form = ProposalForm(initial={name: form[name].value() for name in form.fields}, **choices)
    if not form.is_valid():
        return _render(request, form, proposal, status=422 if form.is_bound else 200)
    try:
        saved = _save(request, form, proposal)
        if "to_route" in request.POST:
            services.submit_proposal(actor=request.actor, proposal=saved)
    except DomainError as error:
        # A draft that was kept before the refusal stays this page's draft, its files included.
        proposal = proposal or _begun(request)
        if proposal is not None and not proposal.is_editable:
            return redirect("approvals-staff:proposal", proposal.id)
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _render(request, form, proposal, status=422)
    return redirect("approvals-staff:proposal", saved.id)


def _begun(request: Request) -> Proposal | None:
    """What this very page has made already: sent twice, or refused at 回議に出す and then mended."""
    rows = Proposal.objects.select_related("matter")
    return rows.filter(idempotency_key=_key(request), drafter_id=request.actor.id).first()


def _render(request: Request, form: ProposalForm, proposal: Proposal | None, status: int = 200) -> HttpResponse:
    matter = _matter(str(form["matter"].value() or ""))
    amount = _amount(str(form["amount"].value() or ""))
    chosen = form["bars"].value() or []
    bars = [bar for bar in Bar if bar.value in chosen]
    edit = _edit(
        form["consults"].value() or [],
        form["readers"].value() or [],
        bool(form["provisional"].value()),
        str(form["route_reason"].value() or "（記入中）"),
    )
    is_reading = form["purpose"].value() == Purpose.READING
    likening = _likening(str(form["likened_to"].value() or ""), str(form["likened_reason"].value() or "（記入中）"))
    context = _route_context(request, matter, amount, bars, edit, is_reading=is_reading, likening=likening)
    return render(request, "approvals/form.html", {"form": form, "proposal": proposal} | context, status=status)


def _matter(code: str) -> Matter | None:
    return selectors.active_matters().filter(code=code.replace("\x00", "")).first()


def _amount(text: str) -> int | None:
    """Yen as typed; None for anything that is not a number of a sensible length."""
    return int(text) if text.strip().isdecimal() and len(text) <= 15 else None


def _edit(consults: list[str], readers: list[str], provisional: bool, reason: str) -> RouteEdit:
    return RouteEdit(
        consults=named_posts(consults) if consults else (),
        readers=named_posts(readers) if readers else (),
        provisional=provisional,
        reason=reason,
    )


def _route_context(
    request: Request,
    matter: Matter | None,
    amount: int | None,
    bars: list[Bar],
    edit: RouteEdit,
    *,
    is_reading: bool = False,
    likening: Likening | None = None,
) -> dict[str, Any]:
    """The route as boxes with what the drafter adds to the rule's, or the sentence that says why there is none."""
    context: dict[str, Any] = {"route": None, "no_route": "", "is_reading": is_reading, "route_edit": edit}
    if matter is None or is_reading:
        return context
    try:
        route = edit_route(_route(request, matter, amount, bars, likening), edit)
    except (NoRoute, BadRouteEdit) as error:
        return context | {"no_route": str(error)}
    return context | {"route": route, "route_changes": describe_edit(edit)}


def _likening(code: str, reason: str) -> Likening | None:
    matter = _matter(code) if code else None
    return Likening(matter_code=matter.code, name=matter.name, reason=reason) if matter else None


def _route(
    request: Request, matter: Matter, amount: int | None, bars: list[Bar], likening: Likening | None = None
) -> Route:
    post = post_of(request.actor.post_id)
    if post is None:
        raise NoRoute("起案するには職が必要です。")
    return selectors.plan_route(
        drafter=acting_staff(request.actor),
        drafter_post=post,
        matter=matter,
        amount=amount,
        bars=bars,
        on=clock.today(),
        likening=likening,
    )


def _initial(proposal: Proposal) -> dict[str, Any]:
    notice, edit = proposal.notice, edit_from_json(proposal.route_edit)
    return {
        "matter": proposal.matter_code,
        "subject": proposal.subject,
        "amount": proposal.amount,
        "request": proposal.request,
        "reason": proposal.reason,
        "disclosure": proposal.disclosure,
        "bars": proposal.bars,
        "issues_itself": proposal.issues_itself,
        "purpose": proposal.purpose,
        "seal": proposal.seal,
        "paper_route_code": proposal.paper_route_code,
        "paper_route_reason": _own_words(proposal),
        "consults": [str(post.id) for post in edit.consults],
        "readers": [str(post.id) for post in edit.readers],
        "provisional": edit.provisional,
        "route_reason": edit.reason,
        "likened_to": proposal.body.get("likened", {}).get("code", ""),
        "likened_reason": proposal.body.get("likened", {}).get("reason", ""),
        "notice_title": notice.get("title", ""),
        "notice_addressee": notice.get("addressee", ""),
        "notice_text": notice.get("text", ""),
        "notice_reason": notice.get("reason", ""),
    }


def _own_words(proposal: Proposal) -> str:
    """What was written beside the words of the list."""
    reason: str = proposal.paper_route_reason
    if not proposal.paper_route_code:
        return reason
    return reason.removeprefix(PaperReason(proposal.paper_route_code).label).removeprefix("（").removesuffix("）")


def _extras(values: dict[str, Any]) -> Extras:
    reading = values.get("purpose") == Purpose.READING
    reason = values["route_reason"] or ("供覧" if reading else "")
    return Extras(
        purpose=Purpose.READING if reading else Purpose.DECISION,
        seal=SealKind(values.get("seal") or SealKind.OMITTED),
        paper_route_code="" if reading else values["paper_route_code"],
        route_edit=_edit(
            [] if reading else values["consults"],
            values["readers"],
            values["provisional"] and not reading,
            reason,
        ),
        likened_to="" if reading else values["likened_to"],
        likened_reason=values["likened_reason"],
    )


def _save(request: Request, form: ProposalForm, proposal: Proposal | None) -> Proposal:
    """Draft or edit with what was typed, and hang the chosen files on it."""
    values = form.cleaned_data
    asked = {
        "subject": values["subject"],
        "request": values["request"],
        "reason": values["reason"],
        "amount": values["amount"],
        "bars": [Bar(value) for value in values["bars"]],
        "disclosure": Disclosure(values["disclosure"]),
        "notice": _notice(values, proposal),
        "issues_itself": values["issues_itself"],
        "paper_route_reason": values["paper_route_reason"],
        "extras": _extras(values),
    }
    if proposal is None:
        proposal = services.draft_proposal(
            actor=request.actor, matter_code=values["matter"], idempotency_key=_key(request), **asked
        )
    else:
        proposal = services.edit_proposal(actor=request.actor, proposal=proposal, matter_code=values["matter"], **asked)
    for upload in request.FILES.getlist("files"):
        stored = store_file(
            actor=request.actor, name=upload.name or "添付", content=upload.read(), purpose="approvals.attachment"
        )
        services.attach_file(actor=request.actor, proposal=proposal, file=stored)
    # Large files were sent in parts beforehand; the form brings their receipts.
    for receipt in request.POST.getlist("files.uploaded"):
        if (uploaded := uploaded_file(receipt, "approvals.attachment")) is not None:
            services.attach_file(actor=request.actor, proposal=proposal, file=uploaded)
    chosen = set(request.POST.getlist("detach"))
    for attachment in proposal.attachments.all():
        if str(attachment.id) in chosen:
            services.detach_file(actor=request.actor, proposal=proposal, attachment_id=attachment.id)
    return proposal


def _notice(values: dict[str, Any], proposal: Proposal | None) -> NoticeDraft | None:
    """The notice as typed; rows and 教示 that came with the source stay."""
    if not values["notice_title"]:
        return None
    kept = proposal.notice if proposal else {}
    draft = NoticeDraft(
        title=values["notice_title"],
        addressee=values["notice_addressee"],
        text=values["notice_text"],
        reason=values["notice_reason"],
    )
    return replace(
        draft,
        rows=tuple((label, text) for label, text in kept.get("rows", [])),
        instructions=tuple((head, text) for head, text in kept.get("instructions", [])),
        reason_heading=kept.get("reason_heading") or "理由",
        contact=kept.get("contact", ""),
    )


def _key(request: Request) -> UUID:
    try:
        return UUID(request.POST.get("idempotency_key", ""))
    except ValueError:
        return uuid7()
