"""Applications in the town's own paper."""

from __future__ import annotations

from kakehashi.eforms.domain.protection import has_sealed
from kakehashi.eforms.selectors.papers import Filled, filled_paper, version_paper
from kakehashi.procedures.models import Application

__all__ = ["filled_original", "has_original"]


def has_original(application: Application) -> bool:
    """Whether the application was answered on a form that was read from a paper."""
    version_id = application.form_version_id
    return version_id is not None and bool(application.answers) and version_paper(version_id) is not None


def filled_original(application: Application) -> Filled | None:
    """The paper with the newest answers in it; None when there is none. Raises DomainError."""
    version_id = application.form_version_id
    if version_id is None:
        return None
    # What is specially protected stays off the paper: it is opened at its own door only.
    answers = {key: value for key, value in application.answers.items() if not has_sealed(value)}
    return filled_paper(version_id, answers, f"{application.procedure.name}_{application.receipt_number}")
