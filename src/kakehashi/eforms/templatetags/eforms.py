"""A step of a form as accessible markup, and the summary of its errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.conf import settings
from django.core import signing
from django.utils.translation import get_language, gettext, pgettext

from kakehashi.eforms.domain.catalogue import Context, FieldType, Input, TableType
from kakehashi.eforms.domain.catalogue.attachments import readable_size
from kakehashi.eforms.domain.changes import condition_sentence
from kakehashi.eforms.domain.compiled import CompiledForm
from kakehashi.eforms.domain.conditions import fields_of
from kakehashi.eforms.domain.definition import Field, Step, localized
from kakehashi.eforms.domain.problems import PART
from kakehashi.eforms.domain.screening import input_name
from kakehashi.eforms.domain.validation import NEW, NOT_MY_NUMBER, URGED, shown_fields
from kakehashi.eforms.selectors import Errors, Version, attachment_token, compiled_form
from kakehashi.eforms.selectors.banks import has_branches
from kakehashi.eforms.selectors.drawings import drawings_in
from kakehashi.kernel import clock

register = template.Library()

SEEN_SALT = "eforms.seen"


@dataclass
class Control:
    """One input on the page with everything around it."""

    input: Input
    id: str
    label: str
    hint: str
    error: str = ""
    described_by: str = ""
    choices: list[tuple[str, str, str, bool]] = field(default_factory=list)
    kept: list[dict[str, str]] = field(default_factory=list)
    is_protected: bool = False


@dataclass
class Question:
    """One field on the page."""

    key: str
    label: str
    help: str
    required: bool
    kind: str
    is_group: bool
    controls: list[Control]
    rows: list[list[tuple[str, bool, list[Control]]]]
    error: str
    has_error: bool
    help_id: str
    error_id: str
    not_my_number: str
    is_watched: bool
    is_urged: bool
    is_pointed_out: bool
    is_new: bool
    can_look_up: bool


@register.inclusion_tag("eforms/_step.html")
def eform_step(
    version: Version, step: Step | str, values: Mapping[str, Any] | None = None, errors: Errors | None = None
) -> dict[str, Any]:
    """The questions of a step. ``values``: everything answered or typed so far (all steps, or this one); stands inside a form."""
    form = compiled_form(version)
    step = form.definition.step(step) if isinstance(step, str) else step
    typed = dict(values or {})
    shown, worked_out = shown_fields(form, step, typed, Context(today=clock.today()))
    typed |= worked_out
    watched = _watched(form, step)
    questions = [_question(form, one, typed, errors or {}, one.key in watched) for one in shown]
    return {
        "version": version,
        "step": step,
        "intro": localized(step, "intro", _language()),
        "questions": questions,
        "still_empty": [one for one in questions if one.is_new or one.is_pointed_out],
        "shown": " ".join(one.key for one in shown),
        "seen": signing.dumps(_seen(form, step, typed), salt=SEEN_SALT, compress=True) if watched else "",
        "is_live": _is_live(version),
        "scripts": any(one.type in ("declaration", "location") for one in shown),
        **_map(),
    }


def _map() -> dict[str, Any]:
    """The pictures of a map, where this installation has an address for them; nothing is asked of anybody else."""
    return {"map_tiles": settings.MAP_TILES, "map_attribution": settings.MAP_ATTRIBUTION}


@register.inclusion_tag("eforms/_step_all.html")
def eform_step_all(version: Version, step: Step, chosen: str = "") -> dict[str, Any]:
    """Every question of a step whatever its condition, for the editor; ``chosen`` is the one being edited."""
    form = compiled_form(version)
    questions = [
        (_question(form, one, {}, {}, is_watched=False), condition_sentence(one.condition, form.definition))
        for one in step.fields
    ]
    title = localized(step, "title", _language())
    intro = localized(step, "intro", _language())
    return {"questions": questions, "title": title, "intro": intro, "chosen": chosen, "is_live": False, **_map()}


@register.inclusion_tag("eforms/_drawings.html")
def eform_drawings(version: Version | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The signatures that were drawn by hand, as pictures; those of protected questions stay sealed."""
    return {"drawings": drawings_in(version, answers, _language()) if version is not None else []}


