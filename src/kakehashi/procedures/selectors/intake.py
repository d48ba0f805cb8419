"""What the counter noted, and the slip that is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import clean_answers, compiled_form
from kakehashi.governments.selectors import get_government
from kakehashi.kernel.documents import ReceiptDocument, render_pdf
from kakehashi.kernel.wareki import format_wareki
from kakehashi.procedures.models import Application, Manner, PaperIntake, PaperScan
from kakehashi.procedures.selectors.applications import described_answers
from kakehashi.procedures.selectors.clocks import clock_of

__all__ = ["correction_text", "intake_of", "missing_answers", "scans_of", "slip_pdf"]


def intake_of(application: Application) -> PaperIntake | None:
    """What the counter noted about an application, or None."""
    found: PaperIntake | None = PaperIntake.objects.filter(application=application).first()
    return found


def scans_of(application: Application) -> list[PaperScan]:
    """The scans of its paper, in the order they were added."""
    return list(
        PaperScan.objects.filter(application=application).select_related("stored_file").order_by("added_at", "id")
    )


def missing_answers(version: FormVersion, answers: Mapping[str, Any], typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """The questions whose answer is missing or does not fit, in the order of the form, with what stands on the paper.

    `answers` are the good ones, `typed` everything as it was typed, both opened.
    """
    form, errors = compiled_form(version), clean_answers(version, answers).errors
    wrong = {name.split(".")[0]: sentence for name, sentence in reversed(errors.items())}
    found = []
    for _, field in form.definition.walk():
        if field.key in wrong:
            written = "" if field.protected else _as_written(typed, field.key)
            found.append({"label": field.label[:200], "problem": wrong[field.key][:300], "written": written[:300]})
    return found


def _as_written(typed: Mapping[str, Any], key: str) -> str:
    texts = []
    for name, value in typed.items():
        if name.split(".")[0] == key:
            texts += _texts(value)
    return " ".join(texts)


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [value] if isinstance(value, str) and value else []


def correction_text(application: Application) -> str:
    """A first draft of the 補正: what the paper lacks, one thing a line; empty when nothing does or one was asked already."""
    if application.channel == "online" or application.corrections.all():
        return ""
    intake = intake_of(application)
    if intake is None or not intake.missing:
        return ""
    lines = [f"・{each['label']}：{each['problem']}" for each in intake.missing]
    return "次のところを、直すか書き足してください。\n" + "\n".join(lines)


def slip_pdf(application: Application) -> bytes:
    """受付票: proof for whoever stands at the counter. What was typed for them is printed to be read over."""
    government, intake, procedure = (
        get_government(application.government_id),
        intake_of(application),
        application.procedure,
    )
    rows = [
        ("受付番号", application.receipt_label),
        ("手続", procedure.name),
        ("到達日", format_wareki(application.arrived_on, weekday=True)),
        ("方法", application.get_channel_display()),
    ]
    if intake is not None and intake.bringer_name:
        rows.append((intake.get_bringer_display(), intake.bringer_name))
    due = clock_of(application).due_on
    if due is not None:
        rows.append(("結果のめやす", format_wareki(due, weekday=True)))
    if intake is not None and intake.manner == Manner.SPOKEN:
        rows += [
            (label, text or "（未記入）") for _, answers in described_answers(application) for label, text in answers
        ]
    if intake is not None:
        rows += [("足りないところ", f"{each['label']}：{each['problem']}") for each in intake.missing]
    contact = procedure.contact or (procedure.department.name if procedure.department else government.name)
    document = ReceiptDocument(
        title="受付票",
        issued_on=format_wareki(application.arrived_on),
        addressee=f"{application.applicant_name}　様",
        issuer=government.name,
        issuer_name=procedure.department.name if procedure.department else government.name,
        text="次のとおり受け付けました。この番号で、今の状況を確かめられます。",
        rows=tuple(rows),
        note=f"問合せ先　{contact}",
        footer=application.receipt_label,
    )
    return render_pdf(document, made_at=application.arrived_at)
