"""今のシステムとのやり取り: lists and papers out, results in, the watched folder, outside numbers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.exchange.domain.coexistence import Handover, Intake, handover, handovers, intake, intakes
from kakehashi.exchange.domain.csv_text import write_table
from kakehashi.exchange.domain.kinds import TABLE_FILE
from kakehashi.exchange.forms import NumbersForm, TableForm
from kakehashi.exchange.models import IntakeRun, OutsideNumber, RunState
from kakehashi.exchange.permissions import ExchangePermission
from kakehashi.exchange.selectors import find_outside_numbers, layout_of, outside_numbers_of
from kakehashi.exchange.services import (
    apply_intake,
    make_handover,
    map_intake,
    record_outside_number,
    save_layout,
    start_intake,
    try_intake,
)
from kakehashi.exchange.services.handing import MOST_HANDED, waiting_rows_of
from kakehashi.exchange.services.inbox import inbox_folder
from kakehashi.exchange.services.taking import table_of
from kakehashi.files.services import take_passing
from kakehashi.kernel.access import staff
from kakehashi.kernel.encodings import ENCODINGS
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.personal_data import note_reading, reads_personal_data, unwatched
from kakehashi.kernel.requests import Request

_SHOWN = 20
_SAMPLE_ROWS = 5


def _may(request: Request, how: Handover | Intake) -> bool:
    return how.room in request.rooms and request.actor.can(how.permission, request.government.id)


@staff(ExchangePermission.SYSTEMS)
@reads_personal_data("外部の番号の照会")
@require_GET
def index(request: Request) -> HttpResponse:
    """今のシステム: what can be handed over and taken back, the watched folder, and outside numbers found again."""
    text = request.GET.get("q", "")[:100]
    found = find_outside_numbers(text)
    for each in found:
        note_reading(each.subject_kind, [each.subject_id])
    with unwatched():
        counted = [(code, how, len(waiting_rows_of(code, how))) for code, how in handovers() if _may(request, how)]
    context = {
        "handovers": counted,
        "intakes": [(code, how) for code, how in intakes() if _may(request, how)],
        "most": MOST_HANDED,
        "folder": inbox_folder(request.government.code),
        "runs": IntakeRun.objects.defer("content").order_by("-made_at")[:_SHOWN],
        "query": text,
        "found": [(each, _url(each)) for each in found],
    }
    return render(request, "exchange/staff/systems.html", context)


def _url(number: OutsideNumber) -> str:
    return next((how.url(number.subject_id) for _, how in handovers() if how.subject_kind == number.subject_kind), "")


def _handover(request: Request, code: str) -> Handover:
    how = handover(code)
    if how is None or not _may(request, how):
        raise Http404
    return how


def _intake(request: Request, code: str) -> Intake:
    how = intake(code)
    if how is None or not _may(request, how):
        raise Http404
    return how


@staff(ExchangePermission.SYSTEMS)
@reads_personal_data("外部システムへの引き渡し")
@require_http_methods(["GET", "POST"])
def layout(request: Request, code: str) -> HttpResponse:
    """渡す一覧の並び: which fields under which headers, and how the first rows look."""
    how, failure = _handover(request, code), ""
    if request.method == "POST":
        try:
            save_layout(
                actor=request.actor, code=code, how=how, columns=_chosen(request, how),
                encoding=request.POST.get("charset", ""),
            )  # fmt: skip
        except DomainError as error:
            failure = error.message
        else:
            messages.success(request, "並びを保存しました。")
            return redirect("exchange-staff:layout", code)
    columns, encoding = layout_of(code, how)
    places = {key: (number, header) for number, (key, header) in enumerate(columns, 1)}
    rows = waiting_rows_of(code, how)
    context = {
        "code": code,
        "how": how,
        "failure": failure,
        "fields": sorted(
            ((key, label, *places.get(key, (0, label))) for key, label in how.fields()), key=lambda one: one[2] or 1_000
        ),
        "encodings": ENCODINGS.items(),
        "encoding": encoding,
        "headers": [header for _, header in columns],
        "rows": [[row.values.get(key, "") for key, _ in columns] for row in rows[:_SAMPLE_ROWS]],
        "count": len(rows),
    }
    return render(request, "exchange/staff/layout.html", context, status=422 if failure else 200)


def _chosen(request: Request, how: Handover) -> list[tuple[str, str]]:
    """The fields that were given a place, in the order of their numbers; equal numbers keep the order of the page."""
    chosen = []
    for at, (key, _) in enumerate(how.fields()):
        place = request.POST.get(f"place.{key}", "").strip()
        if place.isascii() and place.isdigit() and 0 < int(place) < 1_000:
            chosen.append((int(place), at, key, request.POST.get(f"header.{key}", "").replace("\x00", "")))
    return [(key, header) for _, _, key, header in sorted(chosen)]


@staff(ExchangePermission.SYSTEMS)
@reads_personal_data("外部システムへの引き渡し", never_asks=True)
@require_POST
def hand_over(request: Request, code: str) -> HttpResponse:
    """渡すファイルを作る: the list and the papers as a ZIP."""
    how = _handover(request, code)
    try:
        package = make_handover(actor=request.actor, code=code, how=how, again="again" in request.POST)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("exchange-staff:layout", code)
    response = HttpResponse(package.content, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, package.name)
    response["Cache-Control"] = "no-store"
    return response


@staff(ExchangePermission.SYSTEMS)
@require_http_methods(["GET", "POST"])
def take(request: Request, code: str) -> HttpResponse:
    """結果を取り込む: choose the file; nothing is taken in before it was looked at."""
    how = _intake(request, code)
    files, waiting = request.FILES, ""
    try:
        files = take_passing(actor=request.actor, post=request.POST, files=files, name="file", purpose=TABLE_FILE)
    except DomainError as error:
        waiting = error.message
    form = TableForm(request.POST or None, files or None)
    if waiting:
        form.errors["file"] = form.error_class([waiting], renderer=form.renderer)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = start_intake(actor=request.actor, code=code, how=how, file_name=file.name, content=file.read())
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            return redirect("exchange-staff:run", run.id)
    context = {"code": code, "how": how, "form": form, "folder": inbox_folder(request.government.code, code)}
    return render(request, "exchange/staff/take.html", context, status=422 if form.is_bound else 200)


@staff(ExchangePermission.SYSTEMS)
@require_GET
def sample(request: Request, code: str) -> HttpResponse:
    """A file with the headers we know best and one example row."""
    how = _intake(request, code)
    headers = [column.label for column in how.columns]
    content = write_table(headers, [[how.sample.get(column.key, "") for column in how.columns]], "utf-8-sig")
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{how.label}の見本.csv")
    return response


@staff(ExchangePermission.SYSTEMS)
@reads_personal_data("外部システムの結果の取り込み")
@require_http_methods(["GET", "POST"])
def run(request: Request, run_id: UUID) -> HttpResponse:
    """The file before it is taken in: which column is which, and what would become of every row; afterwards its report."""
    found = get_object_or_404(IntakeRun.objects, id=run_id)
    how = _intake(request, found.code)
    failure = ""
    if request.method == "POST":
        try:
            map_intake(actor=request.actor, run=found, how=how, mapping=_mapping(request, how))
        except DomainError as error:
            failure = error.message
        else:
            messages.success(request, "列の対応を変えて、もう一度試しました。対応は次のファイルでも使います。")
            return redirect("exchange-staff:run", found.id)
    if found.state != RunState.DRAFT:
        return render(request, "exchange/staff/report.html", {"run": found, "how": how})
    return _preview(request, found, how, failure)


def _preview(request: Request, found: IntakeRun, how: Intake, failure: str) -> HttpResponse:
    table, report = table_of(found), []
    try:
        report = try_intake(actor=request.actor, run=found, how=how)
    except DomainError as error:
        failure = failure or error.message
    columns = [
        (column, found.mapping.get(column.key, -1), [(at, header) for at, header in enumerate(table.headers)])
        for column in how.columns
    ]
    context: dict[str, Any] = {
        "run": found,
        "how": how,
        "columns": columns,
        "encoding": ENCODINGS[table.encoding],
        "count": len(table.rows),
        "failure": failure,
        "report": report,
        "good": sum(each["state"] == "ok" for each in report),
        "known": sum(each["state"] == "known" for each in report),
        "wrong": sum(each["state"] == "wrong" for each in report),
    }
    return render(request, "exchange/staff/run.html", context, status=422 if failure else 200)


def _mapping(request: Request, how: Intake) -> dict[str, int]:
    chosen = {column.key: request.POST.get(f"column.{column.key}", "") for column in how.columns}
    return {key: int(text) for key, text in chosen.items() if text.isascii() and text.isdigit()}


@staff(ExchangePermission.SYSTEMS)
@require_POST
def apply(request: Request, run_id: UUID) -> HttpResponse:
    """取り込む."""
    found = get_object_or_404(IntakeRun.objects, id=run_id)
    how = _intake(request, found.code)
    try:
        done = apply_intake(actor=request.actor, run=found, how=how)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"{done.ok_count}行を取り込みました。")
    return redirect("exchange-staff:run", found.id)


@staff(ExchangePermission.SYSTEMS)
@require_GET
def report(request: Request, run_id: UUID) -> HttpResponse:
    """The report of a run as CSV."""
    found = get_object_or_404(IntakeRun.objects.defer("content"), id=run_id)
    _intake(request, found.code)
    words = {"ok": "取り込んだ", "known": "前に取り込んだ", "wrong": "取り込めない"}
    rows = [[str(each["line"]), words[each["state"]], each["text"]] for each in found.report]
    response = HttpResponse(
        write_table(("行", "結果", "説明"), rows, "utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{found.file_name}_結果.csv")
    return response


@staff(ExchangePermission.SYSTEMS)
@reads_personal_data("外部の番号の記録")
@require_http_methods(["GET", "POST"])
def numbers(request: Request, code: str, subject_id: UUID) -> HttpResponse:
    """外部の番号を記録する: what the town's other system calls this thing."""
    how = _handover(request, code)
    title = how.title(subject_id)
    if not title or not how.numbers:
        raise Http404
    known = {each.kind: each for each in outside_numbers_of(how.subject_kind, subject_id)}
    first: dict[str, Any] = {kind: each.number for kind, each in known.items()}
    first["dated_on"] = next((each.dated_on for each in known.values() if each.dated_on), None)
    form = NumbersForm(request.POST or None, kinds=how.numbers, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        written = [kind for kind in how.numbers if given[kind].strip()]
        for kind in written:
            record_outside_number(
                actor=request.actor, subject_kind=how.subject_kind, subject_id=subject_id, kind=kind,
                number=given[kind], title=title, dated_on=given["dated_on"],
            )  # fmt: skip
        if written:
            messages.success(request, "外部の番号を記録しました。")
            return redirect(how.url(subject_id) or "exchange-staff:systems")
        form.add_error(how.numbers[0], "番号を入力してください。")
    context = {"how": how, "title": title, "form": form, "back": how.url(subject_id)}
    return render(request, "exchange/staff/numbers.html", context, status=422 if form.is_bound else 200)
