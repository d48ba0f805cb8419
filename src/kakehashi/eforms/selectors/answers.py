"""Judging and describing answers, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext

from kakehashi.eforms.domain.catalogue import Context
from kakehashi.eforms.domain.compiled import CompiledForm
from kakehashi.eforms.domain.definition import Field, Step, localized
from kakehashi.eforms.domain.description import describe
from kakehashi.eforms.domain.fees import fee
from kakehashi.eforms.domain.problems import Problem
from kakehashi.eforms.domain.screening import judge
from kakehashi.eforms.domain.validation import Checked, calculated, check_all, check_step, with_label
from kakehashi.eforms.domain.validation import visible_steps as steps_shown
from kakehashi.eforms.selectors.banks import find_branch
from kakehashi.eforms.selectors.forms import Version, compiled_form
from kakehashi.eforms.selectors.posts import FormPost, Post, raw_answers
from kakehashi.kernel import clock

Errors = dict[str, str]


@dataclass
class StepResult:
    """What came of a step. ``errors``: sentence by input name, in the reader's language.

    ``values``: good answers by field key, ready to keep. ``typed``: everything as typed, safe to store as JSON, for
    showing the step again. ``redisplay``: show the step again even without errors (a button inside the page was
    pressed, or an answer brought new questions).
    """

    values: dict[str, Any] = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)
    redisplay: bool = False


def language() -> str:
    """The reader's language: ja, ja-easy or en."""
    return get_language() or "ja"


def validate_step(
    version: Version,
    step_key: str,
    raw: Mapping[str, Any] | Post | FormPost,
    answers: Mapping[str, Any] | None = None,
) -> StepResult:
    """Judge one step as it was posted (request.POST, the result of ``keep_uploads``, or a mapping).

    ``answers`` are the kept answers of the other steps; conditions may rest on them. Raises DefinitionError for a step
    that the version does not have.
    """
    form = compiled_form(version)
    checked = check_step(form, form.definition.step(step_key), raw_answers(raw), _context(), answers)
    result = _result(form, checked)
    if isinstance(raw, FormPost) and not checked.redisplay:
        result.errors |= raw.refused
    return result


def clean_answers(version: Version, answers: Mapping[str, Any]) -> StepResult:
    """Judge the kept answers of the whole form again; ``values`` holds only fields that are shown."""
    form = compiled_form(version)
    return _result(form, check_all(form, answers, _context()))


def validate_all(version: Version, answers: Mapping[str, Any]) -> Errors:
    """The errors of the whole form by input name; empty when it can be handed in."""
    return clean_answers(version, answers).errors


def visible_steps(version: Version, answers: Mapping[str, Any]) -> list[Step]:
    """The steps that are shown for these answers."""
    form = compiled_form(version)
    return steps_shown(form, calculated(form, answers))


def describe_answers(version: Version, answers: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every shown step with its questions and answers as a person reads them; an unanswered question has ""."""
    form = compiled_form(version)
    pages = describe(form, calculated(form, answers), language(), gettext)
    return [(title, [(label, text) for _, label, text in rows]) for _, title, rows in pages]


@dataclass
class ScreeningResult:
    """What came of the questions before starting: ``errors`` by input name, ``exits`` as (question, why, where else), ``chosen``."""

    errors: Errors = field(default_factory=dict)
    exits: list[tuple[str, str, str]] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)

    @property
    def passes(self) -> bool:
        """Whether the form may begin."""
        return not self.errors and not self.exits


def asks_before_starting(version: Version) -> bool:
    """Whether the form has questions before it begins."""
    return bool(compiled_form(version).definition.screening)


def judge_screening(version: Version, raw: Mapping[str, Any]) -> ScreeningResult:
    """Judge the answers to the questions before starting, in the reader's language. Nothing of them is kept."""
    judged = judge(compiled_form(version).definition, raw)
    texts = ("label", "why", "elsewhere")
    exits = [tuple(localized(one, text, language()) for text in texts) for one in judged.stops]
    errors = {name: problem.text(gettext(problem.message)) for name, problem in judged.problems.items()}
    return ScreeningResult({} if exits else errors, exits, judged.chosen)  # type: ignore[arg-type]


def fee_of(version: Version, answers: Mapping[str, Any]) -> int | None:
    """What is to be paid for these answers, in whole yen. None: the form asks for no money. 0: these answers make it free."""
    form = compiled_form(version)
    if not form.definition.fee.is_asked:
        return None
    return fee(form.definition, calculated(form, answers))


def _context() -> Context:
    return Context(today=clock.today(), find_branch=find_branch)


def _result(form: CompiledForm, checked: Checked) -> StepResult:
    errors = {name: sentence(form, name, problem) for name, problem in checked.problems.items()}
    return StepResult(checked.values, errors, checked.typed, checked.redisplay)


def sentence(form: CompiledForm, name: str, problem: Problem) -> str:
    """The problem in the reader's language."""
    asked = _asked(form, name)
    if asked is not None and language() != "ja":
        problem = with_label(problem, localized(asked, "label", language()))
    return problem.text(gettext(problem.message))


def _asked(form: CompiledForm, name: str) -> Field | None:
    """The field an input belongs to, or the column where the input stands in a row of a table."""
    key, *rest = name.split(".")
    asked = form.definition.by_key.get(key)
    if asked is None or not asked.columns or len(rest) < 2:
        return asked
    return next((column for column in asked.columns if column.key == rest[1]), asked)
