"""共有された様式: what others offer, what came as a file, what we took, and following a base that moved on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.definition import FormDefinition
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request
from kakehashi.procedures.domain.base_merge import BaseMerge, template_words
from kakehashi.procedures.forms.sharing import BaseFileForm, ConfirmSignerForm, TakeForm
from kakehashi.procedures.models import KnownSigner, ReceivedBase, TakenForm
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.bases import (
    Base,
    base_here,
    base_of_file,
    candidates_for,
    known_signers,
    newest_for,
    newest_revisions,
    offered_to_us,
    received,
    series_offered,
    signer_words,
    taken,
    taken_form,
    taken_from,
)
from kakehashi.procedures.services import accept_base, confirm_signer, forget_signer, take_form
from kakehashi.procedures.services.base_files import receive_base_files
from kakehashi.procedures.services.taking import compare_with_base, take_series

__all__ = ["base_page", "bases_page", "confirm", "forget", "receive", "signers_page", "take", "take_set", "taken_page"]

_PREFIX = "p-"


@staff(ProceduresPermission.TAKE_FORMS)
@require_GET
def bases_page(request: Request) -> HttpResponse:
    """The forms we took, with a mark where the base moved on; what is offered to us; what came as files."""
    return _bases(request, BaseFileForm())


def _bases(request: Request, form: BaseFileForm, status: int = 200) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    own = list(taken()[:500])
    newest = newest_revisions(own)
    offered = offered_to_us().filter(withdrawn_at__isnull=True)
    if query:
        offered = offered.filter(title__icontains=query) | offered.filter(origin_name__icontains=query)
    page = keyset_page(offered, ("-offered_at", "-id"), request.GET.get("cursor"), size=30)
    have = {(row.origin_code, row.offer_id): row for row in own}
    context = {
        "own": [(row, newest[row.id], newest[row.id] > row.revision) for row in own],
        "page": page,
        "offered": [(row, have.get((row.origin_code, row.id))) for row in page.rows],
        "files": [(row, known, have.get((row.origin_code, row.offer_id))) for row, known in received()],
        "query": query,
        "form": form,
        "series": series_offered(),
    }
    return render(request, "procedures/staff/bases.html", context, status=status)


@staff(ProceduresPermission.TAKE_FORMS)
@require_POST
def receive(request: Request) -> HttpResponse:
    """Take in a signed file, and go on to look at it."""
    form = BaseFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            row, *others = receive_base_files(actor=request.actor, content=form.cleaned_data["file"].read())
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            if others:
                messages.success(request, f"セットの{len(others) + 1}件の様式を受け取りました。")
                return redirect("procedures-staff:bases")
            base = base_of_file(row.id)
            have = taken_from(row.origin_code, row.offer_id)
            if have is not None and base.is_trusted:
                messages.success(request, f"第{row.revision}版を受け取りました。")
                return redirect("procedures-staff:taken", have.id)
            return redirect("procedures-staff:base", "file", row.id)
    return _bases(request, form, 422)


def _base(way: str, base_id: UUID) -> Base:
    if way == "here":
        return base_here(base_id)
    if way == "file":
        return base_of_file(base_id)
    raise Http404


@staff(ProceduresPermission.TAKE_FORMS)
@require_GET
def base_page(request: Request, way: str, base_id: UUID) -> HttpResponse:
    """Look at a base form before it is taken: whose, what it asks, what belongs to the procedure."""
    base = _base(way, base_id)
    return render(
        request, "procedures/staff/base.html", _looked_at(request, base, _take_form(base), ConfirmSignerForm())
    )


def _take_form(base: Base, data: Any = None) -> TakeForm:
    content = base.body.content
    return TakeForm(data, candidates=candidates_for(content.title), title=content.title)


def _looked_at(request: Request, base: Base, form: TakeForm, confirm_form: ConfirmSignerForm) -> dict[str, Any]:
    content, known = base.body.content, list(known_signers(base.origin_code))
    return {
        "base": base,
        "content": content,
        "pages": _preview(content.definition),
        "template": template_words(content),
        "taken": taken_from(base.origin_code, base.offer_id),
        "form": form,
        "confirm_form": confirm_form,
        "is_other_key": bool(base.signer) and not base.is_trusted and bool(known),
        "may_trust": request.actor.can(ProceduresPermission.TRUST_SIGNERS, request.government.id),
    }


def _preview(definition: FormDefinition) -> list[tuple[str, str, list[tuple[Any, str, str]]]]:
    """The questions page by page: the field, the word of its kind, its options."""
    return [
        (
            step.title,
            step.intro,
            [
                (
                    one,
                    CATALOGUE[one.type].label if one.type in CATALOGUE else one.type,
                    "、".join(o.label for o in one.options),
                )
                for one in step.fields
            ],
        )
        for step in definition.steps
    ]


@staff(ProceduresPermission.TAKE_FORMS)
@require_POST
def take(request: Request, way: str, base_id: UUID) -> HttpResponse:
    """取り入れる."""
    base = _base(way, base_id)
    form = _take_form(base, request.POST)
    if form.is_valid():
        try:
            row = take_form(actor=request.actor, base=base, procedure=form.chosen)
        except (DomainError, Stale) as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "取り入れました。問合せ先や所管課を書き、様式を自由に直せます。")
            return redirect("procedures-staff:procedure", row.procedure_id)
    return render(
        request, "procedures/staff/base.html", _looked_at(request, base, form, ConfirmSignerForm()), status=422
    )


@staff(ProceduresPermission.TAKE_FORMS)
@require_POST
def take_set(request: Request) -> HttpResponse:
    """セットを取り入れる."""
    try:
        made = take_series(
            actor=request.actor,
            origin_code=request.POST.get("origin", "")[:6],
            series=request.POST.get("series", "")[:100],
        )
    except (DomainError, Stale) as error:
        messages.error(request, error.message)
    else:
        said = (
            f"セットの{len(made)}件の様式を取り入れました。" if made else "このセットは、もうすべて取り入れています。"
        )
        messages.success(request, said)
    return redirect("procedures-staff:bases")


@staff(ProceduresPermission.TRUST_SIGNERS)
@require_POST
def confirm(request: Request, received_id: UUID) -> HttpResponse:
    """The fingerprint was compared: remember the key."""
    row = get_object_or_404(ReceivedBase.objects, id=received_id)
    form = ConfirmSignerForm(request.POST)
    if form.is_valid():
        confirm_signer(actor=request.actor, received=row, how=form.cleaned_data["how"])
        messages.success(request, f"{row.origin_name}の鍵を覚えました。次からは、確かめずに受け取れます。")
        have = taken_from(row.origin_code, row.offer_id)
        if have is not None:
            return redirect("procedures-staff:taken", have.id)
        return redirect("procedures-staff:base", "file", row.id)
    base = base_of_file(row.id)
    return render(request, "procedures/staff/base.html", _looked_at(request, base, _take_form(base), form), status=422)


@staff(ProceduresPermission.TRUST_SIGNERS)
@require_GET
def signers_page(request: Request) -> HttpResponse:
    """The keys somebody here has confirmed."""
    rows = [(row, signer_words(row.signer)) for row in known_signers()]
    return render(request, "procedures/staff/signers.html", {"rows": rows})


@staff(ProceduresPermission.TRUST_SIGNERS)
@require_POST
def forget(request: Request, signer_id: UUID) -> HttpResponse:
    """Believe a key no more."""
    row = get_object_or_404(KnownSigner.objects, id=signer_id)
    forget_signer(actor=request.actor, known=row)
    messages.success(request, "この鍵を信じるのをやめました。取り入れた様式は、そのまま残ります。")
    return redirect("procedures-staff:signers")


@staff(ProceduresPermission.TAKE_FORMS)
@require_http_methods(["GET", "POST"])
def taken_page(request: Request, taken_id: UUID) -> HttpResponse:
    """Where a form came from, and the three-way comparison with the base's newest revision; POST takes what was chosen."""
    row = taken_form(taken_id)
    newest = newest_for(row)
    choices = {name[len(_PREFIX) :]: str(value) for name, value in request.POST.items() if name.startswith(_PREFIX)}
    problem = ""
    if request.method == "POST":
        try:
            merge = _accepted(request, row, choices)
        except (DomainError, Stale) as error:
            problem = error.message
        else:
            for sentence in [*merge.form.notes, *merge.form.problems]:
                messages.warning(request, sentence)
            messages.success(
                request, "新しい版に合わせました。様式は下書きです。確かめて公開するまで、住民の画面は変わりません。"
            )
            return redirect("eforms-staff:edit", row.procedure.form_id)
    merge_now = None
    if newest is not None and newest.revision > row.revision and row.procedure.form is not None:
        merge_now = compare_with_base(row, newest, choices)
    context = {"taken": row, "newest": newest, "merge": merge_now, "problem": problem, "form": row.procedure.form}
    return render(request, "procedures/staff/taken.html", context | _sorted(merge_now), status=422 if problem else 200)


def _sorted(merge: BaseMerge | None) -> dict[str, Any]:
    told = merge.told_form if merge else []
    return {
        "conflicts": [one for one in told if one.is_conflict],
        "automatic": [one for one in told if not one.is_conflict],
        "of_procedure": merge.told_procedure if merge else [],
        "undecided": [one for one in (*told, *(merge.told_procedure if merge else [])) if one.is_open],
    }


def _accepted(request: Request, row: TakenForm, choices: dict[str, str]) -> BaseMerge:
    """Accept, and say what came of it. Raises DomainError, Stale."""
    newest = newest_for(row)
    if newest is None:
        raise Stale("基本様式が、もうありません。")
    merge = compare_with_base(row, newest, choices)
    accept_base(
        actor=request.actor,
        taken=row,
        revision=_number(request.POST.get("base")),
        choices=choices,
        expected_revision=_number(request.POST.get("revision")),
    )
    return merge


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0
