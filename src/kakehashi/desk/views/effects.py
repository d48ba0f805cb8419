"""The questions after 30 and 90 days: the list of what is not answered, and the page that takes seconds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.domain.effect_checks import CONTENT
from kakehashi.desk.forms.effects import EffectForm
from kakehashi.desk.models import EffectCheck
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.effects import EFFECT_TABS, effect_checks, get_effect_check
from kakehashi.desk.views.access import show_error
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

_HEADERS = (
    "業務", "課", "何日後", "聞いた人", "聞いた日", "催促した日", "回答した日", "いま", "分/件", "件/年", "枚/件",
    "生み出した時間（年）", "満足", "ひとこと",
)  # fmt: skip


@staff(DeskPermission.READ)
@require_safe
def effect_list(request: Request) -> HttpResponse:
    """Show what waits for an answer first; `?format=` writes the tab out."""
    tab = request.GET.get("tab", "open")
    tab = tab if tab in EFFECT_TABS else "open"
    rows = effect_checks(tab)
    if kind := request.GET.get("format"):
        lines = [_line(row) for row in rows.order_by("-asked_at", "-id")[:10_000]]
        return spreadsheet_response(kind=kind, name="効果の確認", headers=_HEADERS, rows=lines)
    context = {
        "page": keyset_page(rows, order_by=("-asked_at", "-id"), cursor=request.GET.get("cursor")),
        "tabs": EFFECT_TABS.items(),
        "tab": tab,
        "can_support": request.actor.can(DeskPermission.SUPPORT, request.government.id),
    }
    return render(request, "desk/effect_list.html", context)


def _line(row: EffectCheck) -> tuple[Any, ...]:
    asked, effect = row.consultation, row.effect
    return (
        asked.task, asked.department.name if asked.department else "", row.after_days,
        row.asked_of.name if row.asked_of else "", row.asked_at, row.reminded_at, row.answered_at,
        row.get_still_display(), row.minutes, row.cases, row.sheets, effect.hours_released if effect else None,
        CONTENT.get(row.content or 0, ""), row.note,
    )  # fmt: skip


@staff(DeskPermission.FILE)
def effect(request: Request, check_id: UUID) -> HttpResponse:
    """Ask how it is now; one press is enough where nothing changed."""
    found = _check_or_404(check_id)
    asked = found.consultation
    is_discontinued = asked.after_cases == 0 and asked.after_minutes == 0
    form = EffectForm(request.POST or None, is_discontinued=is_discontinued)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_effect(actor=request.actor, check=found, **form.cleaned_data)
        except Stale as error:
            messages.error(request, error.message)
            return redirect("desk-staff:effect", found.id)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, "ありがとうございました。いまの様子を残しました。")
            return redirect("desk-staff:effect", found.id)
    context = {
        "check": found,
        "consultation": asked,
        "form": form,
        "effect": found.effect,
        "content": CONTENT.get(found.content or 0, ""),
        "is_discontinued": is_discontinued,
    }
    return render(request, "desk/effect.html", context, status=422 if form.errors else 200)


@staff(DeskPermission.SUPPORT)
@require_POST
def remind(request: Request, check_id: UUID) -> HttpResponse:
    """Ask the same person once more."""
    try:
        services.remind_effect(actor=request.actor, check=_check_or_404(check_id))
        messages.success(request, "もう一度、お知らせを送りました。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("desk-staff:effects")


def _check_or_404(check_id: UUID) -> EffectCheck:
    try:
        return get_effect_check(check_id)
    except NotFound:
        raise Http404 from None
