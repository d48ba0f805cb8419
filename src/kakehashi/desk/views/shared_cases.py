"""Solved cases of other governments: the list, one case, 「うちでも使う」 and what came of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kakehashi.desk import services
from kakehashi.desk.forms import ReuseForm
from kakehashi.desk.models import CaseReuse, PublishedCase
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import published_cases, reuse_of
from kakehashi.desk.selectors.exchange import received_cases
from kakehashi.desk.selectors.solved_cases import (
    SEARCH_KIND,
    consultation_of_adoption,
    differences_here,
    is_prefecture,
)
from kakehashi.desk.views.access import shared_case_or_404, show_error
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.search.selectors import search_shared

_HEADERS = (
    "団体",
    "題名",
    "目的",
    "したこと",
    "うまくいかなかったこと",
    "人口",
    "生み出した時間（年）",
    "取り入れた団体",
    "公開した日",
)


@staff(DeskPermission.CASE_READ)
@require_safe
def shared_list(request: Request) -> HttpResponse:
    """Show what other governments published to us, newest first, with how often each is used; `?q=` finds."""
    query = request.GET.get("q", "").replace("\x00", "")[:300]
    counts = CaseReuse.objects.filter(case_id=OuterRef("id")).order_by().values("case_id")
    rows = published_cases().annotate(
        uses=Subquery(counts.annotate(n=Count("id", filter=~Q(result="did_not_fit"))).values("n")),
        misfits=Subquery(counts.annotate(n=Count("id", filter=Q(result="did_not_fit"))).values("n")),
    )
    origin = request.GET.get("origin", "")[:36]
    if origin in {str(each) for each in rows.order_by().values_list("origin_id", flat=True).distinct()}:
        rows = rows.filter(origin_id=origin)
    if kind := request.GET.get("format"):
        lines = [
            (r.origin_name, r.title, r.purpose, r.what_was_done, r.what_failed, r.population,
             r.effect.hours_released if r.effect else None, r.uses or 0, r.published_at)
            for r in rows.order_by("-published_at")[:5000]
        ]  # fmt: skip
        return spreadsheet_response(kind=kind, name="ほかの団体の解決事例", headers=_HEADERS, rows=lines)
    context = {
        "query": query,
        "hits": search_shared(query=query, kinds=[SEARCH_KIND], limit=30) if query else [],
        "page": keyset_page(rows, order_by=("-published_at", "-id"), cursor=request.GET.get("cursor"), size=30),
        "is_prefecture": is_prefecture(),
    }
    return render(request, "desk/shared_list.html", context)


@staff(DeskPermission.CASE_READ)
@require_safe
def shared_case(request: Request, case_id: UUID) -> HttpResponse:
    """Show one case of another government; one that came by file or feed has a page of its own."""
    received = received_cases().filter(case_id=case_id).first()
    if received is not None and not published_cases().filter(id=case_id).exists():
        return redirect("desk-staff:received-case", received.id)
    return _page(request, shared_case_or_404(case_id))


def _page(request: Request, found: PublishedCase, *, form: ReuseForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "case": found,
        "effect": found.effect,
        "differences": differences_here(found),
        "reuses": reuse_of(found.id),
        "mine": consultation_of_adoption(request.actor, found.id),
        "is_newer": CaseReuse.objects.filter(
            origin_id=request.government.id,
            case_id=found.id,
            consultation_id__isnull=False,
            revision__lt=found.revision,
        ).exists(),
        "may_adopt": request.actor.can(DeskPermission.CASE_ADOPT, request.government.id),
        "form": form or ReuseForm(),
        "form_failed": form is not None,
    }
    return render(request, "desk/shared_case.html", context, status=status)


@staff(DeskPermission.CASE_ADOPT)
@require_POST
def adopt(request: Request, case_id: UUID) -> HttpResponse:
    """「うちでも使う」."""
    try:
        consultation = services.adopt_case(actor=request.actor, case_id=case_id)
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("desk-staff:shared-case", case_id)
    messages.success(request, "こちらの仕事として取り入れました。手順が入っています。")
    return redirect("desk-staff:consultation", consultation.id)


@staff(DeskPermission.CASE_ADOPT)
@require_POST
def report(request: Request, case_id: UUID) -> HttpResponse:
    """Tell the origin what came of its case here."""
    found = shared_case_or_404(case_id)
    form = ReuseForm(request.POST)
    if form.is_valid():
        try:
            services.report_reuse(actor=request.actor, case_id=case_id, **form.cleaned_data)
        except DomainError as error:
            show_error(form, error)
        else:
            messages.success(request, f"結果を{found.origin_name}に伝えました。")
            return redirect("desk-staff:shared-case", case_id)
    return _page(request, found, form=form, status=422)
