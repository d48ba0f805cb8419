"""照会・回答, the prefecture's pages: write, send, see who has not answered, collect."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.domain.registry import MEASURES
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans import services
from kakehashi.plans.domain.inquiries import (
    ITEM_WORDS,
    MOST_ITEMS,
    Item,
    ItemKind,
    exported,
    from_json,
    headings,
    shown,
)
from kakehashi.plans.forms import WarekiDateField
from kakehashi.plans.models import InquiryState, MunicipalInquiry
from kakehashi.plans.models.inquiries import Audience
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors import inquiries as reads
from kakehashi.plans.selectors.matrix import municipalities
from kakehashi.plans.services.inquiries import answer_sheet, answer_texts
from kakehashi.plans.views.answers import add_problem, posted, posted_key
from kakehashi.plans.views.municipalities import of_prefecture

_ROWS = 4
_PARTS = ("key", "label", "kind", "unit", "choices", "measure", "period", "help")


class InquiryForm(forms.Form):
    """What is asked, of whom, until when; the items stand below."""

    title = forms.CharField(label="件名", max_length=120)
    body = forms.CharField(label="照会の文", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    due_on = WarekiDateField(label="回答の期限")
    contact = forms.CharField(label="問合せ先", max_length=200, required=False)
    audience = forms.ChoiceField(label="照会する相手", choices=Audience.choices, required=False)
    groups = forms.MultipleChoiceField(
        label="種別・類似団体（上で選んだとき）", required=False, widget=forms.CheckboxSelectMultiple
    )
    chosen = forms.MultipleChoiceField(
        label="団体（上で選んだとき）", required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="変更の内容（市町村に伝えます）", max_length=300, required=False)

    def __init__(self, *args: Any, is_issued: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["groups"]
        chosen: Any = self.fields["chosen"]
        groups.choices = reads.groups_here()
        chosen.choices = [(one.code, one.name) for one in municipalities()]
        for name in ("audience", "groups", "chosen") if is_issued else ("note",):
            del self.fields[name]

    def details(self) -> dict[str, Any]:
        """What the service takes besides title, term and items."""
        data = self.cleaned_data
        found = {"body": data["body"], "contact": data["contact"]}
        if "audience" in data:
            audience = data["audience"] or Audience.ALL
            chosen = {Audience.GROUP: data["groups"], Audience.CHOSEN: data["chosen"]}
            found |= {"audience": audience, "chosen": chosen.get(Audience(audience), [])}
        return found


class ReturnForm(forms.Form):
    """Why an answer goes back."""

    note = forms.CharField(label="差し戻す理由", max_length=500)


class AnswerFileForm(forms.Form):
    """The file that came back."""

    file = forms.FileField(label="返ってきた回答ファイル（Excel）")


@staff(PlansPermission.INQUIRE)
@of_prefecture
@require_GET
def index(request: Request) -> HttpResponse:
    """Every inquiry with how many have answered."""
    page = keyset_page(reads.inquiries(), ("-created_at", "-id"), request.GET.get("cursor"), 20)
    lines = [(one, _counts(reads.standings(one)) if one.state != InquiryState.DRAFT else None) for one in page.rows]
    return render(request, "plans/inquiries.html", {"lines": lines, "page": page})


@staff(PlansPermission.INQUIRE)
@of_prefecture
@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    """Write an inquiry."""
    return _edit(request, None)


@staff(PlansPermission.INQUIRE)
@of_prefecture
@require_http_methods(["GET", "POST"])
def edit(request: Request, inquiry_id: UUID) -> HttpResponse:
    """Change a draft, or give what was sent its next version."""
    return _edit(request, reads.find_inquiry(inquiry_id))


@staff(PlansPermission.INQUIRE)
@of_prefecture
@require_GET
def inquiry(request: Request, inquiry_id: UUID) -> HttpResponse:
    """One inquiry: who has not answered, and everything that was answered in one table."""
    found = reads.find_inquiry(inquiry_id)
    items, standings = from_json(found.items), reads.standings(found)
    if kind := request.GET.get("format"):
        rows = [_exported(items, one) for one in standings]
        headers = [
            "団体コード",
            "団体",
            "状態",
            "回答日時",
            "回答した人",
            "確認した人",
            *headings(items),
            "県への連絡",
            "自動の値と違う理由",
        ]
        return spreadsheet_response(kind=kind, name=f"{found.title} 回答", headers=headers, rows=rows)
    context = {
        "inquiry": found,
        "items": [(one, ITEM_WORDS[one.kind]) for one in items],
        "headings": headings(items),
        "counts": _counts(standings),
        "waiting": [one for one in standings if not one.has_answered],
        "rows": [
            (one, [shown(item, text) for item, text in zip(items, answer_texts(items, one), strict=True)])
            for one in standings
        ],
        "audience": reads.audience_of(found) if found.state == InquiryState.DRAFT else [],
        "today": clock.today(),
    }
    return render(request, "plans/inquiry.html", context)


@staff(PlansPermission.INQUIRE)
@of_prefecture
@require_POST
def act(request: Request, inquiry_id: UUID, verb: str) -> HttpResponse:
    """Send, remind, close, or show the result."""
    found = reads.find_inquiry(inquiry_id)
    try:
        if verb == "issue":
            count = services.issue_inquiry(actor=request.actor, inquiry=found)
            messages.success(request, f"{count}団体に照会しました。" if count else "もう照会しています。")
        elif verb == "remind":
            count = services.remind_inquiry(actor=request.actor, inquiry=found)
            messages.success(request, f"まだ回答のない{count}団体に催促しました。")
        elif verb == "close":
            services.close_inquiry(actor=request.actor, inquiry=found)
            messages.success(request, "照会を締め切りました。")
        elif verb == "publish":
            count = services.publish_result(actor=request.actor, inquiry=found)
            messages.success(request, f"結果を{count}団体に公開しました。")
        else:
            raise Http404
    except DomainError as problem:
        messages.error(request, problem.message)
    return redirect("plans-staff:inquiry", found.id)


@staff(PlansPermission.INQUIRE)
@of_prefecture
@require_http_methods(["GET", "POST"])
def reply(request: Request, inquiry_id: UUID, code: str) -> HttpResponse:
    """One municipality's answers, version by version; send back, or take in the file of one outside."""
    found, municipality = reads.find_inquiry(inquiry_id), _municipality(code)
    standing = next((one for one in reads.standings(found) if one.municipality == municipality), None)
    if standing is None:
        raise Http404
    is_file = bool(request.FILES) or request.POST.get("act") == "file"
    returning = ReturnForm(posted(request) if not is_file else None)
    taking = AnswerFileForm(posted(request) if is_file else None, request.FILES or None)
    form = taking if is_file else returning
    if request.method == "POST" and form.is_valid():
        try:
            if is_file:
                services.take_answer_file(
                    actor=request.actor,
                    inquiry=found,
                    municipality=municipality,
                    content=form.cleaned_data["file"].read(),
                )
                messages.success(request, f"{municipality.name}の回答を取り込みました。")
            else:
                services.return_reply(
                    actor=request.actor, inquiry=found, municipality=municipality, note=form.cleaned_data["note"]
                )
                messages.success(request, f"{municipality.name}に差し戻しました。")
            return redirect("plans-staff:inquiry-reply", found.id, code)
        except DomainError as problem:
            add_problem(form, problem)
    items = from_json(found.items)
    context = {
        "inquiry": found,
        "standing": standing,
        "municipality": municipality,
        "versions": [(one, _lines(items, one.answers)) for one in reads.replies_of(found, municipality)],
        "returning": returning,
        "taking": taking,
    }
    return render(request, "plans/inquiry_reply.html", context, status=422 if form.errors else 200)


