"""The editor of a form: outline, the page as residents see it, properties. Every act is one POST and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from kakehashi.eforms.domain import edits
from kakehashi.eforms.domain.blocks import BLOCK, block_of
from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.changes import condition_sentence
from kakehashi.eforms.domain.checks import check_definition, missing_texts
from kakehashi.eforms.domain.definition import LANGUAGES, DefinitionError, Field, FormDefinition, Step, from_json
from kakehashi.eforms.domain.formulas import formula_from_json, formula_sentence
from kakehashi.eforms.domain.quick_add import read_words
from kakehashi.eforms.domain.whole_form import ScreeningQuestion
from kakehashi.eforms.forms import FieldForm, QuestionForm, StepForm, WholeForm
from kakehashi.eforms.hooks import may_edit, owner_of
from kakehashi.eforms.models import Form
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.selectors import draft_version, form_for, latest_version
from kakehashi.eforms.selectors.blocks import followed_blocks, usable_blocks
from kakehashi.eforms.selectors.forms import history
from kakehashi.eforms.services import redo_draft, save_draft, undo_draft
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound, Stale

# An act gives the changed definition, the key to look at next, and what was done in Japanese.
Done = tuple[FormDefinition, str, str]
Item = Step | Field | FormDefinition | ScreeningQuestion
Properties = StepForm | FieldForm | WholeForm | QuestionForm


@staff(EformsPermission.EDIT)
@require_GET
def edit(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """The editor."""
    return _page(request, editable_form(request, form_id), request.GET.get("at", ""))


@staff(EformsPermission.EDIT)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, form_id: UUID, name: str) -> HttpResponse:
    """One act on the draft, or 元に戻す / やり直す. An act on an old state is refused and the new one shown.

    A refused act leaves its address in the browser; opening that again is asking for the editor.
    """
    form = editable_form(request, form_id)
    if request.method == "GET":
        return redirect("eforms-staff:edit", form.id)
    key = request.POST.get("key", "")
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        revision = form.revision
    try:
        key = _history(request, form, name, revision) or _change(request, form, name, revision)
    except Stale as stale:
        return _page(request, form, key, problem=stale.message, status=409)
    except (DomainError, DefinitionError) as error:
        return _page(request, form, key, problem=str(error), status=422)
    except WrongProperties as wrong:
        return _page(request, form, key, properties=wrong.form, status=422)
    return redirect(f"{reverse('eforms-staff:edit', args=[form.id])}?at={key}")


class WrongProperties(ValueError):
    """The properties as they were typed cannot be taken; the form says why beside each input."""

    def __init__(self, form: Properties) -> None:
        super().__init__("properties")
        self.form = form


def editable_form(request: HttpRequest, form_id: UUID) -> Form:
    """The form, or 404 when there is none here, or 403 when its owner does not let this person edit it."""
    try:
        form = form_for(form_id)
    except NotFound as error:
        raise Http404 from error
    if not may_edit(request.actor, form):  # type: ignore[attr-defined]
        raise PermissionDenied(EformsPermission.EDIT)
    return form


def _history(request: HttpRequest, form: Form, name: str, revision: int) -> str:
    goes: dict[str, Callable[..., Form]] = {"undo": undo_draft, "redo": redo_draft}
    if name not in goes:
        return ""
    changed = goes[name](actor=request.actor, form=form, expected_revision=revision)  # type: ignore[attr-defined]
    messages.success(request, "元に戻しました。" if name == "undo" else "やり直しました。")
    definition, key = from_json(changed.draft), request.POST.get("key", "")
    return key if _find(definition, key) else definition.steps[0].key if definition.steps else "-"


def _change(request: HttpRequest, form: Form, name: str, revision: int) -> str:
    if name not in ACTS:
        raise Http404
    definition, key, what = ACTS[name](from_json(form.draft), request)
    actor = request.actor  # type: ignore[attr-defined]
    save_draft(actor=actor, form=form, definition=definition, expected_revision=revision, act=what)
    return key


def _find(definition: FormDefinition, key: str) -> Item | None:
    if key == definition.key:
        return definition
    parts: list[Item] = [*definition.steps, *definition.screening]
    return next((part for part in parts if part.key == key), None) or definition.by_key.get(key)


def _asked(definition: FormDefinition, request: HttpRequest) -> Step | Field | ScreeningQuestion:
    found = _find(definition, request.POST.get("key", ""))
    if found is None or isinstance(found, FormDefinition):
        raise DomainError("その項目はもうありません。ほかの人が消したのかもしれません。")
    return found


def _add_step(definition: FormDefinition, request: HttpRequest) -> Done:
    changed, key = edits.add_step(definition, f"{len(definition.steps) + 1}ページ目")
    return changed, key, "ページを足した"


def _add_question(definition: FormDefinition, request: HttpRequest) -> Done:
    changed, key = edits.add_question(definition)
    return changed, key, "はじめる前の質問を足した"


def _add_field(definition: FormDefinition, request: HttpRequest) -> Done:
    kind, label = request.POST.get("type", ""), request.POST.get("label", "").strip()[:300]
    words = request.POST.get("words", "").replace("\x00", "").strip()[:300]
    if words and kind:
        # The kind was chosen, so what was typed is the question, even when it is also the name of another kind.
        label = words
    elif words:
        kind, label = read_words(words)
    elif not kind:
        raise DefinitionError("足す項目の種類を打つか、選んでください。")
    changed, key = edits.add_field(definition, request.POST.get("step", ""), kind, label=label)
    return changed, key, f"「{changed.by_key[key].label}」を足した"


def _copy(definition: FormDefinition, request: HttpRequest) -> Done:
    changed, key = edits.copy_field(definition, request.POST.get("key", ""))
    return changed, key, f"「{changed.by_key[key].label}」を写した"


def _move(by: int) -> Callable[[FormDefinition, HttpRequest], Done]:
    def move(definition: FormDefinition, request: HttpRequest) -> Done:
        item = _asked(definition, request)
        if isinstance(item, ScreeningQuestion):
            moved = edits.move_question
        else:
            moved = edits.move_step if isinstance(item, Step) else edits.move_field
        return moved(definition, item.key, by), item.key, f"「{_name(item)}」を{'上' if by < 0 else '下'}へ動かした"

    return move


def _remove(definition: FormDefinition, request: HttpRequest) -> Done:
    item = _asked(definition, request)
    if isinstance(item, ScreeningQuestion):
        return edits.remove_question(definition, item.key), definition.key, f"「{item.label}」を消した"
    if isinstance(item, Step):
        changed = edits.remove_step(definition, item.key)
        return changed, changed.steps[0].key if changed.steps else "-", f"ページ「{item.title}」を消した"
    return (
        edits.remove_field(definition, item.key),
        edits.step_of(definition, item.key).key,
        f"「{item.label}」を消した",
    )


def _set(definition: FormDefinition, request: HttpRequest) -> Done:
    item = definition if request.POST.get("key") == definition.key else _asked(definition, request)
    form = _properties(definition, item, request.POST)
    if not form.is_valid():
        raise WrongProperties(form)
    if isinstance(form, WholeForm) or isinstance(item, FormDefinition):
        assert isinstance(form, WholeForm)  # For the type checker: the two always go together
        return edits.change_whole(definition, fee=form.fee()), definition.key, "手数料を直した"
    changes = form.changes()
    if isinstance(item, ScreeningQuestion):
        return edits.change_question(definition, item.key, **changes), item.key, f"「{changes['label']}」を直した"
    if isinstance(item, Step):
        return edits.change_step(definition, item.key, **changes), item.key, f"ページ「{changes['title']}」を直した"
    return edits.change_field(definition, item.key, **changes), item.key, f"「{changes['label']}」を直した"


ACTS: dict[str, Callable[[FormDefinition, HttpRequest], Done]] = {
    "add-step": _add_step,
    "add-field": _add_field,
    "add-question": _add_question,
    "copy": _copy,
    "up": _move(-1),
    "down": _move(+1),
    "remove": _remove,
    "set": _set,
}


def _name(item: Step | Field | ScreeningQuestion) -> str:
    return item.title if isinstance(item, Step) else item.label


def _properties(definition: FormDefinition, item: Item, data: Any = None) -> Properties:
    if isinstance(item, FormDefinition):
        return WholeForm(definition, item, data)
    if isinstance(item, ScreeningQuestion):
        return QuestionForm(definition, item, data)
    return StepForm(definition, item, data) if isinstance(item, Step) else FieldForm(definition, item, data)


def _formula_words(definition: FormDefinition, item: Item | None) -> str:
    if not isinstance(item, Field) or item.type != "calc":
        return ""
    return formula_sentence(formula_from_json(item.settings.get("formula")), definition)


def _step_of(definition: FormDefinition, item: Item | None) -> Step | None:
    if item is None or isinstance(item, FormDefinition | ScreeningQuestion):
        return definition.steps[0] if definition.steps else None
    return item if isinstance(item, Step) else edits.step_of(definition, item.key)


def _page(
    request: HttpRequest,
    form: Form,
    key: str,
    *,
    problem: str = "",
    properties: Properties | None = None,
    status: int = 200,
) -> HttpResponse:
    if status != 200:
        form = form_for(form.id)
    definition = from_json(form.draft)
    item = _find(definition, key) or (definition.steps[0] if definition.steps else None)
    step = _step_of(definition, item)
    language = request.GET.get("lang", "ja")
    lacking = {code: missing_texts(definition, code) for code in LANGUAGES}
    owner = owner_of(form)
    context = {
        "form": form,
        "definition": definition,
        "item": item,
        "step": step,
        "is_step": isinstance(item, Step),
        "properties": properties or (_properties(definition, item) if item else None),
        "is_whole": isinstance(item, FormDefinition),
        "is_question": isinstance(item, ScreeningQuestion),
        "type_label": CATALOGUE[item.type].label if isinstance(item, Field) else "",
        "formula": _formula_words(definition, item),
        "kinds": list(CATALOGUE.values()),
        "draft": draft_version(form),
        "version": latest_version(form),
        "findings": {finding.key for finding in check_definition(definition)},
        "problem": problem,
        "language": language if language in LANGUAGES else "ja",
        "languages": [("ja", "日本語", 0), *((code, name, len(lacking[code])) for code, name in LANGUAGES.items())],
        "lacking": lacking.get(language, []),
        "history": history(form),
        "followed": followed_blocks(definition),
        "blocks": usable_blocks() if form.owner_kind != BLOCK else [],
        "follows": block_of(definition, item.key) if isinstance(item, Field) else None,
        "is_block": form.owner_kind == BLOCK,
        "condition": condition_sentence(item.condition if isinstance(item, Step | Field) else None, definition),
        "back_url": owner.back_url(form) if owner else "",
        "owner_label": owner.label if owner else "",
    }
    return render(request, "eforms/staff/edit.html", context, status=status)