@register.inclusion_tag("eforms/_screening.html")
def eform_screening(
    version: Version, chosen: Mapping[str, str] | None = None, errors: Errors | None = None
) -> dict[str, Any]:
    """The questions before starting, as radio buttons; stands inside a form."""
    questions = [
        {
            "name": input_name(one),
            "label": localized(one, "label", _language()),
            "help": localized(one, "help", _language()),
            "chosen": (chosen or {}).get(input_name(one), ""),
            "error": (errors or {}).get(input_name(one), ""),
        }
        for one in compiled_form(version).definition.screening
    ]
    return {"questions": questions, "has_errors": bool(errors)}


@register.inclusion_tag("eforms/_question.html")
def eform_question(
    version: Version, key: str, values: Mapping[str, Any], errors: Errors | None = None
) -> dict[str, Any]:
    """One question alone, for replacing it in the page."""
    form = compiled_form(version)
    step = next(step for step, one in form.definition.walk() if one.key == key)
    question = _question(form, form.definition.by_key[key], values, errors or {}, key in _watched(form, step))
    return {"question": question, "version": version, "step": step, "is_live": _is_live(version), **_map()}


@register.inclusion_tag("eforms/_error_summary.html")
def eform_errors(version: Version, errors: Errors | None) -> dict[str, Any]:
    """The list of what must be mended, each line a link to its input. Empty when nothing is wrong."""
    form = compiled_form(version)
    order = {one.key: at for at, (_, one) in enumerate(form.definition.walk())}
    names = sorted(errors or {}, key=lambda name: order.get(name.split(".", 1)[0], len(order)))
    return {"errors": [(_target(form, name), _summary_line(form, name, (errors or {})[name])) for name in names]}


def _is_live(version: Version) -> bool:
    """Whether the fragments that smooth a step can be asked for: not for a draft, nor where only staff pages are served."""
    return not getattr(version, "is_draft", False) and settings.CONFIG.surface != "staff"


def _language() -> str:
    return get_language() or "ja"


def _looked_at(form: CompiledForm, step: Step) -> set[str]:
    """The fields, of this page or another, on which the conditions and calculations of this page rest."""
    found = {key for one in step.fields for key in fields_of(one.condition)}
    return found.union(*(form.formulas[one.key].fields() for one in step.fields if one.key in form.formulas))


def _watched(form: CompiledForm, step: Step) -> set[str]:
    """The fields of the page on which other fields of the page depend."""
    return _looked_at(form, step) & {one.key for one in step.fields}


