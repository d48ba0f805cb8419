"""What comes of a meeting: attendance, decisions, links to other rooms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.meetings import selectors, services
from kakehashi.meetings.domain.states import OUTCOME_WORDS
from kakehashi.meetings.forms.outcomes import AnswerForm, AttendanceForm, DecisionForm, LinkForm, ProposeForm
from kakehashi.meetings.hooks import link_targets
from kakehashi.meetings.models import AgendaLink, Attendance, Decision
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.views.answers import (
    add_problem,
    form_page,
    item_or_404,
    meeting_or_404,
    only,
    posted,
    posted_key,
    try_act,
)


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def attendance(request: Request, meeting_id: UUID) -> HttpResponse:
    """The table of seats, taken down by who runs the meeting."""
    meeting, seat = meeting_or_404(request, meeting_id)
    only(seat.leads)
    rows = list(Attendance.objects.filter(meeting=meeting))
    form = AttendanceForm(posted(request), rows=rows)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_attendance(actor=request.actor, meeting=meeting, marks=form.marks)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            return redirect("meetings-staff:meeting", meeting.id)
    context = {"meeting": meeting, "form": form, "quorum": selectors.quorum_of(meeting)}
    return render(request, "meetings/attendance.html", context, status=422 if form.errors else 200)


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def answer(request: Request, meeting_id: UUID) -> HttpResponse:
    """出欠を答える: a member for their own seat."""
    meeting, seat = meeting_or_404(request, meeting_id)
    only(seat.is_member or seat.is_chair)

    def save(data: dict[str, Any]) -> str:
        try:
            services.answer_attendance(actor=request.actor, meeting=meeting, mark=form.mark)
        except NotFound:
            raise Http404 from None
        return reverse("meetings-staff:meeting", args=[meeting.id])

    form = AnswerForm(posted(request))
    context = {"title": "出欠を答える", "verb": "出欠を答える", "meeting": meeting}
    return form_page(request, form, save, context, done="出欠を答えました。")


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def decide(request: Request, item_id: UUID) -> HttpResponse:
    """Record what the meeting made of an item; without a quorum with a reason."""
    item, meeting, seat = item_or_404(request, item_id)
    only(seat.leads)
    quorum = selectors.quorum_of(meeting)
    former = Decision.objects.filter(item=item).first()
    form = DecisionForm(posted(request), quorum=quorum, former=former)

    def save(data: dict[str, Any]) -> str:
        services.record_decision(
            actor=request.actor, item=item, outcome=data["outcome"], text=data["text"], quorum_reason=data.get("quorum_reason", "")
        )  # fmt: skip
        return reverse("meetings-staff:meeting", args=[meeting.id])

    context = {
        "title": f"結果を記録する：{item.title}",
        "verb": "結果を記録する",
        "meeting": meeting,
        "before": f"{quorum.sentence}決まり：{meeting.body.rule.words}",
    }
    return form_page(request, form, save, context, done="結果を記録しました。")


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def propose(request: Request, decision_id: UUID) -> HttpResponse:
    """決定から起案する: a draft with the decision's words, completed in the room of approvals."""
    try:
        decision, meeting, _ = selectors.find_decision(request.actor, decision_id)
    except NotFound:
        raise Http404 from None

    def save(data: dict[str, Any]) -> str:
        made = services.propose_decision(
            actor=request.actor, decision=decision, matter_code=data["matter"], idempotency_key=posted_key(request)
        )
        return reverse("approvals-staff:edit", args=[made.id])

    context = {
        "title": f"起案する：{decision.item.title}",
        "verb": "起案する",
        "meeting": meeting,
        "before": decision.text,
    }
    done = "起案の下書きを作りました。確かめて、回議に出してください。"
    return form_page(request, ProposeForm(posted(request)), save, context, done=done)


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def link(request: Request, item_id: UUID) -> HttpResponse:
    """Say what an item is about: a proposal, an initiative of the plan."""
    item, meeting, seat = item_or_404(request, item_id)
    only(seat.prepares(item))
    words = request.GET.get("q", "")[:100]
    targets = [(kind, one) for kind, one in link_targets() if one.room in request.rooms]
    form = LinkForm(posted(request), targets=targets, words=words, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        kind, target_id = form.chosen
        try:
            services.link_item(actor=request.actor, item=item, kind=kind, target_id=target_id)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            return redirect("meetings-staff:meeting", meeting.id)
    context = {"meeting": meeting, "item": item, "form": form, "words": words}
    return render(request, "meetings/link.html", context, status=422 if form.errors else 200)


@staff(MeetingsPermission.READ)
@require_POST
def unlink(request: Request, link_id: UUID) -> HttpResponse:
    """Take a link off."""
    found = get_object_or_404(AgendaLink.objects.select_related("item"), id=link_id)
    item, meeting, seat = item_or_404(request, found.item_id)
    only(seat.prepares(item))
    try_act(request, lambda: services.unlink_item(actor=request.actor, link=found), "つながりを外しました。")
    return redirect("meetings-staff:meeting", meeting.id)


@staff(MeetingsPermission.READ)
@require_GET
def decisions(request: Request) -> HttpResponse:
    """Every decision one may read, across years, searched and exported."""
    words, outcome = request.GET.get("q", "")[:100], request.GET.get("outcome", "")
    rows = selectors.decisions_of(request.actor, words, outcome if outcome in OUTCOME_WORDS else "")
    if request.GET.get("format"):
        found = rows.order_by("-item__meeting__starts_at", "item__number")[:20000]
        return spreadsheet_response(
            kind=request.GET["format"],
            name="会議の決定",
            headers=("会議", "日", "議題", "結果", "内容", "定足数", "達しないまま記録した理由"),
            rows=(
                (one.item.meeting.title, one.item.meeting.starts_at.astimezone(clock.JST).date(), one.item.title, one.outcome_word,
                 one.text, one.quorum_text, one.quorum_reason)
                for one in found
            ),
        )  # fmt: skip
    page = keyset_page(rows, order_by=("-recorded_at", "-id"), cursor=request.GET.get("cursor"), size=30)
    context = {"page": page, "words": words, "outcome": outcome, "outcomes": OUTCOME_WORDS.items()}
    return render(request, "meetings/decisions.html", context)
