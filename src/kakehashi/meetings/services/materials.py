"""Materials: attached while the meeting is prepared, frozen at distribution, replaced afterwards for everybody to see."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file
from kakehashi.files.services import discard_file
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service
from kakehashi.meetings.adapters import UnreadablePdf, read_pdf
from kakehashi.meetings.domain.anchors import match_pages
from kakehashi.meetings.models import AgendaItem, Material, MaterialVersion, PageText, Stage
from kakehashi.meetings.services.access import as_preparer, asks, locked, record
from kakehashi.meetings.services.meetings import tell

PDF = "application/pdf"


@service
def attach_material(*, actor: Actor, item: AgendaItem, title: str, file: StoredFile) -> Material:
    """Attach a stored file to an item as a new material; its pages are counted, its digest is kept.

    After distribution this is an act that everybody is told of (`meetings.material.added`), frozen at once. Raises
    PermissionRefused for anybody but secretariat and presenter, DomainError for a file that cannot be shown or a meeting that is over.
    """
    as_preparer(actor, item, item.meeting)
    meeting = locked(item.meeting)
    asks(meeting.is_before or meeting.is_open, "終わった会議に資料は加えられません。", "file")
    last = Material.objects.filter(item=item).aggregate(last=Max("number"))["last"] or 0
    material = Material.objects.create(item=item, number=last + 1, title=(title.strip() or file.name)[:150])
    frozen_at = clock.now() if meeting.is_given_out else None
    _keep(_version(actor, material, file, frozen_at=frozen_at), file)
    if meeting.is_given_out:
        payload = {"item": str(item.id), "material": str(material.id), "name": file.name, "sha256": file.sha256}
        record(actor, "meetings.material.added", meeting, payload)
        tell(
            actor,
            meeting,
            "meetings.changed",
            _subject("資料が加わりました", item, meeting.title),
            "",
            str(material.id),
        )
    return material


@service
def replace_material(*, actor: Actor, material: Material, file: StoredFile, reason: str = "") -> MaterialVersion:
    """Replace a material. Before distribution the old file goes; afterwards it is kept, and the reason stands for everybody to read.

    The pages of both are compared, so that notes find theirs again. After distribution it writes `meetings.material.replaced`
    with both digests and tells everybody at the table. Raises PermissionRefused, DomainError without a reason or for the same file.
    """
    item = material.item
    as_preparer(actor, item, item.meeting)
    meeting = locked(item.meeting)
    asks(meeting.is_before or meeting.is_open, "終わった会議の資料は差し替えられません。", "file")
    former = MaterialVersion.objects.filter(material=material).order_by("-number").first()
    if former is None:
        raise DomainError("差し替える資料がありません。", field="file")
    asks(former.sha256 != file.sha256, "今の資料と同じファイルです。", "file")
    asks(not meeting.is_given_out or bool(reason.strip()), "差し替えの理由を書いてください。全員に見えます。", "reason")
    frozen_at = clock.now() if meeting.is_given_out else None
    version = _version(
        actor, material, file, number=former.number + 1, reason=reason.strip()[:300], frozen_at=frozen_at
    )
    _keep(version, file, former)
    Stage.objects.filter(material=material, page__gt=max(version.page_count, 1)).update(page=1)
    if meeting.is_given_out:
        payload = {
            "material": str(material.id), "title": material.title, "reason": version.reason,
            "before": former.sha256, "after": version.sha256, "number": version.number,
        }  # fmt: skip
        record(actor, "meetings.material.replaced", meeting, payload)
        subject = _subject("資料が差し替わりました", item, meeting.title)
        tell(actor, meeting, "meetings.changed", subject, _words(item, version.reason), str(version.id))
    return version


@service
def remove_material(*, actor: Actor, material: Material) -> None:
    """Take a material away while the meeting is prepared. Raises PermissionRefused, DomainError once it was given out."""
    item = material.item
    as_preparer(actor, item, item.meeting)
    meeting = locked(item.meeting)
    asks(not meeting.is_given_out, "配布した資料は消せません。差し替えてください。")
    files = [one.stored_file for one in MaterialVersion.objects.filter(material=material).select_related("stored_file")]
    material.delete()
    for file in files:
        discard_file(actor=actor, stored_file=file)


def _version(actor: Actor, material: Material, file: StoredFile, **more: Any) -> MaterialVersion:
    return MaterialVersion(
        material=material,
        stored_file=file,
        name=file.name,
        sha256=file.sha256,
        media_type=file.media_type,
        added_by_label=actor.label,
        **more,
    )


def _keep(version: MaterialVersion, file: StoredFile, former: MaterialVersion | None = None) -> None:
    """Save a version with the texts of its pages and, for a replacement, where the former one's pages went."""
    texts = _texts(file)
    version.page_count = len(texts) if file.media_type == PDF else int(file.media_type.startswith("image/"))
    if former is not None:
        before = [one.text for one in PageText.objects.filter(version=former).order_by("page")]
        # A picture or a download has one place only; it stays where it was.
        version.page_map = match_pages(before, texts) if texts and before else [1] * max(former.page_count, 1)
    version.save(force_insert=True)
    PageText.objects.bulk_create(
        [PageText(version=version, page=place, text=text) for place, text in enumerate(texts, start=1)]
    )


def _texts(file: StoredFile) -> tuple[str, ...]:
    """The text of each page of a PDF; nothing for another kind of file."""
    if file.media_type != PDF:
        return ()
    try:
        return read_pdf(read_file(file)).texts
    except UnreadablePdf as error:
        words = "パスワードがかかっています。外してから選んでください。" if error.is_locked else "PDFとして開けません。"
        raise DomainError(f"「{file.name}」は{words}", field="file") from error


def _subject(what: str, item: AgendaItem, title: str) -> str:
    # The title of a confidential item is not for every presenter's bell.
    return f"{what}：{title}" if item.is_confidential else f"{what}：{title}「{item.title}」"


def _words(item: AgendaItem, reason: str) -> str:
    return "" if item.is_confidential else f"理由：{reason}"
