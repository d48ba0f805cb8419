"""Reads of applications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from kakehashi.eforms.domain.protection import has_sealed, is_sealed
from kakehashi.eforms.selectors import describe_answers, open_answers
from kakehashi.exchange.selectors import find_outside_numbers
from kakehashi.journal.selectors import events_for
from kakehashi.kernel import clock
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.folding import fold
from kakehashi.kernel.rows import read_row
from kakehashi.procedures.domain.changes import Line, compare_answers
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.domain.receipt import normalise_receipt
from kakehashi.procedures.models import Application, Correction, DeliveryWish, Draft, Procedure
from kakehashi.procedures.selectors.remembered import remembered_procedure, remembered_version

__all__ = [
    "ApplicationFilters",
    "applications",
    "attachments_of",
    "compared_answers",
    "counter_drafts",
    "described_answers",
    "every_attachment",
    "find_by_receipt",
    "get_application",
    "get_counter_draft",
    "get_draft",
    "handed_in_as",
    "has_protected",
    "open_correction",
    "opened_answers",
    "protected_attachments",
    "was_done_just_now",
]

_DOUBLE_CLICK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ApplicationFilters:
    """What the list of applications is narrowed to."""

    text: str = ""
    state: str = ""
    channel: str = ""
    procedure: UUID | None = None


def applications(filters: ApplicationFilters) -> QuerySet[Application]:
    """Applications of the open tenant; a receipt number finds its own, other text the applicant's name or an outside number."""
    rows: QuerySet[Application] = Application.objects.select_related("procedure", "case")
    rows = rows.defer("answers", "procedure__survey", "refusal_text")
    if filters.text.strip():
        try:
            rows = rows.filter(receipt_number=normalise_receipt(filters.text))
        except ValueError:
            outside = [
                each.subject_id for each in find_outside_numbers(filters.text) if each.subject_kind == APPLICATION
            ]
            rows = rows.filter(Q(applicant_name__icontains=fold_name_part(filters.text)) | Q(id__in=outside))
    if filters.state:
        rows = rows.filter(state=filters.state)
    if filters.channel:
        rows = rows.filter(channel=filters.channel)
    if filters.procedure:
        rows = rows.filter(procedure_id=filters.procedure)
    return rows


def fold_name_part(text: str) -> str:
    """The part of a name to look for: NUL out, spaces trimmed."""
    return text.replace("\x00", "").strip()[:100] if fold(text) else ""


