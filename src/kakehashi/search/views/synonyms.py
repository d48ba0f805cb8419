"""設定・組織 → 検索の同義語: words of this government that find each other, with CSV in and out."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.search import services
from kakehashi.search.domain.synonym_csv import COLUMNS, SynonymRow, as_row
from kakehashi.search.domain.thesaurus import GroupKind, built_in_groups
from kakehashi.search.forms import SynonymFileForm, SynonymForm
from kakehashi.search.models import SynonymGroup
from kakehashi.search.permissions import SearchPermission
from kakehashi.search.selectors import also_found, synonym_groups


@staff(SearchPermission.EDIT_SYNONYMS)
@require_http_methods(["GET", "POST"])
def synonyms(request: Request) -> HttpResponse:
    """The groups, a new one, and what the built-in thesaurus makes of `?word=`; `?format=` gives a file."""
    if request.GET.get("format"):
        rows = [_as_row(group) for group in synonym_groups()]
        return spreadsheet_response(kind=request.GET["format"], name="検索の同義語", headers=COLUMNS, rows=rows)
    form = SynonymForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, form, None):
        messages.success(request, "登録しました。次の検索から効きます。")
        return redirect("search-staff:synonyms")
    return _list(request, form, SynonymFileForm())


@staff(SearchPermission.EDIT_SYNONYMS)
@require_http_methods(["GET", "POST"])
def synonym(request: Request, group_id: UUID) -> HttpResponse:
    """One group, to be changed."""
    group = get_object_or_404(synonym_groups(), id=group_id)
    initial = {
        "kind": group.kind,
        "words": "、".join(group.words),
        "finds": "、".join(group.finds),
        "note": group.note,
        "is_on": group.is_on,
    }
    form = SynonymForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(request, form, group.id):
        messages.success(request, "変更しました。次の検索から効きます。")
        return redirect("search-staff:synonyms")
    return render(request, "search/synonym.html", {"form": form, "group": group}, status=_status(form))


@staff(SearchPermission.EDIT_SYNONYMS)
@require_POST
def remove_synonym(request: Request, group_id: UUID) -> HttpResponse:
    """Remove one group."""
    services.remove_synonyms(actor=request.actor, group_id=group_id)
    messages.success(request, "消しました。")
    return redirect("search-staff:synonyms")


@staff(SearchPermission.EDIT_SYNONYMS)
@require_POST
def import_file(request: Request) -> HttpResponse:
    """Take groups in from a CSV file, all or none."""
    form = SynonymFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            added, changed = services.import_synonyms(
                actor=request.actor, content=form.cleaned_data["file"].read(services.MAX_BYTES + 1)
            )
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, f"{added}組を加え、{changed}組を変更しました。")
            return redirect("search-staff:synonyms")
    return _list(request, SynonymForm(), form)


def _list(request: Request, form: SynonymForm, file_form: SynonymFileForm) -> HttpResponse:
    word = request.GET.get("word", "")[:60].strip()
    context = {
        "form": form,
        "file_form": file_form,
        "page": keyset_page(synonym_groups(), order_by=("-updated_at", "-id"), cursor=request.GET.get("cursor")),
        "built_in_count": len(built_in_groups()),
        "word": word,
        "expressions": also_found(word) if word else [],
    }
    status = max(_status(form), _status(file_form))
    return render(request, "search/synonyms.html", context, status=status)


def _saved(request: Request, form: SynonymForm, group_id: UUID | None) -> bool:
    try:
        services.save_synonyms(actor=request.actor, group_id=group_id, **form.cleaned_data)
    except DomainError as error:
        form.add_error(error.field, error.message)
        return False
    return True


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _as_row(group: SynonymGroup) -> tuple[str, ...]:
    row = SynonymRow(GroupKind(group.kind), tuple(group.words), tuple(group.finds), group.note, group.is_on)
    return as_row(row)
