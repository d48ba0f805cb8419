"""Files that only pass through: a list that is read in, a bundle that was carried here. They come in parts like any other."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file, uploaded_file
from kakehashi.files.services.stored import discard_file
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service

__all__ = ["take_passing"]

_WAITING = (
    "「{name}」のウイルス検査が終わるのを待っています。30秒ほどしてから、もう一度ファイルを選んで取り込んでください。"
)


@service
def take_passing(
    *, actor: Actor, post: Any, files: MultiValueDict[str, Any], name: str, purpose: str
) -> MultiValueDict[str, Any]:
    """The files of a form, with the one of the field `name` that was sent in parts beforehand; it is let go of once read.

    Raises DomainError (field `name`) while the scanner has not called it clean: nothing reads it before.
    """
    stored = next(
        (found for receipt in post.getlist(f"{name}.uploaded") if (found := uploaded_file(receipt, purpose))), None
    )
    if stored is None:
        return files
    if not stored.may_leave:
        raise DomainError(_WAITING.format(name=stored.name), field=name, code="waiting")
    given = MultiValueDict({**dict(files.lists()), name: [_copy_of(stored)]})
    discard_file(actor=actor, stored_file=stored)
    return given


def _copy_of(stored: StoredFile) -> Any:
    return UploadedFile(
        io.BytesIO(read_file(stored)), name=stored.name, content_type=stored.media_type, size=stored.size
    )
