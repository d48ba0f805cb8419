"""ラベルと文例: what a section writes once and uses on every case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.cases.domain.placeholders import PLACEHOLDERS
from kakehashi.cases.forms import LabelForm, TemplateForm
from kakehashi.cases.models import Label, MessageTemplate
from kakehashi.cases.permissions import CasePermission
from kakehashi.cases.selectors import labels_on_offer, templates_on_offer
from kakehashi.cases.services import retire_label, retire_template, write_label, write_template
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.people.models import Department

__all__ = ["drop_label_page", "drop_template", "label", "labels", "template", "templates"]


def _section(request: Request, everybody: bool) -> Department | None:
    """The section something belongs to: the actor's own unless it is for everybody; posts above the sections have none."""
    here = None if everybody else getattr(request.actor, "department_id", None)
    return Department.objects.get(id=here) if here else None


@staff(CasePermission.READ)
@require_http_methods(["GET", "POST"])
def labels(request: Request) -> HttpResponse:
    """The labels on offer, and a new one."""
    form = LabelForm(request.POST or None)
    if request.method == "POST" and request.actor.can(CasePermission.HANDLE, request.government.id) and form.is_valid():
        section = _section(request, form.cleaned_data["everybody"])
        try:
            write_label(
                actor=request.actor, name=form.cleaned_data["name"], tone=form.cleaned_data["tone"], department=section
            )
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, f"ラベル「{form.cleaned_data['name']}」を作りました。")
            return redirect("cases-staff:labels")
    context = {"form": form, "rows": labels_on_offer(request.actor)}
    return render(request, "cases/labels.html", context, status=422 if form.is_bound else 200)


@staff(CasePermission.HANDLE)
@require_http_methods(["GET", "POST"])
def label(request: Request, label_id: UUID) -> HttpResponse:
    """Another word or colour for a label; it changes on every case that carries it."""
    found = Label.objects.select_related("department").filter(id=label_id, retired_at__isnull=True).first()
    if found is None:
        raise Http404
    initial = {"name": found.name, "tone": found.tone, "everybody": found.department_id is None}
    form = LabelForm(request.POST or None, initial=initial)
    del form.fields["everybody"]
    if request.method == "POST" and form.is_valid():
        try:
            write_label(actor=request.actor, label=found, department=found.department, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, "ラベルを変えました。")
            return redirect("cases-staff:labels")
    return render(request, "cases/label.html", {"form": form, "label": found}, status=422 if form.is_bound else 200)


@staff(CasePermission.HANDLE)
@require_POST
def drop_label_page(request: Request, label_id: UUID) -> HttpResponse:
    """ラベルをやめる."""
    found = Label.objects.filter(id=label_id).first()
    if found is None:
        raise Http404
    retire_label(actor=request.actor, label=found)
    messages.success(request, f"ラベル「{found.name}」をやめました。付いている案件には残ります。")
    return redirect("cases-staff:labels")


@staff(CasePermission.READ)
@require_GET
def templates(request: Request) -> HttpResponse:
    """The texts on offer, by where they are used."""
    return render(request, "cases/templates.html", {"rows": templates_on_offer(request.actor)})


@staff(CasePermission.HANDLE)
@require_http_methods(["GET", "POST"])
def template(request: Request, template_id: UUID | None = None) -> HttpResponse:
    """Write a text, new or again."""
    found: MessageTemplate | None = None
    initial: dict[str, Any] = {}
    if template_id is not None:
        found = (
            MessageTemplate.objects.select_related("department").filter(id=template_id, retired_at__isnull=True).first()
        )
        if found is None:
            raise Http404
        initial = {"name": found.name, "purpose": found.purpose, "everybody": found.department_id is None}
        initial |= {each.language.replace("-", "_"): each.body for each in found.texts.all()}
    form = TemplateForm(request.POST or None, initial=initial)
    if found is not None:
        del form.fields["everybody"]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        section = found.department if found else _section(request, given["everybody"])
        texts = {"ja": given["ja"], "ja-easy": given["ja_easy"], "en": given["en"]}
        try:
            write_template(
                actor=request.actor, name=given["name"], purpose=given["purpose"], department=section, texts=texts, template=found
            )  # fmt: skip
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, f"文例「{given['name']}」を保存しました。")
            return redirect("cases-staff:templates")
    context = {"form": form, "template": found, "placeholders": PLACEHOLDERS.items()}
    return render(request, "cases/template.html", context, status=422 if form.is_bound else 200)


@staff(CasePermission.HANDLE)
@require_POST
def drop_template(request: Request, template_id: UUID) -> HttpResponse:
    """文例をやめる."""
    found = MessageTemplate.objects.filter(id=template_id, retired_at__isnull=True).first()
    if found is None:
        raise Http404
    retire_template(actor=request.actor, template=found)
    messages.success(request, "文例をやめました。")
    return redirect("cases-staff:templates")
