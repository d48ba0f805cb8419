"""版: what changed from one published version to the next, and a form as a file."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_POST

from kakehashi.eforms.domain.changes import describe_changes
from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.hooks import owner_of
from kakehashi.eforms.models import Form, FormVersion
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.services import export_form, import_form
from kakehashi.eforms.services.form_files import signer_words
from kakehashi.eforms.views.staff import editable_form
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.requests import Request

SHOWN = 30


@staff(EformsPermission.EDIT)
@require_GET
def versions(request: Request, form_id: UUID) -> HttpResponse:
    """Every version, newest first, with what it changed; two of them can be set beside each other."""
    return _versions_page(request, editable_form(request, form_id))


def _versions_page(request: Request, form: Form, refused: str = "") -> HttpResponse:
    """The page; `refused` is said beside the file that was chosen."""
    rows = list(FormVersion.objects.filter(form=form).order_by("-number").defer("schema")[: SHOWN + 1])
    definitions = {row.number: from_json(row.definition) for row in rows}
    told = [
        (row, describe_changes(definitions.get(row.number - 1), definitions[row.number]))
        for row in rows[:SHOWN]
        if row.number == 1 or row.number - 1 in definitions
    ]
    compared = None
    first, second = (_number(request.GET.get(name)) for name in ("from", "to"))
    if first in definitions and second in definitions:
        compared = describe_changes(definitions[first], definitions[second])
    owner = owner_of(form)
    context = {
        "form": form,
        "told": told,
        "numbers": [row.number for row in rows],
        "compared": compared,
        "first": first,
        "second": second,
        "back_url": owner.back_url(form) if owner else "",
        "owner_label": owner.label if owner else "",
        "refused": refused,
    }
    return render(request, "eforms/staff/versions.html", context, status=422 if refused else 200)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


@staff(EformsPermission.EDIT)
@require_GET
def write_file(request: Request, form_id: UUID) -> HttpResponse:
    """The draft as a signed file."""
    form = editable_form(request, form_id)
    content = export_form(actor=request.actor, form=form, source=request.government.name)
    name = slugify(form.title, allow_unicode=True)[:80] or "form"
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = _attachment(f"{name}.kakehashi-form.json")
    return response


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"


@staff(EformsPermission.EDIT)
@require_POST
def read_file(request: Request, form_id: UUID) -> HttpResponse:
    """Make what a file holds the draft; it can be undone."""
    form = editable_form(request, form_id)
    sent = request.FILES.get("file")
    if sent is None:
        return _versions_page(request, form, "様式のファイルを選んでください。")
    revision = _number(request.POST.get("revision")) or form.revision
    try:
        read = import_form(actor=request.actor, form=form, content=sent.read(2_000_001), expected_revision=revision)
    except (DomainError, Stale) as error:
        return _versions_page(request, form, error.message)
    messages.success(request, f"「{read.title}」を読み込みました。{signer_words(read)}「元に戻す」で戻せます。")
    return redirect("eforms-staff:edit", form.id)