def _seen(form: CompiledForm, step: Step, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of other steps on which this step's conditions rest, to travel with the page (signed)."""
    keys = _looked_at(form, step) - {one.key for one in step.fields}
    return {key: typed[key] for key in keys if key in typed}


def _question(form: CompiledForm, one: Field, typed: Mapping[str, Any], errors: Errors, is_watched: bool) -> Question:
    type_, language = form.types[one.key], _language()
    value = typed.get(one.key)
    own = errors.get(one.key, "")
    has_error = any(name == one.key or name.startswith(f"{one.key}.") for name in errors)
    help_id, error_id = f"id_{one.key}_help", f"id_{one.key}_error"
    help_ = localized(one, "help", language)
    about = " ".join([help_id] * bool(help_) + [error_id] * bool(own))
    rows = _rows(type_, one, value, errors) if isinstance(type_, TableType) else []
    controls = (
        [] if rows else [_control(one, item, errors, about, own) for item in _inputs(type_, one, value, language)]
    )
    warned = f"{one.key}.{NOT_MY_NUMBER}"
    return Question(
        key=one.key,
        label=localized(one, "label", language),
        help=help_,
        required=one.required,
        kind=one.type,
        is_group=type_.is_group and not (controls and controls[0].input.control == "select" and len(controls) == 1),
        controls=controls,
        rows=rows,
        error=own,
        has_error=has_error,
        help_id=help_id,
        error_id=error_id,
        not_my_number=_not_my_number(warned, typed, errors),
        is_watched=is_watched,
        is_urged=one.urged,
        is_pointed_out=one.urged and typed.get(f"{one.key}.{URGED}") == "on" and not value,
        is_new=typed.get(f"{one.key}.{NEW}") == "on"
        and not value
        and not has_error
        and one.type not in ("note", "calc"),
        can_look_up=one.type == "bank_account" and has_branches(),
    )


def _not_my_number(name: str, typed: Mapping[str, Any], errors: Errors) -> str:
    if name in errors:
        return "ask"
    return "ticked" if typed.get(name) == "on" else ""


def _inputs(type_: FieldType, one: Field, value: object, language: str) -> list[Input]:
    return type_.inputs(one, value, language)


def _rows(type_: TableType, one: Field, value: object, errors: Errors) -> list[list[tuple[str, bool, list[Control]]]]:
    return [
        [
            (
                localized(column, "label", _language()),
                column.required,
                [_control(column, item, errors, "", "") for item in inputs],
            )
            for column, inputs in row
        ]
        for row in type_.rows(one, value, _language())
    ]


def _control(one: Field, item: Input, errors: Errors, about: str, own: str) -> Control:
    id_ = f"id_{item.name}"
    error = errors.get(item.name, "") if item.part or not own else ""
    label = pgettext(PART, item.label) if item.part else item.label
    described = " ".join([f"{id_}_hint"] * bool(item.hint) + [f"{id_}_error"] * bool(error))
    control = Control(item, id_, label, gettext(item.hint) if item.hint else "", error, f"{about} {described}".strip())
    chosen = item.value if isinstance(item.value, list) else [item.value]
    if item.control == "input" and item.choices:
        control.choices = [("", value, text, False) for value, text in item.choices]
    if item.control in {"select", "radio", "checkboxes"}:
        # The options of a group's part (元号, 都道府県) and 「選んでください」 are ours; the others are the form's own words.
        ours = bool(item.part)
        control.choices = [
            (f"{id_}_{at}", value, pgettext(PART, text) if ours or not value else text, value in chosen)
            for at, (value, text) in enumerate(item.choices)
        ]
    if item.control == "file":
        control.is_protected = one.protected
        control.kept = [
            {"token": attachment_token(kept), "id": str(kept.get("id")), "text": _file_text(kept)}
            for kept in item.value
        ]
    return control


def _file_text(kept: Mapping[str, Any]) -> str:
    size = kept.get("size")
    return f"{kept.get('name')}（{readable_size(size if isinstance(size, int) else 0)}）"


def _target(form: CompiledForm, name: str) -> str:
    """The id of the input an error is about: the first of its group when it is about the whole field."""
    one = form.definition.by_key.get(name)
    if one is None:
        return f"id_{name}"
    inputs: Sequence[Input] = form.types[name].inputs(one, None, "ja")
    if not inputs:
        return f"id_{name}"
    first = next((item for item in inputs if item.name.endswith(".year")), inputs[0])
    return f"id_{first.name}_0" if first.control in {"radio", "checkboxes"} else f"id_{first.name}"


def _summary_line(form: CompiledForm, name: str, error: str) -> str:
    """The error with its question in front, unless it names the question itself."""
    one = form.definition.by_key.get(name.split(".", 1)[0])
    label = localized(one, "label", _language()) if one else ""
    if not label or label in error:
        return error
    return gettext("%(label)s：%(error)s") % {"label": label, "error": error}


__all__ = ["eform_drawings", "eform_errors", "eform_question", "eform_screening", "eform_step", "eform_step_all"]
