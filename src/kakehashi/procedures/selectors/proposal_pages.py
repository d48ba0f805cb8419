"""What a decision page shows of an application, and what is frozen into the 原議."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.wareki import format_wareki
from kakehashi.procedures.domain.deliveries import WAY_LABELS
from kakehashi.procedures.models import Application
from kakehashi.procedures.selectors.applications import (
    attachments_of,
    compared_answers,
    described_answers,
    get_application,
)
from kakehashi.procedures.selectors.deliveries import chosen_way

__all__ = ["describe", "load", "url"]

Sections = list[tuple[str, list[tuple[str, str]]]]


def load(source_id: UUID) -> dict[str, Any] | None:
    """The application, its answers and attachments for the decision page; None when it is gone."""
    try:
        application = get_application(source_id)
    except NotFound:
        return None
    return {
        "application": application,
        "delivery_way": WAY_LABELS[chosen_way(application)],
        "answers": compared_answers(application),
        "attachments": attachments_of(application),
    }


def describe(source_id: UUID) -> Sections:
    """Headed rows that are frozen with the proposal: the facts, then every answer as it stands."""
    # What is frozen needs neither people, case nor the way of delivery: a batch freezes hundreds.
    rows = Application.objects.select_related("procedure", "form_version").defer("procedure__survey")
    application = rows.prefetch_related("corrections").get(id=source_id)
    facts = [
        ("受付番号", application.receipt_label),
        ("手続", application.procedure.name),
        ("根拠", application.procedure.legal_basis),
        ("申請者", application.applicant_name),
        ("到達", format_wareki(application.arrived_on)),
        ("方法", application.get_channel_display()),
        ("回答の版", f"第{application.answers_number}版"),
    ]
    corrections = [
        (
            f"{format_wareki(each.asked_on)} 依頼",
            f"{each.message}（回答 {format_wareki(each.answered_on) if each.answered_on else '未了'}）",
        )
        for each in application.corrections.all()
    ]
    sections: Sections = [("申請", [row for row in facts if row[1]]), *described_answers(application)]
    return [*sections, ("補正の経過", corrections)] if corrections else sections


def url(source_id: UUID) -> str:
    """The case page of the application; empty when it is gone."""
    found = Application.objects.filter(id=source_id).only("case_id").first()
    return reverse("cases-staff:case", args=[found.case_id]) if found and found.case_id else ""
