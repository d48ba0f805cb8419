"""Reading forms and judging answers."""

from kakehashi.eforms.selectors.answers import (
    Errors,
    ScreeningResult,
    StepResult,
    asks_before_starting,
    clean_answers,
    describe_answers,
    fee_of,
    judge_screening,
    validate_all,
    validate_step,
    visible_steps,
)
from kakehashi.eforms.selectors.forms import (
    DraftVersion,
    Version,
    compiled_form,
    draft_version,
    form_for,
    form_of,
    form_version,
    latest_version,
)
from kakehashi.eforms.selectors.posts import FormPost, attachment_token
from kakehashi.eforms.selectors.protection import open_answers, seal_answers

__all__ = [
    "DraftVersion",
    "Errors",
    "FormPost",
    "ScreeningResult",
    "StepResult",
    "Version",
    "asks_before_starting",
    "attachment_token",
    "clean_answers",
    "compiled_form",
    "describe_answers",
    "draft_version",
    "fee_of",
    "form_for",
    "form_of",
    "form_version",
    "judge_screening",
    "latest_version",
    "open_answers",
    "seal_answers",
    "validate_all",
    "validate_step",
    "visible_steps",
]
