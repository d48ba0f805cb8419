"""Funding schemes: the list, one scheme with where it is used, and the use for one solution."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.forms.funding import FundingUseForm, SchemeForm
from kakehashi.desk.models import FundingScheme, FundingUse
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.funding import FUNDING_TABS, get_funding_use, get_scheme, schemes
from kakehashi.desk.views.access import consultation_or_404
from kakehashi.desk.views.outcome import attempt, do_and_return, words_of
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

_HEADERS = (
    "名前", "種類", "どこが出すか", "対象になる経費", "補助率・充当率", "上限（千円）", "条件", "関係する言葉", "受付の始まり",
    "受付の終わり", "案内のページ", "出典", "確かめた日", "使う相談",
)  # fmt: skip


@staff(DeskPermission.FUNDING_READ)
@require_safe
def funding(request: Request) -> HttpResponse:
    """Show the schemes, those that can be used now first."""
    tab, query = request.GET.get("tab", "open"), words_of(request)
    tab = tab if tab in FUNDING_TABS else "open"
    rows = schemes(tab, query)
    if kind := request.GET.get("format"):
        lines = [
            (r.name, r.get_kind_display(), r.provider, r.covers, r.rate, r.ceiling, r.conditions, r.words, r.apply_from,
             r.apply_until, r.url, r.source, r.checked_on, getattr(r, "use_count", 0))
            for r in rows.order_by("name")[:5000]
        ]  # fmt: skip
        return spreadsheet_response(kind=kind, name="財政措置", headers=_HEADERS, rows=lines)
    context = {
        "page": keyset_page(rows, order_by=("-created_at", "-id"), cursor=request.GET.get("cursor"), size=30),
        "tabs": FUNDING_TABS.items(),
        "tab": tab,
        "query": query,
        "can_write": request.actor.can(DeskPermission.FUNDING_WRITE, request.government.id),
    }
    return render(request, "desk/funding.html", context)


@staff(DeskPermission.FUNDING_READ)
@require_safe
def scheme(request: Request, scheme_id: UUID) -> HttpResponse:
    """Show one scheme and what it pays for here."""
    found = _scheme_or_404(scheme_id)
    context = {
        "scheme": found,
        "uses": found.uses.select_related("consultation").order_by("created_at"),
        "can_write": request.actor.can(DeskPermission.FUNDING_WRITE, request.government.id),
        "is_closed": found.apply_until is not None and found.apply_until < clock.today(),
    }
    return render(request, "desk/scheme.html", context)


@staff(DeskPermission.FUNDING_WRITE)
def edit_scheme(request: Request, scheme_id: UUID | None = None) -> HttpResponse:
    """Write down a scheme, or change it."""
    found = _scheme_or_404(scheme_id) if scheme_id else None
    form = SchemeForm(request.POST or None, instance=found, initial={} if found else {"checked_on": clock.today()})
    made: list[FundingScheme] = []

    def act() -> None:
        fresh = _scheme_or_404(found.id) if found else None
        made.append(services.write_scheme(actor=request.actor, values=form.cleaned_data, scheme=fresh))

    if request.method == "POST" and attempt(request, form, act, "財政措置を書きとめました。"):
        return redirect("desk-staff:scheme", made[0].id)
    context = {"form": form, "is_new": found is None, "scheme_id": scheme_id}
    return render(request, "desk/scheme_edit.html", context, status=422 if form.errors else 200)


@staff(DeskPermission.FUNDING_WRITE)
@require_POST
def retire_scheme(request: Request, scheme_id: UUID) -> HttpResponse:
    """Put a scheme away, or take it out again."""
    found, is_retired = _scheme_or_404(scheme_id), request.POST.get("retired") == "1"
    return do_and_return(
        request, lambda: services.retire_scheme(actor=request.actor, scheme=found, is_retired=is_retired),
        "使わない財政措置にしました。" if is_retired else "また使えるようにしました。", "desk-staff:scheme", found.id,
    )  # fmt: skip


@staff(DeskPermission.FUNDING_WRITE)
@require_POST
def plan(request: Request, consultation_id: UUID, scheme_id: UUID) -> HttpResponse:
    """Plan to use a scheme for a solution."""
    consultation, found = consultation_or_404(request, consultation_id), _scheme_or_404(scheme_id)
    return do_and_return(
        request, lambda: services.plan_funding(actor=request.actor, consultation=consultation, scheme=found),
        f"「{found.name}」を使うことを考えていると残しました。", "desk-staff:consultation", consultation.id,
    )  # fmt: skip


@staff(DeskPermission.FUNDING_WRITE)
@require_POST
def settle(request: Request, use_id: UUID) -> HttpResponse:
    """Say what came of it."""
    use, form = _use_or_404(use_id), FundingUseForm(request.POST)
    act = lambda: services.settle_funding(actor=request.actor, use=use, **form.cleaned_data)  # noqa: E731 - one act
    if not attempt(request, form, act, "どうなったかを残しました。"):
        messages.error(request, " ".join(str(text) for texts in form.errors.values() for text in texts))
    return redirect("desk-staff:consultation", use.consultation_id)


def _scheme_or_404(scheme_id: UUID) -> FundingScheme:
    try:
        return get_scheme(scheme_id)
    except NotFound:
        raise Http404 from None


def _use_or_404(use_id: UUID) -> FundingUse:
    try:
        return get_funding_use(use_id)
    except NotFound:
        raise Http404 from None
