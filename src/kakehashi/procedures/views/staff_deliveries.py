"""交付: 郵送リスト with labels, and the page of one delivery with what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.procedures.domain.deliveries import Basis, Standing, Way
from kakehashi.procedures.forms.deliveries import (
    AddressForm,
    AgainForm,
    ArrivedForm,
    HandedForm,
    LabelForm,
    PostedForm,
    PostFilterForm,
    PublishedForm,
    ReturnedForm,
)
from kakehashi.procedures.models import DocumentDelivery
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.deliveries import (
    PostFilters,
    delivered_documents,
    deliveries,
    get_delivery,
    letters_to_print,
)
from kakehashi.procedures.services.delivering import (
    hand_over,
    mark_posted,
    publish_delivery,
    record_arrival,
    record_return,
    send_again,
    write_address,
)
from kakehashi.procedures.services.post_papers import label_sheet, letters_in_one

ORDER = ("-created_at", "-id")
EXPORT_HEADERS = (
    "文書番号", "件名", "宛名", "郵便番号", "住所", "方法", "状態", "郵便の種類", "発送日", "到達日", "返戻日", "受付番号", "手続",
)  # fmt: skip
_PURPOSE = "結果の通知の発送"
_PRINTED = "procedures.letters_printed"


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@reads_personal_data(_PURPOSE)
@require_http_methods(["GET", "POST"])
def post_list(request: Request) -> HttpResponse:
    """郵送リスト: what waits to be posted or fetched, and what was; labels, one file to print, or 発送を記録する for the chosen ones."""
    if request.method == "POST":
        return _act(request)
    return _list(request, PostedForm(), LabelForm(), set(request.session.pop(_PRINTED, ())))


def _list(request: Request, posted: PostedForm, label: LabelForm, chosen: set[str], message: str = "") -> HttpResponse:
    form = PostFilterForm(request.GET or None)
    form.is_valid()
    narrowed = getattr(form, "cleaned_data", {})
    filters = PostFilters(
        standing=narrowed.get("standing", Standing.WAITING.value)
        if "standing" in request.GET
        else Standing.WAITING.value,
        way=narrowed.get("way", ""),
        text=narrowed.get("q", ""),
    )
    if not form.is_bound:
        form = PostFilterForm(initial={"standing": filters.standing})
    rows = deliveries(filters)
    if kind := request.GET.get("format"):
        exported = _export(rows.order_by(*ORDER)[:50_000])
        return spreadsheet_response(kind=kind, name="郵送リスト", headers=EXPORT_HEADERS, rows=exported)
    page = keyset_page(rows, ORDER, request.GET.get("cursor"), size=100)
    context = {
        "form": form,
        "page": page,
        "filters": filters,
        "letters": [each for each in page.rows if each.way == Way.POST],
        "to_post": [each for each in page.rows if each.can_post],
        "to_hand": [each for each in page.rows if each.can_hand],
        "posted_form": posted,
        "label_form": label,
        "message": message,
        "chosen": chosen,
        # Nothing was chosen yet: every letter that waits is ticked.
        "ticks_all": not chosen and not message,
    }
    return render(request, "procedures/staff/post_list.html", context, status=422 if message else 200)


def _export(rows: QuerySet[DocumentDelivery]) -> Iterator[tuple[Any, ...]]:
    for each in rows:
        yield (
            each.document.document_number, each.document.title, each.addressee, each.postcode, each.address,
            each.get_way_display(), each.get_standing_display(), each.mail_kind, each.sent_on, each.arrived_on,
            each.returned_on, each.application.receipt_label, each.application.procedure.name,
        )  # fmt: skip


def _chosen(request: Request) -> list[UUID]:
    found = []
    for text in request.POST.getlist("deliveries")[:500]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _act(request: Request) -> HttpResponse:
    posted, label = PostedForm(request.POST or None), LabelForm(request.POST or None)
    chosen = _chosen(request)
    ticked = {str(each) for each in chosen}
    try:
        if "labels" in request.POST or "letters" in request.POST:
            # Whoever is asked for a reason first, or posts after printing, finds the same letters ticked.
            request.session[_PRINTED] = sorted(ticked)
            return _printed(request, chosen, label)
        if not posted.is_valid():
            return _list(request, posted, label, ticked, "発送日と郵便の種類を確かめてください。")
        count = mark_posted(actor=request.actor, delivery_ids=chosen, **posted.cleaned_data)
    except DomainError as error:
        return _list(request, posted, label, ticked, error.message)
    if count:
        messages.success(request, f"{count}通の発送を記録しました。")
    else:
        messages.info(request, "選んだ手紙の発送は、もう記録されています。")
    request.session.pop(_PRINTED, None)
    return redirect("procedures-staff:post-list")


def _printed(request: Request, chosen: list[UUID], label: LabelForm) -> HttpResponse:
    letters = letters_to_print(chosen)
    if "letters" in request.POST:
        return _pdf(letters_in_one(actor=request.actor, deliveries=letters), "通知書.pdf")
    sheet = label.data.get("sheet", "") if label.is_valid() else ""
    start = label.cleaned_data.get("start") or 1 if label.is_valid() else 1
    return _pdf(label_sheet(deliveries=letters, sheet=sheet, start=start), "宛名ラベル.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


@staff(ProceduresPermission.READ_APPLICATIONS)
@reads_personal_data(_PURPOSE, asks_reason=True)
@require_GET
def delivery_page(request: Request, delivery_id: UUID) -> HttpResponse:
    """One delivery: 発送日, 到達日, appeal periods, earlier attempts, and the acts that are possible now."""
    return _page(request, get_delivery(delivery_id))


def _page(
    request: Request, delivery: DocumentDelivery, name: str = "", bound: forms.Form | None = None
) -> HttpResponse:
    whole = next(each for each in delivered_documents(delivery.application) if each.document.id == delivery.document_id)
    offered = [(key, label, bound if key == name and bound else _FORMS[key](initial=_initial(key, delivery)))
               for key, label in _offered(delivery)]  # fmt: skip
    context = {"delivery": delivery, "whole": whole, "offered": offered, "refused": name}
    return render(request, "procedures/staff/delivery.html", context, status=422 if bound else 200)


_FORMS: dict[str, type[forms.Form]] = {
    "address": AddressForm,
    "handed": HandedForm,
    "arrived": ArrivedForm,
    "returned": ReturnedForm,
    "again": AgainForm,
    "published": PublishedForm,
}


def _initial(key: str, delivery: DocumentDelivery) -> dict[str, Any]:
    if key == "address":
        return {"addressee": delivery.addressee, "postcode": delivery.postcode, "address": delivery.address}
    if key == "arrived" and delivery.arrived_on:
        return {"arrived_on": delivery.arrived_on, "basis": delivery.arrival_basis}
    return {}


def _offered(delivery: DocumentDelivery) -> list[tuple[str, str]]:
    """The acts that lead somewhere from here, with their verbs."""
    if delivery.can_post:
        return [("address", "宛先を直す")]
    if delivery.can_hand:
        return [("handed", "窓口で渡した")]
    if delivery.way == Way.POST and delivery.standing == Standing.SENT:
        return [("arrived", "到達日を記録する"), ("returned", "返戻を記録する")]
    if delivery.way == Way.POST and delivery.standing == Standing.ARRIVED:
        return [("arrived", "到達日を直す")]
    if (
        delivery.standing == Standing.RETURNED
        and not delivery.document.deliveries.filter(attempt__gt=delivery.attempt).exists()
    ):
        return [("again", "もう一度送る"), ("published", "公示送達を記録する")]
    return []


@staff(ProceduresPermission.HANDLE_APPLICATIONS)
@reads_personal_data(_PURPOSE)
@require_http_methods(["POST"])
def delivery_act(request: Request, delivery_id: UUID, act: str) -> HttpResponse:
    """Record what became of a delivery; a wrong answer comes back with its sentence."""
    delivery = get_delivery(delivery_id)
    if act not in _FORMS:
        raise NotFound
    form = _FORMS[act](request.POST)
    if not form.is_valid():
        return _page(request, delivery, act, form)
    try:
        made = _ACTS[act](request, delivery, dict(form.cleaned_data))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return _page(request, delivery, act, form)
    messages.success(request, "記録しました。")
    return redirect("procedures-staff:delivery", made.id)


def _arrived(request: Request, delivery: DocumentDelivery, given: dict[str, Any]) -> DocumentDelivery:
    basis = Basis(given.pop("basis"))
    return record_arrival(actor=request.actor, delivery=delivery, basis=basis, **given)


def _again(request: Request, delivery: DocumentDelivery, given: dict[str, Any]) -> DocumentDelivery:
    way = Way(given.pop("way"))
    return send_again(actor=request.actor, delivery=delivery, way=way, **given)


_ACTS: dict[str, Callable[[Request, DocumentDelivery, dict[str, Any]], DocumentDelivery]] = {
    "address": lambda request, delivery, given: write_address(actor=request.actor, delivery=delivery, **given),
    "handed": lambda request, delivery, given: hand_over(actor=request.actor, delivery=delivery, **given),
    "arrived": _arrived,
    "returned": lambda request, delivery, given: record_return(actor=request.actor, delivery=delivery, **given),
    "again": _again,
    "published": lambda request, delivery, given: publish_delivery(actor=request.actor, delivery=delivery, **given),
}
