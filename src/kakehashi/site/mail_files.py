"""Mails that are written into files while no mail server is set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.filebased import EmailBackend as FileBackend

__all__ = ["EmailBackend"]


class EmailBackend(FileBackend):
    """Mails in a folder that only the operator's account opens: they carry names, codes and links that let in."""

    def __init__(self, file_path: str | None = None, **options: Any) -> None:
        folder = Path(file_path or settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A folder that an earlier version made is closed, too.
        folder.chmod(0o700)
        super().__init__(file_path=str(folder), **options)
