"""The bound of one request with files: what is larger is refused before it is written anywhere.

Django bounds the fields of a form, not its files, and a proxy in front may not bound anything. Large files come in parts of 1 MB.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

__all__ = ["MOST_BYTES", "BoundedUploads"]

MOST_BYTES = 64 * 1024 * 1024


class BoundedUploads(FileUploadHandler):
    """Stands first among the handlers and takes nothing itself: it looks at the announced length, and counts what comes."""

    taken = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse a body that says how large it is."""
        if content_length > MOST_BYTES:
            raise RequestDataTooBig("the files of one request are larger than any page takes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Refuse one that said nothing, or lied."""
        self.taken += len(raw_data)
        if self.taken > MOST_BYTES:
            raise RequestDataTooBig("the files of one request are larger than any page takes")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Others keep the file."""
