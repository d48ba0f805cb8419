"""Trying a draft out, and publishing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from kakehashi.eforms.domain.changes import describe_changes
from kakehashi.eforms.domain.checks import check_definition, missing_texts
from kakehashi.eforms.domain.definition import LANGUAGES, from_json, localized
from kakehashi.eforms.hooks import owner_of
from kakehashi.eforms.models import Form
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.selectors import (
    FormPost,
    ScreeningResult,
    StepResult,
    asks_before_starting,
    clean_answers,
    describe_answers,
    draft_version,
    fee_of,
    judge_screening,
    latest_version,
    validate_step,
    visible_steps,
)
from kakehashi.eforms.services import publish_form
from kakehashi.eforms.views.staff import editable_form
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale

_SALT = "eforms.trial"
# Files of a trial are never stored; their place is held by an id that no file has.
_NO_FILE = "00000000-0000-0000-0000-000000000000"


@staff(EformsPermission.PUBLISH)
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """What would change for residents, what stands in the way, and the act itself."""
    form = editable_form(request, form_id)
    problem, status = "", 200
    if request.method == "POST":
        try:
            revision = int(request.POST.get("revision", "0") or 0)
            actor = request.actor  # type: ignore[attr-defined]
            version = publish_form(actor=actor, form=form, expected_revision=revision)
        except Stale as stale:
            problem, status = stale.message, 409
        except (DomainError, ValueError) as error:
            problem, status = str(error), 422
        else:
            messages.success(request, f"「{form.title}」の第{version.number}版を公開しました。")
            return redirect("eforms-staff:edit", form.id)
    return render(request, "eforms/staff/publish.html", _before_publishing(form) | {"problem": problem}, status=status)


def _before_publishing(form: Form) -> dict[str, Any]:
    definition, version = from_json(form.draft), latest_version(form)
    owner = owner_of(form)
    return {
        "form": form,
        "version": version,
        "next_number": version.number + 1 if version else 1,
        "findings": check_definition(definition),
        "changes": describe_changes(from_json(version.definition) if version else None, definition),
        "missing": [(name, missing_texts(definition, language)) for language, name in LANGUAGES.items()],
        "back_url": owner.back_url(form) if owner else "",
        "owner_label": owner.label if owner else "",
    }


@staff(EformsPermission.EDIT)
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """試しに申請する: the whole road as a resident walks it. The answers travel with the page, signed; nothing is stored."""
    form = editable_form(request, form_id)
    version, answers = draft_version(form), _carried(request, form)
    if "_finish" in request.POST:
        return _finished(request, form, answers)
    if asks_before_starting(version) and "step" not in request.POST:
        checked = _before_starting(request, form)
        if checked is not None:
            return checked
    shown = visible_steps(version, answers)
    if not shown:
        return redirect("eforms-staff:edit", form.id)
    keys = [step.key for step in shown]
    at = request.POST.get("step") or keys[0]
    if at not in keys:
        raise Http404
    result = StepResult(typed=answers)
    if request.method == "POST" and "_back" in request.POST:
        at = keys[max(0, keys.index(at) - 1)]
    elif request.method == "POST":
        with translation.override(_language(request)):
            result = validate_step(version, at, _post(request), answers)
        answers = answers | result.values
        if not result.errors and not result.redisplay:
            keys = [step.key for step in visible_steps(version, answers)]
            rest = keys[keys.index(at) + 1 :]
            if not rest:
                return _confirmed(request, form, answers)
            at, result = rest[0], StepResult(typed=answers)
    return _trial_page(request, form, at, answers, result)


def _trial_page(request: HttpRequest, form: Form, at: str, answers: dict[str, Any], result: StepResult) -> HttpResponse:
    version = draft_version(form)
    shown = visible_steps(version, answers)
    current = next((number for number, step in enumerate(shown, start=1) if step.key == at), 1)
    context = {
        "form": form,
        "draft": version,
        "step": shown[current - 1],
        "names": [localized(step, "title", _language(request)) for step in shown],
        "language": _language(request),
        "languages": [("ja", "日本語"), *LANGUAGES.items()],
        "current": current,
        "values": answers | result.typed,
        "errors": result.errors,
        "carried": signing.dumps([str(form.id), form.revision, answers], salt=_SALT, compress=True),
    }
    return render(request, "eforms/staff/trial.html", context, status=422 if result.errors else 200)


def _language(request: HttpRequest) -> str:
    asked = request.POST.get("lang") or request.GET.get("lang", "ja")
    return asked if asked in LANGUAGES else "ja"


def _before_starting(request: HttpRequest, form: Form) -> HttpResponse | None:
    """The questions before starting, or the exit page; None for who passes."""
    version = draft_version(form)
    with translation.override(_language(request)):
        result = judge_screening(version, request.POST) if "_check" in request.POST else ScreeningResult()
    if "_check" in request.POST and result.passes:
        return None
    context = {"form": form, "draft": version, "result": result, "language": _language(request)}
    return render(request, "eforms/staff/trial_check.html", context, status=422 if result.errors else 200)


def _confirmed(request: HttpRequest, form: Form, answers: dict[str, Any]) -> HttpResponse:
    """確認: what a resident reads before pressing the button, with what is to be paid."""
    version, language = draft_version(form), _language(request)
    with translation.override(language):
        cleaned = clean_answers(version, answers)
        pages = describe_answers(version, cleaned.values)
    context = {
        "form": form,
        "pages": pages,
        "errors": list(cleaned.errors.values()),
        "fee": fee_of(version, cleaned.values),
        "language": language,
        "carried": signing.dumps([str(form.id), form.revision, answers], salt=_SALT, compress=True),
    }
    return render(request, "eforms/staff/trial_confirm.html", context)


def _finished(request: HttpRequest, form: Form, answers: dict[str, Any]) -> HttpResponse:
    """The end of the road: what staff will read of it. No application was made."""
    version = draft_version(form)
    cleaned = clean_answers(version, answers)
    context = {
        "form": form,
        "pages": describe_answers(version, cleaned.values),
        "errors": list(cleaned.errors.values()),
        "fee": fee_of(version, cleaned.values),
    }
    return render(request, "eforms/staff/trial_done.html", context)


def _carried(request: HttpRequest, form: Form) -> dict[str, Any]:
    try:
        form_id, revision, answers = signing.loads(request.POST.get("_answers", ""), salt=_SALT)
    except (signing.BadSignature, ValueError):
        return {}
    # After a change of the draft, old answers may belong to other questions.
    return answers if (form_id, revision) == (str(form.id), form.revision) else {}


def _post(request: HttpRequest) -> FormPost:
    stored = {
        name: [{"id": _NO_FILE, "name": one.name or "", "size": one.size or 0} for one in request.FILES.getlist(name)]
        for name in request.FILES
    }
    return FormPost(request.POST, stored=stored)
