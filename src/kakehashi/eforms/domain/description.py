"""Answers as people read them: on the confirm page, on the staff's case page, in the notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kakehashi.eforms.domain.catalogue.choices import AGREED
from kakehashi.eforms.domain.compiled import CompiledForm
from kakehashi.eforms.domain.definition import Field, Step, localized, visible
from kakehashi.eforms.domain.protection import MASKED, gone_text, has_sealed

__all__ = ["describe"]


def describe(
    form: CompiledForm, answers: Mapping[str, Any], language: str, translate: Callable[[str], str]
) -> list[tuple[Step, str, list[tuple[Field, str, str]]]]:
    """For every shown step: the step, its title, and (field, label, text) of every question; text "" when unanswered.

    An answer that no longer fits its field (it cannot, unless rows were changed by hand) is shown as it is kept.
    """
    pages = []
    for step, fields in visible(form.definition, answers):
        rows = [
            (one, localized(one, "label", language), _text(form, one, answers.get(one.key), language, translate))
            for one in fields
            if form.types[one.key].keeps_answer
        ]
        pages.append((step, localized(step, "title", language), rows))
    return pages


def _text(form: CompiledForm, one: Field, value: Any, language: str, translate: Callable[[str], str]) -> str:
    if value is None or value == "":
        return ""
    if has_sealed(value):
        return gone_text(value) or translate(MASKED)
    if value is True:
        return translate(AGREED)
    try:
        return form.types[one.key].describe(one, value, language)
    except (KeyError, TypeError, ValueError, AttributeError):
        return str(value)
