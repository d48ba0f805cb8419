"""The rule pack on screen: its versions, the tables of one, and the rows of a draft."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.approvals import selectors, services
from kakehashi.approvals.domain.packs import SHIPPED
from kakehashi.approvals.domain.packs.columns import Kind, Row
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.findings import Finding, Level
from kakehashi.approvals.domain.packs.parts import BY_KEY, PARTS, Part
from kakehashi.approvals.forms import PackRowForm
from kakehashi.approvals.models import PackState, RulePack
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.views.lists import typed
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.requests import Request

PREFIX = "approvals-staff:"


@staff(ApprovalsPermission.READ)
@require_safe
def rules(request: Request) -> HttpResponse:
    """Every version and draft; the one in force first in words, and where to begin."""
    today = clock.today()
    packs = list(selectors.packs_newest_first()[:200])
    current = next((pack for pack in packs if pack.standing_on(today) == "施行中"), None)
    context = {
        "current": current,
        "document": selectors.document_of(current) if current else None,
        "drafts": [pack for pack in packs if pack.is_draft],
        "versions": [(pack, pack.standing_on(today)) for pack in packs if not pack.is_draft],
        "shipped": SHIPPED,
        "may_manage": may_manage(request),
    }
    return render(request, "approvals/rules/index.html", context)


@staff(ApprovalsPermission.MANAGE_RULES)
@require_POST
def begin(request: Request) -> HttpResponse:
    """Begin a draft from a shipped pack (`pack`) or from a version (`based_on`)."""
    source = request.POST.get("based_on", "")
    try:
        if source:
            before = get_object_or_404(RulePack, id=as_uuid(source))
            document, title = selectors.document_of(before), f"{before.label}の改正"
            draft = services.begin_rule_pack(actor=request.actor, document=document, title=title, based_on=before)
        else:
            draft = services.begin_rule_pack(actor=request.actor, document=request.POST.get("pack", ""))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(f"{PREFIX}rules")
    messages.success(request, "下書きを作りました。施行するまで、いまの規程は変わりません。")
    return redirect(f"{PREFIX}rule-pack", draft.id)


@staff(ApprovalsPermission.READ)
@require_safe
def pack(request: Request, pack_id: UUID) -> HttpResponse:
    """One version or draft: its tables, what the linter says, what can be done."""
    found = get_pack(pack_id)
    document = selectors.document_of(found)
    before = selectors.version_before(found)
    context = pack_context(request, found, document) | {
        "parts": [(part, len(document.rows(part.key))) for part in PARTS],
        "before": before,
        "facts_of": [
            ("規程の番号・日付", found.edition),
            ("制定した者", found.adopted_by),
            ("登録した者", found.enforced_by_label),
            ("内容の指紋", found.digest[:16]),
        ],
        "may_call_off": found.state == PackState.IN_FORCE
        and found.valid_from is not None
        and found.valid_from > clock.today(),
    }
    return render(request, "approvals/rules/pack.html", context)


@staff(ApprovalsPermission.READ)
@require_safe
def part(request: Request, pack_id: UUID, part_key: str) -> HttpResponse:
    """One table of a version; `?q=` narrows it."""
    found, table = get_pack(pack_id), get_part(part_key)
    document = selectors.document_of(found)
    words = typed(request, "q")
    lines = [
        (place, line)
        for place, row in enumerate(document.rows(table.key))
        if words in (line := _line(table, row, document))[-1]
    ]
    context = pack_context(request, found, document) | {
        "part": table,
        "parts": PARTS,
        "lines": [(place, line[0], line[1]) for place, line in lines],
        "total": len(document.rows(table.key)),
        "q": words,
    }
    context["findings"] = [finding for finding in context["findings"] if finding.part == table.key]
    return render(request, "approvals/rules/part.html", context)


@staff(ApprovalsPermission.MANAGE_RULES)
@require_http_methods(["GET", "POST"])
def row(request: Request, pack_id: UUID, part_key: str, place: int | None = None) -> HttpResponse:
    """Change a row of a draft, add one (no place), or take one out (`remove`)."""
    found, table = get_pack(pack_id), get_part(part_key)
    if not found.is_draft:
        return redirect(f"{PREFIX}rule-part", found.id, table.key)
    document = selectors.document_of(found)
    rows = document.rows(table.key)
    if place is not None and place >= len(rows):
        raise Http404
    if request.method == "GET":
        initial = {"revision": found.revision}
        if place is not None:
            initial |= PackRowForm.initial_of(table, rows[place])
        return _row_page(
            request, found, table, document, PackRowForm(initial=initial, part=table, document=document), place
        )
    form = PackRowForm(request.POST, part=table, document=document)
    if "remove" in request.POST or form.is_valid():
        try:
            _save(request, found, table, form, place)
        except DomainError as error:
            form.is_valid()
            form.add_error(error.field if error.field in form.fields else None, error.message)
            status = 409 if isinstance(error, Stale) else 422
            return _row_page(request, found, table, document, form, place, status=status)
        messages.success(request, "行を消しました。" if "remove" in request.POST else "下書きに保存しました。")
        return redirect(f"{PREFIX}rule-part", found.id, table.key)
    return _row_page(request, found, table, document, form, place, status=422)


def _save(request: Request, found: RulePack, table: Part, form: PackRowForm, place: int | None) -> None:
    revision = request.POST.get("revision", "")
    expected = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 9 else 0
    if "remove" in request.POST and place is not None:
        services.remove_pack_row(
            actor=request.actor, pack=found, part=table.key, place=place, expected_revision=expected
        )
        return
    if not form.is_valid():
        raise DomainError("記入を確かめてください。")
    values = form.cleaned_data["row"]
    services.save_pack_row(
        actor=request.actor, pack=found, part=table.key, row=values, place=place, expected_revision=expected
    )


def _row_page(
    request: Request,
    found: RulePack,
    table: Part,
    document: PackDocument,
    form: PackRowForm,
    place: int | None,
    status: int = 200,
) -> HttpResponse:
    kept = document.rows(table.key)[place] if place is not None else None
    regulation = "records" if table.key in {"retention", "classes", "stages", "numbering"} else "decision"
    context = {
        "pack": found,
        "part": table,
        "form": form,
        "place": place,
        "name": _name(table, kept, document) if kept else "",
        "back": reverse(f"{PREFIX}rule-part", args=[found.id, table.key]),
        "article": document.article(regulation, str(kept.get("clause", ""))) if kept else None,
    }
    return render(request, "approvals/rules/row.html", context, status=status)


@staff(ApprovalsPermission.MANAGE_RULES)
@require_POST
def discard(request: Request, pack_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    try:
        services.discard_rule_pack(actor=request.actor, pack=get_pack(pack_id))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(f"{PREFIX}rule-pack", pack_id)
    messages.success(request, "下書きを捨てました。")
    return redirect(f"{PREFIX}rules")


def may_manage(request: Request) -> bool:
    """Whether this person may change the rules."""
    return request.actor.can(ApprovalsPermission.MANAGE_RULES, request.government.id)


def get_pack(pack_id: UUID) -> RulePack:
    """The version or draft, or 404."""
    return get_object_or_404(RulePack, id=pack_id)


def get_part(key: str) -> Part:
    """The table of that key, or 404."""
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]


def as_uuid(text: str) -> UUID:
    """An id in a form, or 404."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def pack_context(request: Request, found: RulePack, document: PackDocument) -> dict[str, Any]:
    """What every page of a version shows: its standing and what the linter says."""
    findings: list[Finding] = selectors.findings_of(document, found.valid_from or clock.today())
    return {
        "pack": found,
        "document": document,
        "standing": found.standing_on(clock.today()),
        "back": reverse(f"{PREFIX}rule-pack", args=[found.id]),
        "may_manage": may_manage(request),
        "may_edit": found.is_draft and may_manage(request),
        "findings": findings,
        "errors": [finding for finding in findings if finding.level is Level.ERROR],
        "warnings": [finding for finding in findings if finding.level is Level.WARNING],
    }


def _name(table: Part, row_: Row, document: PackDocument) -> str:
    """What a row is called: by the name of its matter, never by the code alone."""
    matter, title = document.matters.get(row_.get("matter", "")), str(table.title_of(row_))
    return title.replace(row_["matter"], matter["name"], 1) if matter else title


def _line(table: Part, row_: Row, document: PackDocument) -> tuple[str, list[tuple[str, str]], str]:
    """A row for the table: its name, (label, text) of what is filled, and all of it as one text for the search."""
    name = _name(table, row_, document)
    cells = [
        (column.label, column.say(row_[column.key]))
        for column in table.columns
        if column.key not in table.naming
        and column.kind is not Kind.LONG
        and row_[column.key] not in (None, "", [], False)
    ]
    cells += [(c.label, str(row_[c.key])) for c in table.columns if c.kind is Kind.LONG and row_[c.key]]
    return name, cells, " ".join([name, table.title_of(row_), *(text for _, text in cells)])
