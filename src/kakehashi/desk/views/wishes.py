"""Wishes and ideas: the list, writing one, and what the manager does with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.forms.wishes import PassUpForm, WishAnswerForm, WishForm
from kakehashi.desk.models import Wish, WishState
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.wishes import WISH_TABS, get_wish, is_turn_of, wish_list
from kakehashi.desk.views.outcome import attempt, do_and_return, words_of
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

_HEADERS = (
    "種類",
    "ひとことで",
    "くわしく",
    "書いた人",
    "課",
    "書いた日",
    "わたしも",
    "状態",
    "返事",
    "返事をした人",
    "返事の日",
)


@staff(DeskPermission.WISH)
@require_safe
def wishes(request: Request) -> HttpResponse:
    """Show the wishes that the visitor may read; managers begin with what waits for them."""
    tab = request.GET.get("tab", "all")
    tab = tab if tab in WISH_TABS else "all"
    query = words_of(request)
    rows = wish_list(request.actor, tab=tab, query=query)
    if kind := request.GET.get("format"):
        lines = [_line(row) for row in rows.order_by("-created_at", "-id")[:10_000]]
        return spreadsheet_response(kind=kind, name="要望・アイデア", headers=_HEADERS, rows=lines)
    context = {
        "page": keyset_page(rows, order_by=("-created_at", "-id"), cursor=request.GET.get("cursor")),
        "tabs": WISH_TABS.items(),
        "tab": tab,
        "query": query,
        "turns": wish_list(request.actor, tab="turn").count(),
    }
    return render(request, "desk/wishes.html", context)


def _line(row: Any) -> tuple[Any, ...]:
    return (
        row.get_kind_display(), row.title, row.body, row.written_by.name, row.department.name if row.department else "",
        row.created_at, row.support_count, row.get_state_display(), row.answer, row.answered_by, row.answered_at,
    )  # fmt: skip


@staff(DeskPermission.WISH)
def new_wish(request: Request) -> HttpResponse:
    """Write a wish or an idea in two lines."""
    form = WishForm(request.POST or None)
    made: list[Wish] = []

    def act() -> None:
        made.append(services.write_wish(actor=request.actor, **form.cleaned_data))

    if request.method == "POST" and attempt(request, form, act, "届けました。上司が読むと、ここに出ます。"):
        return redirect("desk-staff:wish", made[0].id)
    return render(request, "desk/wish_new.html", {"form": form}, status=422 if form.errors else 200)


@staff(DeskPermission.WISH)
@require_safe
def wish(request: Request, wish_id: UUID) -> HttpResponse:
    """Show one wish with its answer, or what may be done with it."""
    return _page(request, _wish_or_404(request, wish_id))


def _page(
    request: Request,
    found: Wish,
    *,
    answer_form: WishAnswerForm | None = None,
    up_form: PassUpForm | None = None,
    status: int = 200,
) -> HttpResponse:
    can_answer = request.actor.can(DeskPermission.WISH_ANSWER, request.government.id)
    is_turn = found.is_open and can_answer and (found.manager_id is None or is_turn_of(request.actor, found))
    is_mine = found.written_by_id == request.actor.id
    context = {
        "wish": found,
        "is_turn": is_turn,
        "is_mine": is_mine,
        "may_see": is_turn and found.state == WishState.NEW,
        "may_consult": (is_turn or is_mine) and found.consultation_id is None and found.state != WishState.NOT_NOW
        and request.actor.can(DeskPermission.FILE, request.government.id),
        "answer_form": answer_form or WishAnswerForm(auto_id="answer_%s"),
        "up_form": up_form or PassUpForm(auto_id="up_%s"),
        "up_failed": up_form is not None,
    }  # fmt: skip
    return render(request, "desk/wish.html", context, status=status)


@staff(DeskPermission.WISH_ANSWER)
@require_POST
def see(request: Request, wish_id: UUID) -> HttpResponse:
    """Say that it was read."""
    found = _wish_or_404(request, wish_id)
    act = lambda: services.see_wish(actor=request.actor, wish=found)  # noqa: E731 - one line of one act
    return do_and_return(request, act, "読んだことを、書いた人に見せました。", "desk-staff:wish", found.id)


@staff(DeskPermission.WISH_ANSWER)
@require_POST
def answer(request: Request, wish_id: UUID) -> HttpResponse:
    """Answer."""
    found = _wish_or_404(request, wish_id)
    form = WishAnswerForm(request.POST, auto_id="answer_%s")
    if attempt(
        request,
        form,
        lambda: services.answer_wish(actor=request.actor, wish=found, **form.cleaned_data),
        "返事をしました。",
    ):
        return redirect("desk-staff:wish", found.id)
    return _page(request, found, answer_form=form, status=422)


@staff(DeskPermission.WISH_ANSWER)
@require_POST
def pass_up(request: Request, wish_id: UUID) -> HttpResponse:
    """Pass it on to the next superior."""
    found = _wish_or_404(request, wish_id)
    form = PassUpForm(request.POST, auto_id="up_%s")
    if attempt(
        request,
        form,
        lambda: services.pass_wish_up(actor=request.actor, wish=found, **form.cleaned_data),
        "上に上げました。",
    ):
        return redirect("desk-staff:wishes")
    return _page(request, found, up_form=form, status=422)


@staff(DeskPermission.WISH)
@require_POST
def support(request: Request, wish_id: UUID) -> HttpResponse:
    """「わたしも」, or no longer."""
    found, is_on = _wish_or_404(request, wish_id), request.POST.get("on") == "1"
    return do_and_return(
        request, lambda: services.support_wish(actor=request.actor, wish=found, is_on=is_on),
        "「わたしも」を付けました。" if is_on else "「わたしも」を外しました。", "desk-staff:wish", found.id,
    )  # fmt: skip


@staff(DeskPermission.WISH)
@require_POST
def consult(request: Request, wish_id: UUID) -> HttpResponse:
    """Make a consultation of it."""
    found = _wish_or_404(request, wish_id)
    return do_and_return(
        request, lambda: services.consult_about_wish(actor=request.actor, wish=found),
        "相談窓口への相談にしました。", "desk-staff:wish", found.id,
    )  # fmt: skip


def _wish_or_404(request: Request, wish_id: UUID) -> Wish:
    try:
        return get_wish(request.actor, wish_id)
    except NotFound:
        raise Http404 from None
