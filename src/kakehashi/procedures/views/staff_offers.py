"""提供する様式: what we offer to other governments, who took it, and the file for networks that do not meet."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.domain.changes import describe_changes
from kakehashi.eforms.selectors import latest_version
from kakehashi.governments.models import Government
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.procedures.forms.sharing import OfferForm, WithdrawForm
from kakehashi.procedures.models import Audience, FormOffer, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.bases import last_body, offer_of, offers, revisions_of, takings_of
from kakehashi.procedures.selectors.inventory import get_procedure
from kakehashi.procedures.services import export_offer, offer_form, withdraw_offer
from kakehashi.procedures.services.offering import export_series, next_content, own_fingerprint

__all__ = ["offer_file", "offer_page", "offers_page", "series_file", "withdraw"]


@staff(ProceduresPermission.OFFER_FORMS)
@require_GET
def offers_page(request: Request) -> HttpResponse:
    """What we offer, changed last first, with how many took it."""
    page = keyset_page(offers(), ("-changed_at", "-id"), request.GET.get("cursor"))
    counts: dict[UUID, int] = {}
    for taking in takings_of(row.id for row in page.rows):
        counts[taking.offer_id] = counts.get(taking.offer_id, 0) + 1
    context = {
        "page": page,
        "rows": [(row, counts.get(row.id, 0)) for row in page.rows],
        "fingerprint": own_fingerprint(request.government),
        "series": sorted(
            set(offers().exclude(series="").filter(withdrawn_at__isnull=True).values_list("series", flat=True))
        ),
    }
    return render(request, "procedures/staff/offers.html", context)


@staff(ProceduresPermission.OFFER_FORMS)
@require_POST
def series_file(request: Request) -> HttpResponse:
    """The forms of a set as one ZIP of signed files."""
    series = request.POST.get("series", "")[:100]
    try:
        content = export_series(actor=request.actor, series=series)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("procedures-staff:offers")
    response = HttpResponse(content, content_type="application/zip")
    file_name = quote(f"{slugify(series, allow_unicode=True)[:60] or 'set'}.kakehashi-bases.zip")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{file_name}"
    return response


@staff(ProceduresPermission.OFFER_FORMS)
@require_http_methods(["GET", "POST"])
def offer_page(request: Request, procedure_id: UUID) -> HttpResponse:
    """Offer the form of a procedure, give a new revision, and see who took it."""
    procedure = get_procedure(procedure_id)
    offer = offer_of(procedure)
    initial: dict[str, Any] = {"audience": offer.audience if offer else Audience.PREFECTURE}
    if offer is not None:
        initial |= {"named": offer.named, "description": offer.description, "series": offer.series}
    form = OfferForm(request.POST or None, initial=initial, government=request.government)
    if request.method == "POST" and form.is_valid():
        try:
            made = offer_form(actor=request.actor, procedure=procedure, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            is_new = offer is None or made.revision != offer.revision
            said = f"第{made.revision}版を提供しました。" if is_new else "保存しました。新しい版は出していません。"
            messages.success(request, said)
            return redirect("procedures-staff:offer", procedure.id)
    context = _context(request.government, procedure, offer) | {"form": form}
    return render(request, "procedures/staff/offer.html", context, status=422 if form.is_bound else 200)


def _context(government: Government, procedure: Procedure, offer: FormOffer | None) -> dict[str, Any]:
    version = latest_version(procedure.form) if procedure.form else None
    changes: list[str] = []
    content = next_content(offer, procedure) if offer is not None else None
    if offer is not None and content is not None:
        changes = describe_changes(last_body(offer).content.definition, content.definition)
        changes = changes or ["台帳の内容、案内文、通知書、手数料か決裁事項が変わっています。"]
    return {
        "procedure": procedure,
        "offer": offer,
        "version": version,
        "changes": changes,
        "revisions": revisions_of(offer) if offer else [],
        "takings": takings_of([offer.id]) if offer else [],
        "withdraw_form": WithdrawForm(),
        "fingerprint": own_fingerprint(government),
    }


def _offer_or_404(procedure_id: UUID) -> FormOffer:
    offer = offer_of(get_procedure(procedure_id))
    if offer is None:
        raise Http404
    return offer


@staff(ProceduresPermission.OFFER_FORMS)
@require_POST
def withdraw(request: Request, procedure_id: UUID) -> HttpResponse:
    """取り下げる."""
    offer = _offer_or_404(procedure_id)
    try:
        withdraw_offer(actor=request.actor, offer=offer, reason=request.POST.get("reason", "")[:300])
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "取り下げました。取り入れた団体の様式は、そのまま残ります。")
    return redirect("procedures-staff:offer", procedure_id)


@staff(ProceduresPermission.OFFER_FORMS)
@require_POST
def offer_file(request: Request, procedure_id: UUID) -> HttpResponse:
    """The newest revision as a signed file."""
    offer = _offer_or_404(procedure_id)
    try:
        content = export_offer(actor=request.actor, offer=offer)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("procedures-staff:offer", procedure_id)
    name = slugify(offer.procedure.name, allow_unicode=True)[:60] or "form"
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    file_name = quote(f"{name}-第{offer.revision}版.kakehashi-base.json")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{file_name}"
    return response
