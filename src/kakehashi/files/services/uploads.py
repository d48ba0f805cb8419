"""Large files come in parts of 1 MB: a line that breaks costs one part, and no request is large."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from kakehashi.files.domain.names import clean_name
from kakehashi.files.domain.parts import PART_BYTES, PartsStream, part_count
from kakehashi.files.hooks import purpose_of
from kakehashi.files.models import StoredFile, Upload
from kakehashi.files.selectors import content_store
from kakehashi.files.services.stored import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.services import service

__all__ = ["begin_upload", "finish_upload", "sweep_uploads", "take_part"]

KEPT = timedelta(hours=24)


@service
def begin_upload(*, actor: Actor, purpose: str, name: str, size: int) -> Upload:
    """Begin a file of `size` bytes for a purpose; the caller has checked the page's ticket. Raises DomainError when it is too large."""
    most = purpose_of(purpose).max_bytes
    if not 0 < size <= most:
        raise DomainError(
            gettext("「%(name)s」が大きすぎます。%(limit)dMBまでのファイルを選んでください。")
            % {"name": clean_name(name), "limit": most // 1_000_000},
            code="too_large",
        )
    upload: Upload = Upload.objects.create(purpose=purpose, name=clean_name(name), size=size)
    return upload


@service
def take_part(*, actor: Actor, upload_id: UUID, number: int, data: bytes) -> Upload:
    """Keep part `number` (from 0) and return the upload, which says what comes next.

    A part that is there already is taken for a repetition and changes nothing. Raises NotFound, Stale for a part out of turn, and
    DomainError for one of the wrong length.
    """
    upload = _locked(upload_id)
    if number < upload.parts:
        return upload
    if number > upload.parts or number >= part_count(upload.size):
        raise Stale(gettext("ファイルの送り方が正しくありません。もう一度えらんでください。"))
    expected = min(PART_BYTES, upload.size - number * PART_BYTES)
    if len(data) != expected:
        raise DomainError(gettext("ファイルの一部が欠けています。もう一度送ってください。"), code="part")
    content_store().put_part(upload.government_id, upload.id, number, data)
    upload.parts = number + 1
    upload.save(update_fields=["parts"])
    return upload


@service
def finish_upload(*, actor: Actor, upload_id: UUID) -> StoredFile:
    """Put the parts together and take the file in like any other: judged by its content, scanned, kept.

    Asked again, it gives the same file. Raises NotFound, Stale while parts are missing, and what `store_file` raises.
    """
    upload = _locked(upload_id)
    if upload.stored_file is not None:
        return cast("StoredFile", upload.stored_file)
    count, store, owner = part_count(upload.size), content_store(), upload.government_id
    if upload.parts < count:
        raise Stale(gettext("ファイルがまだ全部とどいていません。もう一度送ってください。"))
    with PartsStream(lambda number: store.open_part(owner, upload_id, number), count) as content:
        stored = store_file(actor=actor, name=upload.name, content=cast("BinaryIO", content), purpose=upload.purpose)
    upload.stored_file = stored
    upload.save(update_fields=["stored_file"])
    # Parts are plain, the file may be sealed: they go as soon as it is certain.
    transaction.on_commit(lambda: store.drop_parts(owner, upload_id))
    return stored


@service
def sweep_uploads(*, limit: int = 500) -> int:
    """Forget the uploads of the open government that were begun a day ago, parts and all; the files they became stay."""
    old = list(Upload.objects.filter(begun_at__lt=clock.now() - KEPT).order_by("begun_at")[:limit])
    for upload in old:
        content_store().drop_parts(upload.government_id, upload.id)
        upload.delete()
    return len(old)


def _locked(upload_id: UUID) -> Upload:
    upload: Upload | None = Upload.objects.select_for_update().filter(id=upload_id).first()
    if upload is None:
        raise NotFound(str(upload_id))
    return upload
