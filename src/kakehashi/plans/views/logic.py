"""Logic models for staff: the drawing, its table, what is weak, and the forms of boxes, arrows and evidence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.indicators.selectors import all_measures
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.plans import selectors, services
from kakehashi.plans.domain.logic import (
    DESIGNS,
    EVIDENCE_KINDS,
    EVIDENCE_SCALE,
    EVIDENCE_SOURCE,
    STAGE_HELP,
    STAGE_WORDS,
    STAGES,
    STRONGEST,
    WEAK_BELOW,
    Arrow,
    Model,
    Stage,
    from_kept,
    unlinked,
    unmeasured,
    weak_arrows,
)
from kakehashi.plans.domain.logic_layout import lay_out
from kakehashi.plans.forms import ArrowForm, BoxForm, EvidenceForm, FactorsForm
from kakehashi.plans.hooks import evidence_cases
from kakehashi.plans.models import Initiative, LogicBox, LogicModel, PlanProgram, PlanVersion
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.views.answers import add_problem, posted
from kakehashi.plans.views.logic_paper import logic_paper


@staff(PlansPermission.READ)
@require_http_methods(["GET", "POST"])
def of_initiative(request: Request, initiative_id: UUID) -> HttpResponse:
    """The logic model of an initiative: a visit leads to it, a post begins it."""
    return _of(request, selectors.find_initiative(initiative_id))


@staff(PlansPermission.READ)
@require_http_methods(["GET", "POST"])
def of_program(request: Request, program_id: UUID) -> HttpResponse:
    """The logic model of a programme: a visit leads to it, a post begins it."""
    return _of(request, selectors.find_program(program_id))


@staff(PlansPermission.READ)
@require_GET
def logic(request: Request, model_id: UUID) -> HttpResponse:
    """The drawing with its table, as it is now or as a version kept it, and what is weak in it."""
    row = selectors.find_model(model_id)
    if kind := request.GET.get("format"):
        return _export(kind, selectors.drawn_model(row, live=True)[0])
    return _show(request, row)


@staff(PlansPermission.READ)
@require_GET
def paper(request: Request, model_id: UUID) -> HttpResponse:
    """The drawing on one page lying down, with its table after it."""
    row = selectors.find_model(model_id)
    model, _ = selectors.drawn_model(row, live=True)
    size = "a3" if request.GET.get("paper") == "a3" else "a4"
    return logic_paper(row, model, issuer=request.government.name if request.government else "", paper=size)


@staff(PlansPermission.EDIT)
@require_POST
def factors(request: Request, model_id: UUID) -> HttpResponse:
    """Say what outside the plan matters."""
    row = selectors.find_model(model_id)
    form = FactorsForm(request.POST)
    if form.is_valid():
        services.set_factors(actor=request.actor, model=row, factors=form.cleaned_data["factors"])
        messages.success(request, "外部要因を保存しました。")
    return redirect("plans-staff:logic", model_id)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def add_box(request: Request, model_id: UUID) -> HttpResponse:
    """Add a box."""
    row = selectors.find_model(model_id)
    wanted = request.GET.get("stage", "")
    stage = wanted if wanted in set(Stage) else Stage.OUTCOME_SHORT.value
    form = BoxForm(posted(request), model=row, names=_names(), initial={"stage": stage})
    return _box(request, row, form, None)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def box(request: Request, box_id: UUID) -> HttpResponse:
    """Change a box."""
    found = selectors.find_box(box_id)
    row = selectors.find_model(found.model_id)
    initial = {"stage": found.stage, "text": found.text, "indicator": str(found.indicator_id or "")}
    return _box(request, row, BoxForm(posted(request), model=row, names=_names(), initial=initial), found)


@staff(PlansPermission.EDIT)
@require_POST
def move_box(request: Request, box_id: UUID) -> HttpResponse:
    """Move a box up or down in its column."""
    found = selectors.find_box(box_id)
    services.move_box(actor=request.actor, box=found, up=request.POST.get("way") == "up")
    return redirect("plans-staff:logic", found.model_id)


@staff(PlansPermission.EDIT)
@require_POST
def remove_box(request: Request, box_id: UUID) -> HttpResponse:
    """Remove a box with its arrows."""
    found = selectors.find_box(box_id)
    services.remove_box(actor=request.actor, box=found)
    messages.success(request, f"箱「{found.text}」を消しました。消す前の内容は操作の記録に残っています。")
    return redirect("plans-staff:logic", found.model_id)


@staff(PlansPermission.EDIT)
@require_POST
def add_arrow(request: Request, model_id: UUID) -> HttpResponse:
    """Draw an arrow between two boxes, and go on to its evidence."""
    row = selectors.find_model(model_id)
    form = ArrowForm(request.POST, boxes=_boxes(row))
    if form.is_valid():
        start, end = form.pair
        try:
            made = services.draw_arrow(actor=request.actor, start=start, end=end)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "矢印を引きました。続けて根拠を書きます。")
            return redirect("plans-staff:logic-arrow", made.id)
    return _show(request, row, form)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def arrow(request: Request, arrow_id: UUID) -> HttpResponse:
    """The evidence of an arrow."""
    found = selectors.find_arrow(arrow_id)
    form = EvidenceForm(posted(request), actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_evidence(actor=request.actor, arrow=found, values=form.values)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "根拠を加えました。")
            return redirect("plans-staff:logic-arrow", arrow_id)
    row = selectors.find_model(found.model_id)
    drawn = next(one for one in selectors.drawn_model(row, live=False)[0].arrows if one.id == found.id)
    return _arrow(request, row, drawn, form)


@staff(PlansPermission.EDIT)
@require_POST
def remove_arrow(request: Request, arrow_id: UUID) -> HttpResponse:
    """Remove an arrow with its evidence."""
    found = selectors.find_arrow(arrow_id)
    services.remove_arrow(actor=request.actor, arrow=found)
    messages.success(request, "矢印を消しました。消す前の根拠は操作の記録に残っています。")
    return redirect("plans-staff:logic", found.model_id)


@staff(PlansPermission.EDIT)
@require_http_methods(["GET", "POST"])
def evidence(request: Request, evidence_id: UUID) -> HttpResponse:
    """Change a piece of evidence."""
    found = selectors.find_evidence(evidence_id)
    names = ("kind", "design", "strength", "source", "url", "as_of", "note")
    initial = {name: getattr(found, name) for name in names} | {"case_id": str(found.case_id or "")}
    form = EvidenceForm(posted(request), actor=request.actor, initial=initial)
    row = selectors.find_model(found.arrow.model_id)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_evidence(actor=request.actor, arrow=found.arrow, values=form.values, evidence=found)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "根拠を保存しました。")
            return redirect("plans-staff:logic-arrow", found.arrow_id)
    context = {
        "form": form,
        "plan": row.plan,
        "initiative": row.initiative,
        "title": "根拠を直す",
        "verb": "根拠を保存する",
    }
    return render(request, "plans/plan_form.html", context, status=422 if form.errors else 200)


@staff(PlansPermission.EDIT)
@require_POST
def remove_evidence(request: Request, evidence_id: UUID) -> HttpResponse:
    """Take a piece of evidence off its arrow."""
    found = selectors.find_evidence(evidence_id)
    services.remove_evidence(actor=request.actor, evidence=found)
    messages.success(request, "根拠を消しました。")
    return redirect("plans-staff:logic-arrow", found.arrow_id)


def _of(request: Request, branch: Initiative | PlanProgram) -> HttpResponse:
    if request.method == "POST":
        return redirect("plans-staff:logic", services.start_logic_model(actor=request.actor, branch=branch).id)
    found = selectors.model_about(branch)
    if found is None:
        raise Http404
    return redirect("plans-staff:logic", found.id)


def _show(request: Request, row: LogicModel, arrow_form: ArrowForm | None = None) -> HttpResponse:
    versions = [one for one in selectors.versions_of(row.plan).defer(None) if _logic_in(one, row) is not None]
    version = next((one for one in versions if str(one.number) == request.GET.get("version")), None)
    model, lines = selectors.drawn_model(row, live=True)
    if version is not None:
        model, lines = from_kept(row.title, _logic_in(version, row) or {}), []
    context = _context(row, model) | {
        "version": version,
        "versions": versions,
        "can_edit": version is None and _may_edit(request),
        "lines": _lines_by_box(row, lines),
        "still": selectors.still_indicators(lines),
        "event_day": row.initiative.starts_on if row.initiative else None,
        "cases": {one.id: one for one in evidence_cases(request.actor)},
        "year": selectors.plan_year(row.plan),
        "arrow_form": arrow_form or ArrowForm(boxes=_boxes(row)),
        "factors_form": FactorsForm(initial={"factors": row.factors}),
    }
    return render(request, "plans/logic.html", context, status=422 if arrow_form is not None else 200)


def _may_edit(request: Request) -> bool:
    government = request.government
    return government is not None and request.actor.can(PlansPermission.EDIT, government.id)


def _context(row: LogicModel, model: Model) -> dict[str, Any]:
    return {
        "row": row,
        "plan": row.plan,
        "initiative": row.initiative,
        "model": model,
        "boxes": model.boxes,
        "drawing": lay_out(model),
        "said": said(model),
        "weak": weak_arrows(model.arrows, clock.today()),
        "unmeasured": unmeasured(model),
        "unlinked": unlinked(model),
        "scale": EVIDENCE_SCALE,
        "strongest": STRONGEST,
        "columns": [
            {"stage": stage.value, "word": STAGE_WORDS[stage], "help": STAGE_HELP[stage], "boxes": model.column(stage)}
            for stage in STAGES
        ],
    }


def said(model: Model) -> str:
    """The drawing in a sentence, for people who do not see it."""
    weak = sum(one.is_weak for one in model.arrows)
    return f"{model.title}のロジックモデル。箱{len(model.boxes)}個、矢印{len(model.arrows)}本、うち根拠の弱い矢印{weak}本。"


def _logic_in(version: PlanVersion, row: LogicModel) -> dict[str, Any] | None:
    """What a version kept of this model. Branches are known by their numbers, as in every comparison of versions."""
    program = row.program or row.initiative.program  # type: ignore[union-attr]
    for policy in version.content.get("policies", ()):
        for inner in policy["programs"] if policy["number"] == program.policy.number else ():
            if inner["number"] != program.number:
                continue
            if row.initiative is None:
                return inner.get("logic")  # type: ignore[no-any-return]
            return next(
                (one.get("logic") for one in inner["initiatives"] if one["number"] == row.initiative.number), None
            )
    return None


def _lines_by_box(row: LogicModel, lines: list[Any]) -> dict[UUID, Any]:
    by_indicator = {line.indicator.id: line for line in lines}
    return {one.id: by_indicator.get(one.indicator_id) for one in _boxes(row) if one.indicator_id}


def _box(request: Request, row: LogicModel, form: BoxForm, found: LogicBox | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            services.save_box(actor=request.actor, model=row, box=found, **form.values)
        except DomainError as problem:
            add_problem(form, problem)
        else:
            messages.success(request, "箱を保存しました。")
            return redirect("plans-staff:logic", row.id)
    context = {
        "form": form,
        "row": row,
        "plan": row.plan,
        "box": found,
        "title": "箱を直す" if found else "箱を加える",
        "arrow_count": found.leaving.count() + found.arriving.count() if found else 0,
    }
    return render(request, "plans/logic_box.html", context, status=422 if form.errors else 200)


def _arrow(request: HttpRequest, row: LogicModel, drawn: Arrow, form: django_forms.BaseForm) -> HttpResponse:
    context = {
        "form": form,
        "row": row,
        "plan": row.plan,
        "arrow": drawn,
        "weak": next(iter(weak_arrows([drawn], clock.today())), None),
        "cases": {one.id: one for one in evidence_cases(request.actor)},  # type: ignore[attr-defined]
        "grades": EVIDENCE_KINDS.values(),
        "designs": DESIGNS.values(),
        "others": [
            one
            for one in weak_arrows(selectors.drawn_model(row, live=False)[0].arrows, clock.today())
            if one.arrow.id != drawn.id
        ],
        "scale": EVIDENCE_SCALE,
        "scale_source": EVIDENCE_SOURCE,
        "weak_below": WEAK_BELOW,
    }
    return render(request, "plans/logic_arrow.html", context, status=422 if form.errors else 200)


def _boxes(row: LogicModel) -> list[LogicBox]:
    rows = LogicBox.objects.filter(model=row)
    return sorted(rows, key=lambda one: (STAGES.index(Stage(one.stage)), one.order))


def _names() -> dict[str, str]:
    return {one.code: one.label for one in all_measures()}


def _export(kind: str, model: Model) -> HttpResponse:
    headers = ["どこから（列）", "どこから", "どこへ（列）", "どこへ", "強さ", "弱い", "根拠の種類", "調べ方", "根拠の強さ", "出どころ", "アドレス", "いつの時点か", "何が分かるか"]  # fmt: skip
    rows = [
        [one.start.stage_word, one.start.text, one.end.stage_word, one.end.text, one.grade.strength, "弱い" if one.is_weak else "",
         *([proof.grade.label, proof.design_word, proof.grade.strength, proof.source, proof.url, proof.as_of or "", proof.note]
           if proof else [""] * 7)]
        for one in model.arrows
        for proof in (one.proofs or (None,))
    ]  # fmt: skip
    return spreadsheet_response(kind=kind, name=f"{model.title} ロジックモデル", headers=headers, rows=rows)
