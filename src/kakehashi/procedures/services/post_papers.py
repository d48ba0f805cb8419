"""What is printed for the post: address labels, and the chosen letters in one file."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from kakehashi.files.selectors import read_file
from kakehashi.governments.selectors import get_government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.documents import Label, LabelSheetDocument, render_pdf
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.later import later
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.procedures.domain.labels import SHEETS
from kakehashi.procedures.models import DocumentDelivery
from kakehashi.procedures.services.documents import open_document

if TYPE_CHECKING:
    import pikepdf
else:
    pikepdf = later("pikepdf")

__all__ = ["label_sheet", "letters_in_one"]


def label_sheet(*, deliveries: Sequence[DocumentDelivery], sheet: str, start: int = 1) -> bytes:
    """Address labels as PDF, in the order of the list. Raises DomainError for a letter without an address or an unknown sheet."""
    layout = SHEETS.get(sheet)
    if layout is None:
        raise DomainError("ラベル用紙を選んでください。", field="sheet")
    if not deliveries:
        raise DomainError("印刷する手紙を選んでください。")
    without = [each.addressee for each in deliveries if not each.address.strip()]
    if without:
        raise DomainError(f"{without[0]}の住所がありません。先に宛先を書いてください。")
    labels = tuple(
        Label(
            postcode=each.postcode_label,
            address=each.address,
            addressee=each.addressee,
            note=each.document.document_number,
        )
        for each in deliveries
    )
    document = LabelSheetDocument(
        title="宛名ラベル",
        issuer_name=get_government(current_government_id()).name,
        columns=layout.columns,
        rows_per_page=layout.rows,
        width=layout.width,
        height=layout.height,
        left=layout.left,
        top=layout.top,
        labels=labels,
        skip=max(0, min(start, layout.count) - 1),
    )
    return render_pdf(document, made_at=clock.now())


def letters_in_one(*, actor: Actor, deliveries: Sequence[DocumentDelivery]) -> bytes:
    """The letters one after the other in one PDF, as they go into the envelopes. Raises DomainError when none is chosen."""
    if not deliveries:
        raise DomainError("印刷する手紙を選んでください。")
    with pikepdf.Pdf.new() as joined:
        for each in deliveries:
            content = read_file(open_document(actor=actor, document=each.document))
            with pikepdf.Pdf.open(BytesIO(content)) as letter:
                joined.pages.extend(letter.pages)
        buffer = BytesIO()
        joined.save(buffer)
    return buffer.getvalue()
