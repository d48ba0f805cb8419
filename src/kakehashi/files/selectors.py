"""Reading files. Call these only after an access check; pages use the download addresses, which check themselves."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from kakehashi.files.domain.content_store import LocalFolder
from kakehashi.files.models import StoredFile
from kakehashi.kernel.errors import NotFound

__all__ = ["content_store", "download_path", "is_signed_for", "open_file", "read_file", "stored_file"]

_SIGNED_SECONDS = 60 * 60
_signer = TimestampSigner(salt="files.download")


@cache
def _local_folder(root: Path) -> LocalFolder:
    return LocalFolder(root)


def content_store() -> LocalFolder:
    """The content store of this installation."""
    return _local_folder(Path(settings.FILES_ROOT))


def stored_file(file_id: UUID | str) -> StoredFile:
    """The file of this id in the open scope; raises NotFound, also for an id that is none."""
    try:
        found: StoredFile = StoredFile.objects.get(id=file_id if isinstance(file_id, UUID) else UUID(file_id))
    except (StoredFile.DoesNotExist, ValueError) as error:
        raise NotFound(str(file_id)) from error
    return found


def open_file(stored: StoredFile) -> BinaryIO:
    """The content as an open stream; raises FileNotFoundError when the store has lost it."""
    return content_store().open(stored.government_id, stored.sha256)


def read_file(stored: StoredFile) -> bytes:
    """The whole content; raises FileNotFoundError when the store has lost it."""
    with open_file(stored) as content:
        return content.read()


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