def get_application(application_id: UUID) -> Application:
    """One application with its procedure, case, version, corrections and the way it was asked to be delivered. Raises NotFound."""
    found: Application | None = (
        Application.objects.select_related(
            "procedure__department", "procedure__form", "case__handler", "form_version", "resident"
        )
        .defer("procedure__survey", "procedure__form__draft")
        .prefetch_related("corrections")
        .annotate(wished_way=Subquery(DeliveryWish.objects.filter(application=OuterRef("pk")).values("way")[:1]))
        .filter(id=application_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def find_by_receipt(number: str) -> Application | None:
    """The application of a receipt number as a person typed it, or None."""
    try:
        plain = normalise_receipt(number)
    except ValueError:
        return None
    found: Application | None = Application.objects.filter(receipt_number=plain).first()
    return found


def open_correction(application: Application) -> Correction | None:
    """The 補正 that waits for the applicant, if any."""
    return next((each for each in application.corrections.all() if each.answered_at is None), None)


# What only the pages of a draft show or ask for.
_FOR_PAGES = ("typed", "done_steps", "device", "created_at", "updated_at", "expires_at")


def get_draft(draft_id: UUID, *, with_typed: bool = True) -> Draft:
    """One draft with its procedure and version; without `with_typed` only what is handed in. Raises NotFound.

    Thousands hand in drafts of one procedure at once: the procedure is read anew after a moment only, its version, which
    never changes, once. Joining them cost half of the processor time of an application.
    """
    try:
        found = read_row(Draft, draft_id, without=() if with_typed else _FOR_PAGES)
    except Draft.DoesNotExist:
        raise NotFound from None
    found.procedure = remembered_procedure(found.procedure_id)
    found.form_version = remembered_version(found.form_version_id)
    found.answers = open_answers(found.answers)
    if with_typed:
        found.typed = open_answers(found.typed)
    return found


def get_counter_draft(draft_id: UUID) -> Draft:
    """A draft that staff type for somebody at the counter. Raises NotFound for a resident's own."""
    draft = get_draft(draft_id)
    if draft.typed_by_id is None:
        raise NotFound
    return draft


def counter_drafts(procedure: Procedure) -> QuerySet[Draft]:
    """What was begun at the counter for a procedure and not recorded yet, newest first."""
    recorded = Application.objects.filter(idempotency_key=OuterRef("idempotency_key"))
    rows: QuerySet[Draft] = Draft.objects.filter(procedure=procedure, typed_by__isnull=False)
    return rows.exclude(Exists(recorded)).select_related("typed_by").defer("answers", "typed").order_by("-updated_at")


def described_answers(application: Application) -> list[tuple[str, list[tuple[str, str]]]]:
    """The answers as a person reads them; empty for an application on paper."""
    if application.form_version is None:
        return []
    return describe_answers(application.form_version, application.answers)


def opened_answers(application: Application) -> list[tuple[str, list[tuple[str, str]]]]:
    """The answers with those that are specially protected opened: for the applicant, and for the staff's door only."""
    if application.form_version is None:
        return []
    return describe_answers(application.form_version, open_answers(application.answers))


def every_attachment(application: Application) -> list[dict[str, Any]]:
    """References of all files among the answers; the names of protected ones are sealed."""
    return _attached(application, application.answers)


def protected_attachments(application: Application) -> list[dict[str, Any]]:
    """References of the files attached to marked questions, their names opened."""
    answers = open_answers(application.answers)
    sealed = {each["id"] for each in _attached(application, application.answers) if is_sealed(each["name"])}
    return [each for each in _attached(application, answers) if each["id"] in sealed]


def has_protected(application: Application) -> bool:
    """Whether an answer or an attachment is specially protected."""
    return any(has_sealed(value) for value in application.answers.values())


def compared_answers(application: Application) -> list[tuple[str, list[Line]]]:
    """The answers with what the last 補正 changed."""
    if application.form_version is None:
        return []
    before = application.older_answers.order_by("-number").first()
    older = describe_answers(application.form_version, before.answers) if before else None
    return compare_answers(described_answers(application), older)


def attachments_of(application: Application) -> list[dict[str, Any]]:
    """References (id, name, size) of the files among the answers, in the order of the form, without the protected ones."""
    return [each for each in _attached(application, application.answers) if not is_sealed(each["name"])]


def _attached(application: Application, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    if application.form_version is None:
        return []
    found: list[dict[str, Any]] = []
    for step in application.form_version.definition["steps"]:
        for field in step.get("fields", ()):
            value = answers.get(field["key"])
            if field["type"] == "file" and isinstance(value, list):
                found += [{**item, "label": field["label"]} for item in _references(value)]
    return found


def _references(value: Iterable[Any]) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict) and "id" in item]


def handed_in_as(draft: Draft) -> UUID | None:
    """The application a draft has become, or whose 補正 it has answered; None while it is still to be handed in."""
    if draft.correction is not None:
        answered: UUID | None = draft.correction.application_id if draft.correction.answered_at else None
        return answered
    found = Application.objects.filter(idempotency_key=draft.idempotency_key).values_list("id", flat=True)
    first: UUID | None = found.first()
    return first


def was_done_just_now(application_id: UUID, *, code: str, by: UUID | None) -> bool:
    """Whether the last act on the application is this one, by the same person, a moment ago: what arrives now is a second click."""
    last = events_for(application_id).last()
    return (
        last is not None and (last.code, last.actor_id) == (code, by) and last.occurred_at > clock.now() - _DOUBLE_CLICK
    )
