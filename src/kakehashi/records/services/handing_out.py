"""What is disclosed, made to be handed out: whole files, blackened pages as pictures, and the list of what is not shown."""

from __future__ import annotations

import io
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.files.services import store_file
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.later import later
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tables import as_csv
from kakehashi.records.adapters.bags import safe_name
from kakehashi.records.adapters.pdfa import NotDrawable, Painter, as_pdfa
from kakehashi.records.models import (
    Decision,
    DisclosureDocument,
    DisclosureExport,
    DisclosureMark,
    DisclosureRequest,
    DocumentFile,
)
from kakehashi.records.permissions import RecordsPermission
from kakehashi.records.selectors.disclosures import targets_of
from kakehashi.records.services.disclosing import DISCLOSURE

if TYPE_CHECKING:
    from PIL import Image, ImageDraw
else:
    Image, ImageDraw = later("PIL.Image"), later("PIL.ImageDraw")

_HEADERS = ["文書番号", "件名", "開示の区分", "ファイル", "ページ", "開示しない部分の事由", "条項", "説明"]


def paint_over(marks: Sequence[DisclosureMark]) -> Painter:
    """Black boxes where the marks are. What lies under them is gone from the picture, not covered."""
    by_page: dict[int, list[DisclosureMark]] = defaultdict(list)
    for mark in marks:
        by_page[mark.page].append(mark)

    def paint(number: int, picture: Image.Image) -> Image.Image:
        pen = ImageDraw.Draw(picture)
        for mark in by_page.get(number, ()):
            wide, high = picture.width / 1000, picture.height / 1000
            left, top = int(mark.left * wide), int(mark.top * high)
            right, bottom = -int(-(mark.left + mark.width) * wide // 1), -int(-(mark.top + mark.height) * high // 1)
            pen.rectangle((left, top, right, bottom), fill="black")
        return picture

    return paint


@service
def export_request(*, actor: Actor, request: DisclosureRequest) -> DisclosureExport:
    """Make what is handed out, after the decision. Event `records.disclosure.exported`.

    A document disclosed in part goes out as pictures of its pages (PDF/A) with the marked parts blackened; nothing of the text
    below stays in the file. Raises DomainError before the decision, and for a file that cannot be drawn.
    """
    require(actor, RecordsPermission.DISCLOSE)
    if request.decision not in {Decision.OPEN, Decision.PARTIAL}:
        raise DomainError("開示の決定をした請求だけ、開示する文書を作れます。")
    target, rows = io.BytesIO(), []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(targets_of(request), start=1):
            rows += _rows(one)
            if one.outcome != Decision.CLOSED:
                _write(archive, f"{number:03d}", one)
        archive.writestr("開示する文書の一覧.csv", as_csv(_HEADERS, rows))
    stored = store_file(
        actor=actor, name=f"開示文書_{request.number}.zip", content=target.getvalue(), purpose="records.disclosure"
    )
    made: DisclosureExport = DisclosureExport.objects.create(
        request=request, file_id=stored.id, sha256=stored.sha256, size=stored.size, made_by_label=actor.label
    )
    record_event(
        actor=actor,
        code="records.disclosure.exported",
        subject_kind=DISCLOSURE,
        subject_id=request.id,
        payload={"sha256": stored.sha256, "size": stored.size},
    )
    return made


def _write(archive: zipfile.ZipFile, folder: str, target: DisclosureDocument) -> None:
    marks: dict[UUID, list[DisclosureMark]] = defaultdict(list)
    for mark in target.marks.all():
        marks[mark.file_id].append(mark)
    stored = StoredFile.objects.in_bulk([file.file_id for file in target.document.files.all()])
    for file in target.document.files.all():
        kept = stored.get(file.file_id)
        if kept is None:
            continue
        content, name = read_file(kept), safe_name(file.name)
        if target.outcome == Decision.OPEN:
            archive.writestr(f"{folder}/{name}", content)
        else:
            archive.writestr(f"{folder}/{name}（一部開示）.pdf", _blackened(file, content, kept, marks[file.file_id]))


def _blackened(file: DocumentFile, content: bytes, kept: StoredFile, marks: Sequence[DisclosureMark]) -> bytes:
    try:
        return as_pdfa(content, kept.media_type, made_at=clock.now(), paint=paint_over(marks))
    except NotDrawable as error:
        raise DomainError(
            f"「{file.name}」は、この形のままでは一部を隠せません。PDFにして文書に加え、そちらを対象にしてください。"
        ) from error


def _rows(target: DisclosureDocument) -> list[list[object]]:
    document, names = target.document, {file.file_id: file.name for file in target.document.files.all()}
    head = [document.document_number, document.title, target.get_outcome_display()]
    if target.outcome == Decision.CLOSED:
        return [[*head, "（全体）", "", target.get_ground_display(), target.clause, ""]]
    marks = [
        [*head, names.get(m.file_id, ""), m.page, m.get_ground_display(), m.clause, m.note] for m in target.marks.all()
    ]
    return marks or [[*head, "", "", "", "", ""]]
