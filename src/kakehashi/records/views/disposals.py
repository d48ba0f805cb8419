"""廃棄・移管・延長: the lists of a year, one list with its road, its execution, certificates, packages, the register."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people.models import Department
from kakehashi.records import selectors, services
from kakehashi.records.forms import AcceptanceForm, ListForm
from kakehashi.records.hooks import word
from kakehashi.records.models import DisposalItem, DisposalList, ItemState, ListState, Measure, TransferPackage
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.services import Proposed, Roads
from kakehashi.records.views.inputs import typed, uuid_of

PAGE = 100
EVERY = 60_000
HEADERS = [
    "分類（大）", "分類（中）", "分類（小）", "名称", "管理者", "保存期間", "満了する日", "措置", "延長する年数", "理由",
    "状態", "次の段階", "中止の理由",
]  # fmt: skip


@staff(RecordsPermission.READ)
@require_http_methods(["GET", "POST"])
def lists(request: Request) -> HttpResponse:
    """Every list, and the form that begins one."""
    now = fiscal_year(clock.today())
    years = [(year, fiscal_year_label(year)) for year in range(now, now - 12, -1)]
    form = ListForm(request.POST if request.method == "POST" else None, years=years, initial={"fiscal_year": now - 1})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_disposal_list(actor=request.actor, fiscal_year=form.cleaned_data["fiscal_year"])
            return redirect("records-staff:disposal-list", made.id)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
    context = {
        "form": form,
        "page": keyset_page(
            selectors.disposal_lists(), order_by=("-made_at", "-id"), cursor=request.GET.get("cursor"), size=20
        ),
        "may_manage": request.actor.can(RecordsPermission.MANAGE, request.government.id),
    }
    return render(request, "records/disposal_lists.html", context, status=422 if form.errors else 200)


@staff(RecordsPermission.READ)
@require_safe
def disposal_list(request: Request, list_id: UUID) -> HttpResponse:
    """One list: progress while it is gathered or carried out, else its items with the acts of their stage."""
    found = get_object_or_404(DisposalList, id=list_id)
    rows = selectors.items_on(
        found,
        department_id=uuid_of(typed(request, "department")),
        state=typed(request, "state"),
        measure=typed(request, "measure"),
    )
    roads = Roads()
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name=f"満了一覧_{found.cutoff_on}",
            headers=HEADERS,
            rows=(_export_row(item, roads) for item in rows.order_by("id")[:EVERY]),
        )
    page = keyset_page(rows, order_by=("id",), cursor=request.GET.get("cursor"), size=PAGE)
    items: list[dict[str, Any]] = [
        {"item": item, "stage": roads.stage_of(item), "may": roads.may_act(request.actor, item)} for item in page.rows
    ]
    context = {
        "list": found,
        "page": page,
        "items": items,
        "counts": _counts(found),
        "acts": {row["item"].state for row in items if row["may"]} if found.state == ListState.OPEN else set(),
        "departments": Department.objects.filter(id__in=_departments(found)).order_by("order", "code"),
        "states": ItemState.choices,
        "measures": Measure.choices,
        "chosen": request.GET,
        "certificates": found.certificates.all(),
        "packages": _packages(found),
        "acceptance": AcceptanceForm(initial={"accepted_by": word("archives"), "accepted_on": clock.today()}),
        "may_manage": request.actor.can(RecordsPermission.MANAGE, request.government.id),
        "approved": _counts(found).get(ItemState.APPROVED.label, 0),
    }
    return render(request, "records/disposal_list.html", context)


def _counts(found: DisposalList) -> dict[str, int]:
    counts = selectors.counts_of(found)
    return {state.label: counts[state.value] for state in ItemState if state.value in counts}


def _departments(found: DisposalList) -> Any:
    return DisposalItem.objects.filter(disposal_list=found).values("department_id").distinct()


def _packages(found: DisposalList) -> Any:
    waiting = TransferPackage.objects.filter(item__disposal_list=found, item__state=ItemState.PACKED)
    return waiting.select_related("item__record_file").order_by("id")[:200]


def _export_row(item: DisposalItem, roads: Roads) -> list[object]:
    record_file, stage = item.record_file, roads.stage_of(item)
    return [
        record_file.record_class.large,
        record_file.record_class.middle,
        record_file.record_class.small,
        record_file.name,
        item.department.name,
        record_file.period_label,
        item.expires_on,
        item.get_measure_display(),
        item.extend_years or "",
        item.reason,
        item.get_state_display(),
        f"{stage.name}（{stage.post_name}）" if stage else "",
        item.stopped_why,
    ]


@staff(RecordsPermission.READ)
@require_safe
def progress(request: Request, list_id: UUID) -> HttpResponse:
    """How far the worker is, as a fragment that asks again by itself until it is done."""
    return render(request, "records/_progress.html", {"list": get_object_or_404(DisposalList, id=list_id)})


@staff(RecordsPermission.DISPOSE)
@require_POST
def act(request: Request, list_id: UUID) -> HttpResponse:
    """申出・確認・差戻し of the chosen items, or of every item that waits for this person."""
    found = get_object_or_404(DisposalList, id=list_id)
    verb, comment = request.POST.get("verb", ""), request.POST.get("comment", "").replace("\x00", "")
    chosen = _chosen(request, found)
    try:
        if not chosen:
            raise DomainError("簿冊を選んでください。")
        if verb == "propose":
            count, done = (
                services.propose_items(actor=request.actor, disposal_list=found, asked=_asked(request, chosen)),
                "申し出ました",
            )
        elif verb == "confirm":
            ids = [item.id for item in chosen]
            count, done = (
                services.confirm_items(actor=request.actor, disposal_list=found, item_ids=ids, comment=comment),
                "確かめました",
            )
        else:
            ids = [item.id for item in chosen]
            count, done = (
                services.send_items_back(actor=request.actor, disposal_list=found, item_ids=ids, comment=comment),
                "差し戻しました",
            )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        skipped = len(chosen) - count
        rest = f"{skipped}件は、ほかの人の段階にあるなどの理由で、変わっていません。" if skipped else ""
        messages.success(request, f"{count}件を{done}。{rest}")
    return redirect("records-staff:disposal-list", found.id)


def _chosen(request: Request, found: DisposalList) -> list[DisposalItem]:
    items = DisposalItem.objects.filter(disposal_list=found)
    if request.POST.get("all") == "1":
        wanted = ItemState.WAITING if request.POST.get("verb") == "propose" else ItemState.REVIEWING
        return list(items.filter(state=wanted)[:EVERY])
    ids = [one for text in request.POST.getlist("item") if (one := uuid_of(text))]
    return list(items.filter(id__in=ids))


def _asked(request: Request, chosen: list[DisposalItem]) -> dict[UUID, Proposed]:
    """The measure of each item as its row says; with 「すべて」 as the schedule of the file says. Raises DomainError for one without."""
    asked = {}
    for item in chosen:
        measure = request.POST.get(f"measure-{item.id}") or item.measure
        if measure not in Measure.values:
            if request.POST.get("all") == "1":
                continue
            raise DomainError("措置の決まっていない簿冊があります。廃棄・移管・延長のどれかを選んでください。")
        years = request.POST.get(f"years-{item.id}", "")
        asked[item.id] = Proposed(
            Measure(measure),
            int(years) if years.isascii() and years.isdecimal() and len(years) <= 2 else 0,
            request.POST.get(f"reason-{item.id}", "").replace("\x00", ""),
        )
    return asked


@staff(RecordsPermission.MANAGE)
@require_POST
def execute(request: Request, list_id: UUID) -> HttpResponse:
    """執行する: begin to carry out what is approved."""
    found = get_object_or_404(DisposalList, id=list_id)
    try:
        services.execute_list(actor=request.actor, disposal_list=found)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("records-staff:disposal-list", found.id)


@staff(RecordsPermission.MANAGE)
@require_POST
def accept(request: Request, package_id: UUID) -> HttpResponse:
    """受入れを記録する: the archives have the package; the town's copy goes."""
    package = get_object_or_404(TransferPackage.objects.select_related("item"), id=package_id)
    form = AcceptanceForm(request.POST)
    if form.is_valid():
        try:
            services.accept_package(actor=request.actor, package=package, **form.cleaned_data)
            messages.success(request, "受入れを記録しました。")
        except DomainError as error:
            messages.error(request, error.message)
    else:
        messages.error(request, "受け入れた機関と受入れの日を記入してください。")
    return redirect("records-staff:disposal-list", package.item.disposal_list_id)