@staff(PlansPermission.INQUIRE)
@of_prefecture
@require_GET
def file(request: Request, inquiry_id: UUID, code: str) -> HttpResponse:
    """The Excel file for a municipality outside the installation."""
    found, municipality = reads.find_inquiry(inquiry_id), _municipality(code)
    rows = answer_sheet(found, municipality)
    return spreadsheet_response(
        kind="xlsx", name=f"{found.title}_{municipality.name}", headers=["照会への回答", "", "", ""], rows=rows
    )


def _edit(request: Request, found: MunicipalInquiry | None) -> HttpResponse:
    is_issued = found is not None and found.state != InquiryState.DRAFT
    form = InquiryForm(posted(request), initial=_initial(found), is_issued=is_issued)
    rows = _posted_rows(request.POST) if request.method == "POST" else _rows_of(found)
    wants_more = "more" in request.POST
    if request.method == "POST" and not wants_more and form.is_valid():
        data = form.cleaned_data
        given = {"title": data["title"], "due_on": data["due_on"], "items": _items(rows), "details": form.details()}
        try:
            if found is None:
                found = services.draft_inquiry(actor=request.actor, idempotency_key=posted_key(request), **given)
            else:
                services.edit_inquiry(actor=request.actor, inquiry=found, note=data.get("note", ""), **given)
            messages.success(
                request,
                "照会を変え、市町村に知らせました。" if is_issued else "照会を保存しました。まだ送っていません。",
            )
            return redirect("plans-staff:inquiry", found.id)
        except DomainError as problem:
            add_problem(form, problem)
    blank = _ROWS if wants_more or not rows else 1
    rows = (rows + [dict.fromkeys(_PARTS, "") for _ in range(blank)])[:MOST_ITEMS]
    context = {
        "form": form,
        "inquiry": found,
        "rows": list(enumerate(rows)),
        "kinds": [(kind.value, word) for kind, word in ITEM_WORDS.items()],
        "measures": [(code, measure.label) for code, measure in MEASURES.items()],
        "periods": _periods(),
        "is_issued": is_issued,
    }
    is_wrong = bool(form.is_bound and form.errors and not wants_more)
    if wants_more:
        form.errors.clear()
    return render(request, "plans/inquiry_form.html", context, status=422 if is_wrong else 200)


