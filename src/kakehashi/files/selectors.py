"""Reading files. Call these only after an access check; pages use the download addresses, which check themselves."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils.module_loading import import_string

from kakehashi.files.domain.content_store import ContentStore, LocalFolder
from kakehashi.files.models import StoredFile
from kakehashi.kernel.data_keys import key_ring
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.sealing import unseal_bytes
from kakehashi.kernel.tenancy import current_government_id

__all__ = [
    "content_store",
    "describe_files",
    "download_path",
    "is_signed_for",
    "lost_files",
    "open_file",
    "purpose_of_ticket",
    "read_file",
    "receipt_for",
    "stored_file",
    "upload_ticket",
    "uploaded_file",
]

_SIGNED_SECONDS = 60 * 60
_signer = TimestampSigner(salt="files.download")
# A form may stay open for a working day; what was uploaded and not handed in is forgotten after one.
_TICKET_SECONDS = 12 * 60 * 60
_RECEIPT_SECONDS = 24 * 60 * 60
_tickets = TimestampSigner(salt="files.upload_ticket")
_receipts = TimestampSigner(salt="files.upload_receipt")


@cache
def _local_folder(root: Path) -> LocalFolder:
    return LocalFolder(root)


def content_store() -> ContentStore:
    """The content store of this installation: the local folder, or what ``FILES_STORE`` names."""
    if settings.FILES_STORE:
        made: ContentStore = import_string(settings.FILES_STORE)()
        return made
    return _local_folder(Path(settings.FILES_ROOT))


def stored_file(file_id: UUID | str) -> StoredFile:
    """The file of this id in the open scope; raises NotFound, also for an id that is none."""
    try:
        found: StoredFile = StoredFile.objects.get(id=file_id if isinstance(file_id, UUID) else UUID(file_id))
    except (StoredFile.DoesNotExist, ValueError) as error:
        raise NotFound(str(file_id)) from error
    return found


def describe_files(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Files as the access log calls them: by the end of their id, for a name may name a person."""
    return {file_id: str(file_id)[-8:] for file_id in ids}


def open_file(stored: StoredFile) -> BinaryIO:
    """The content as an open stream; raises FileNotFoundError when the store has lost it, KeyGone when its key is gone."""
    content = content_store().open(stored.government_id, stored.sha256)
    if not stored.key_id:
        return content
    with content:
        sealed = content.read()
    key = key_ring().key(stored.government_id, stored.key_id)
    return io.BytesIO(unseal_bytes(key, sealed, f"{stored.government_id}/file/{stored.id}"))


def read_file(stored: StoredFile) -> bytes:
    """The whole content; raises FileNotFoundError when the store has lost it, KeyGone when its key is gone."""
    with open_file(stored) as content:
        return content.read()


def lost_files() -> list[StoredFile]:
    """The files of the open government whose content the store no longer has, by id."""
    kept = {sha256 for sha256, _ in content_store().kept(current_government_id())}
    return [one for one in StoredFile.objects.order_by("id").iterator(chunk_size=2000) if one.sha256 not in kept]


def download_path(stored: StoredFile, *, for_staff: bool = False) -> str:
    """The address of the file with an hour's signed pass, for a page that has itself checked who reads it.

    A resident without an account has no identity that a predicate could ask; the pass stands in for it.
    """
    address = reverse("files-staff:download" if for_staff else "files:download", args=[stored.id])
    return f"{address}?pass={_signer.sign(f'{stored.government_id}/{stored.id}')}"


def is_signed_for(pass_: str, stored: StoredFile) -> bool:
    """Whether a pass was given for this file within the last hour."""
    try:
        return _signer.unsign(pass_, max_age=_SIGNED_SECONDS) == f"{stored.government_id}/{stored.id}"
    except BadSignature:
        return False


def upload_ticket(purpose: str) -> str:
    """What a page of the open government hands out with a form, so that only its visitors upload for that purpose."""
    return _tickets.sign(f"{current_government_id()}/{purpose}")


def purpose_of_ticket(ticket: str) -> str:
    """The purpose of a ticket of this government; raises NotFound for a forged, foreign or old one."""
    try:
        government, _, purpose = _tickets.unsign(ticket, max_age=_TICKET_SECONDS).partition("/")
    except BadSignature as error:
        raise NotFound("ticket") from error
    if government != str(current_government_id()):
        raise NotFound("ticket")
    return purpose


def receipt_for(stored: StoredFile) -> str:
    """What an upload gives back: by it the form names the file, and nobody can name another's."""
    return _receipts.sign(f"{stored.government_id}/{stored.id}")


def uploaded_file(receipt: str, purpose: str) -> StoredFile | None:
    """The file of a receipt of this government and purpose; None for a forged, foreign or old one."""
    try:
        government, _, file_id = _receipts.unsign(receipt, max_age=_RECEIPT_SECONDS).partition("/")
    except BadSignature:
        return None
    if government != str(current_government_id()):
        return None
    return StoredFile.objects.filter(id=file_id, purpose=purpose).first()
