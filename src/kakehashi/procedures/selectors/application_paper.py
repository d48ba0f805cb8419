"""An application on paper: every answer, its attachments by name, and what the 補正 asked for."""

from __future__ import annotations

from collections.abc import Iterator

from kakehashi.eforms.domain.catalogue.declaration import DRAWING_HEIGHT, DRAWING_WIDTH, DeclarationType
from kakehashi.eforms.selectors.drawings import drawings_in
from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.documents import Drawing, ReceiptDocument, render_pdf
from kakehashi.kernel.wareki import format_wareki
from kakehashi.procedures.models import Application
from kakehashi.procedures.selectors.applications import attachments_of
from kakehashi.procedures.selectors.proposal_pages import describe

__all__ = ["application_pdf"]


def application_pdf(application: Application) -> bytes:
    """The application as PDF, for a system that takes papers. The answers stand as they are now."""
    government = get_government(application.government_id)
    rows = [
        (f"{heading}　{label}" if heading != "申請" else label, text or "（未記入）")
        for heading, answers in describe(application.id)
        for label, text in answers
    ]
    rows += [(f"添付　{each['label']}", str(each["name"])) for each in attachments_of(application)]
    document = ReceiptDocument(
        title=f"{application.procedure.road.noun}の内容",
        issued_on=format_wareki(clock.today()),
        addressee=application.procedure.department.name if application.procedure.department else government.name,
        issuer=government.name,
        issuer_name=government.name,
        text=f"{application.procedure.name}（{application.applicant_name}）",
        rows=tuple(rows),
        drawings=tuple(_drawings(application)),
        note="今お使いのシステムへ渡すために書き出したものです。",
        footer=application.receipt_label,
    )
    return render_pdf(document, made_at=application.arrived_at)


def _drawings(application: Application) -> Iterator[Drawing]:
    """Signatures drawn by hand, as they stand in the answers."""
    if application.form_version is None:
        return
    for label, name, drawing in drawings_in(application.form_version, application.answers):
        strokes = tuple(tuple(stroke) for stroke in DeclarationType.strokes(drawing))
        yield Drawing(label=label, name=name, strokes=strokes, width=DRAWING_WIDTH, height=DRAWING_HEIGHT)