@staff(RecordsPermission.READ)
@require_safe
def disposed(request: Request) -> HttpResponse:
    """移管・廃棄簿: what was destroyed or transferred, with its tombstone."""
    rows = selectors.disposed_files()
    if text := typed(request, "q"):
        rows = rows.filter(name__icontains=text)
    if "format" in request.GET:
        return spreadsheet_response(
            kind=request.GET["format"],
            name=word("disposal_register"),
            headers=REGISTER,
            rows=(register_row(row) for row in rows.order_by("-disposed_on", "-id")[:EVERY]),
        )
    page = keyset_page(rows, order_by=("-disposed_on", "-id"), cursor=request.GET.get("cursor"))
    context = {"page": page, "chosen": request.GET, "register_word": word("disposal_register")}
    return render(request, "records/disposed.html", context)


REGISTER = [
    "分類（大）", "分類（中）", "分類（小）", "名称", "作成・取得年度等", "保存期間", "満了する日", "措置", "執行した日", "移管先",
    "管理者", "文書数", "指紋（SHA-256）",
]  # fmt: skip


def register_row(row: Any) -> list[object]:
    """A line of the 移管・廃棄簿."""
    stone = next(iter(row.tombstones.all()), None)
    return [
        row.record_class.large,
        row.record_class.middle,
        row.record_class.small,
        row.name,
        fiscal_year_label(row.record_fiscal_year),
        row.period_label,
        row.expires_on,
        row.get_state_display(),
        row.disposed_on,
        stone.went_to if stone else "",
        row.department.name,
        stone.documents if stone else "",
        stone.digest if stone else "",
    ]
