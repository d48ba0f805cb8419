"""The desk's box: mails that wait, and filing for somebody who telephoned, wrote or chatted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kakehashi.desk import services
from kakehashi.desk.domain.transcripts import read_transcript
from kakehashi.desk.forms import GROUPS
from kakehashi.desk.forms.consultations import WISHES
from kakehashi.desk.forms.intake import CHANNELS, DismissForm, MailboxForm, MailsForm, ReceiveForm
from kakehashi.desk.models import Arrival, ArrivalState, Channel
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.intake import arrivals_in, get_arrival, possible_askers, the_mailbox
from kakehashi.desk.services.intake import Origin
from kakehashi.desk.views.access import show_error
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound, Stale, beside
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.mail_reading import MOST_BYTES
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.queue import enqueue
from kakehashi.kernel.requests import Request

_OUTSIDE = {"consultation_id", "asked_by", "window", "came_from", "transcript", "papers"}


@staff(DeskPermission.SUPPORT)
def arrivals(request: Request) -> HttpResponse:
    """The box of mails, by what became of them; POST takes a file of mails in."""
    form = MailsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["mails"]
        try:
            if given.size > MOST_BYTES:
                raise DomainError(f"{MOST_BYTES // 1_000_000}MBまでのファイルを選んでください。", field="mails")
            taken = services.take_mails(actor=request.actor, content=given.read(), source=given.name)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, f"メールを{len(taken)}通取り込みました。前に取り込んだものは、とばしました。")
            return redirect("desk-staff:arrivals")
    state = request.GET.get("state", ArrivalState.WAITING.value)
    state = state if state in ArrivalState.values else ArrivalState.WAITING.value
    context = {
        "page": keyset_page(arrivals_in(state), order_by=("-arrived_at", "-id"), cursor=request.GET.get("cursor")),
        "state": state,
        "states": ArrivalState.choices,
        "form": form,
        "mailbox": the_mailbox(),
        "may_connect": request.actor.can(DeskPermission.MAILBOX, request.government.id),
    }
    return render(request, "desk/arrivals.html", context, status=422 if form.errors else 200)


@staff(DeskPermission.SUPPORT)
def receive(request: Request, channel: str) -> HttpResponse:
    """File for somebody who telephoned or chatted."""
    if channel not in CHANNELS:
        raise Http404
    way = Channel(channel)
    people = possible_askers()
    if request.method != "POST":
        return _receive_page(
            request, ReceiveForm(initial={"consultation_id": uuid7()}, people=people, channel=way), way
        )
    if request.POST.get("act") == "read":
        return _receive_page(request, ReceiveForm(initial=_read(request), people=people, channel=way), way)
    form = ReceiveForm(request.POST, request.FILES, people=people, channel=way)
    if form.is_valid():
        given = form.cleaned_data
        try:
            consultation = services.receive_consultation(
                actor=request.actor, asked_by=given["asked_by"], consultation_id=given["consultation_id"],
                answers=_answers(given), transcript=given["transcript"],
                origin=Origin(way, given["window"], given["came_from"], _first_moment(given["transcript"])),
            )  # fmt: skip
            with beside("papers"):
                services.attach_files(
                    actor=request.actor, consultation=consultation, files=[(f.name, f.read()) for f in given["papers"]]
                )
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, f"{way.label}の相談を受け付けました。")
            return redirect("desk-staff:consultation", consultation.id)
    return _receive_page(request, form, way, status=422)


def _receive_page(request: Request, form: ReceiveForm, way: Channel, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "way": way, "origin": [form[n] for n in ("asked_by", "window", "came_from", "transcript") if n in form.fields],
               "groups": groups_of(form), "wishes": wishes_of(form)}  # fmt: skip
    return render(request, "desk/receive.html", context, status=status)


def groups_of(form: Any) -> list[tuple[int, str, list[Any]]]:
    """The five questions with their fields, numbered."""
    return [(number, label, [form[name] for name in names]) for number, (label, names) in enumerate(GROUPS, start=1)]


def wishes_of(form: Any) -> list[Any]:
    """What is good to know besides."""
    return [form[name] for name in WISHES if name in form.fields]


def _answers(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in _OUTSIDE}


def _read(request: Request) -> dict[str, Any]:
    """What was typed, with the trouble filled in from what the asker said first in the chat."""
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    turns = read_transcript(typed.get("transcript", ""))
    if turns and not typed.get("problem", "").strip():
        first = turns[0].who
        typed["problem"] = "\n".join(turn.text for turn in turns if turn.who == first)[:2000]
        typed["came_from"] = typed.get("came_from", "") or first
    if not typed.get("asked_by"):
        named = [str(person.id) for person in possible_askers() if turns and _same_name(person.name, turns[0].who)]
        typed["asked_by"] = named[0] if len(named) == 1 else ""
    return typed


def _same_name(name: str, spoken: str) -> bool:
    bare, family = "".join(name.split()), name.split(maxsplit=1)[0]
    said = "".join(spoken.split())
    return bool(said) and (said == bare or said.removesuffix("さん") in {bare, family})


def _first_moment(transcript: str) -> Any:
    turns = read_transcript(transcript)
    moment = turns[0].moment if turns else None
    return moment.replace(tzinfo=clock.JST) if moment else clock.now()


def _arrival_or_404(arrival_id: UUID) -> Arrival:
    try:
        return get_arrival(arrival_id)
    except NotFound:
        raise Http404 from None


@staff(DeskPermission.SUPPORT)
def arrival(request: Request, arrival_id: UUID) -> HttpResponse:
    """One mail, and the consultation that is made of it."""
    found = _arrival_or_404(arrival_id)
    people = possible_askers()
    initial = {
        "consultation_id": found.id, "task": found.subject[:100], "problem": found.body[:2000],
        "asked_by": str(found.sender_id or ""),
    }  # fmt: skip
    form = ReceiveForm(request.POST or None, initial=initial, people=people, channel=Channel.MAIL)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            consultation = services.take_arrival(
                actor=request.actor, arrival=found, asked_by=given["asked_by"], answers=_answers(given), window=given["window"]
            )  # fmt: skip
        except Stale as error:
            messages.warning(request, error.message)
            return redirect("desk-staff:arrival", found.id)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "メールから相談を受け付けました。")
            return redirect("desk-staff:consultation", consultation.id)
    return _arrival_page(request, found, form, DismissForm())


def _arrival_page(request: Request, found: Arrival, form: ReceiveForm, dismissing: DismissForm) -> HttpResponse:
    context = {
        "arrival": found, "form": form, "groups": groups_of(form), "wishes": wishes_of(form), "dismissing": dismissing,
        "origin": [form[name] for name in ("asked_by", "window")],
        "files": [each.stored_file for each in found.files.select_related("stored_file")],
        "is_waiting": found.state == ArrivalState.WAITING,
    }  # fmt: skip
    return render(request, "desk/arrival.html", context, status=422 if form.errors or dismissing.errors else 200)


@staff(DeskPermission.SUPPORT)
@require_POST
def dismiss(request: Request, arrival_id: UUID) -> HttpResponse:
    """Put a mail aside."""
    found = _arrival_or_404(arrival_id)
    dismissing = DismissForm(request.POST)
    if not dismissing.is_valid():
        form = ReceiveForm(people=possible_askers(), channel=Channel.MAIL, initial={"consultation_id": found.id})
        return _arrival_page(request, found, form, dismissing)
    try:
        services.dismiss_arrival(actor=request.actor, arrival=found, reason=dismissing.cleaned_data["reason"])
    except Stale as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, "相談にしないことを記録しました。")
    return redirect("desk-staff:arrivals")


@staff(DeskPermission.MAILBOX)
def mailbox(request: Request) -> HttpResponse:
    """Where the desk's mail is read from."""
    found = the_mailbox()
    names = ("host", "port", "username", "folder", "is_on")
    form = MailboxForm(request.POST or None, initial={name: getattr(found, name) for name in names} if found else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.connect_mailbox(actor=request.actor, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "メールボックスをつなぎました。まもなく取り込みが始まります。")
            return redirect("desk-staff:arrivals")
    return render(request, "desk/mailbox.html", {"form": form, "mailbox": found}, status=422 if form.errors else 200)


@staff(DeskPermission.SUPPORT)
@require_POST
def fetch(request: Request) -> HttpResponse:
    """Ask the worker to take new mails in now."""
    enqueue("desk.fetch_mail", government_id=request.government.id)
    messages.success(request, "メールの取り込みを始めました。少ししてから、この画面を読み直してください。")
    return redirect("desk-staff:arrivals")


__all__ = ["arrival", "arrivals", "dismiss", "fetch", "groups_of", "mailbox", "receive", "wishes_of"]