def _initial(found: MunicipalInquiry | None) -> dict[str, Any]:
    if found is None:
        return {}
    names = ("title", "body", "due_on", "contact", "audience")
    return {name: getattr(found, name) for name in names} | {"groups": found.chosen, "chosen": found.chosen}


def _rows_of(found: MunicipalInquiry | None) -> list[dict[str, str]]:
    return [
        {name: "、".join(row[name]) if name == "choices" else str(row[name]) for name in _PARTS}
        | {"optional": "" if row["required"] else "1"}
        for row in (found.items if found else ())
    ]


def _posted_rows(data: QueryDict) -> list[dict[str, str]]:
    rows = []
    for place in range(MOST_ITEMS):
        if f"item-{place}-label" not in data:
            break
        row = {name: data.get(f"item-{place}-{name}", "").strip()[:500] for name in (*_PARTS, "optional")}
        if row["label"]:
            rows.append(row)
    return rows


def _items(rows: list[dict[str, str]]) -> list[Item]:
    used = {row["key"] for row in rows}
    found, number = [], 0
    for row in rows:
        key = row["key"]
        while not key:
            number += 1
            key = f"q{number}" if f"q{number}" not in used else ""
        used.add(key)
        kind = ItemKind(row["kind"]) if row["kind"] in set(ItemKind) else ItemKind.TEXT
        measure = row["measure"] if kind is ItemKind.INDICATOR and row["measure"] in MEASURES else ""
        choices = tuple(
            dict.fromkeys(one.strip() for one in row["choices"].replace(",", "、").split("、") if one.strip())
        )
        found.append(
            Item(
                key=key, label=row["label"], kind=kind, unit=MEASURES.get(measure).unit if measure else row["unit"],
                choices=choices if kind is ItemKind.CHOICE else (), measure=measure, period=row["period"] if measure else "",
                required=not row["optional"], help=row["help"],
            )
        )  # fmt: skip
    return found


def _periods() -> list[tuple[str, str]]:
    year = Period.containing(clock.today()).previous()
    month = Period.containing(clock.today(), PeriodKind.MONTH)
    found = [("", "前の年度")]
    for _ in range(3):
        found.append((year.code, year.label))
        year = year.previous()
    for _ in range(12):
        month = month.previous()
        found.append((month.code, month.label))
    return found


def _municipality(code: str) -> Government:
    found = next((one for one in municipalities() if one.code == code), None)
    if found is None:
        raise Http404
    return found


def _counts(standings: list[reads.Standing]) -> dict[str, int]:
    return {
        "asked": len(standings),
        "answered": sum(one.has_answered for one in standings),
        "waiting": sum(not one.has_answered for one in standings),
    }


def _lines(items: list[Item], answers: list[dict[str, Any]]) -> list[tuple[Item, str, str, str, str]]:
    given = {row["key"]: row for row in answers}
    found = []
    for item in items:
        row = given.get(item.key, {})
        value, filled = row.get("value", ""), row.get("filled", "")
        found.append(
            (
                item,
                shown(item, value),
                shown(item, filled) if filled != value else "",
                row.get("reason", ""),
                row.get("source", ""),
            )
        )
    return found


def _exported(items: list[Item], one: reads.Standing) -> list[object]:
    reply, texts = one.reply, answer_texts(items, one)
    reasons = [
        f"{item.label}：{row['reason']}"
        for item in items
        for row in (reply.answers if reply else ())
        if row["key"] == item.key and row.get("reason")
    ]
    return [
        one.municipality.code, one.municipality.name, one.state,
        reply.answered_at if reply and reply.answers else None,
        reply.answered_by if reply else "", reply.confirmed_by if reply else "",
        *(exported(item, text) for item, text in zip(items, texts, strict=True)), reply.note if reply else "", " ".join(reasons),
    ]  # fmt: skip
