"""Writes of the files room: keep and discard, upload in parts, scan what waits."""

from kakehashi.files.services.passing import take_passing
from kakehashi.files.services.scanning import scan_waiting
from kakehashi.files.services.stored import discard_file, discard_files, store_file, sweep_content
from kakehashi.files.services.uploads import begin_upload, finish_upload, sweep_uploads, take_part

__all__ = [
    "begin_upload",
    "discard_file",
    "discard_files",
    "finish_upload",
    "scan_waiting",
    "store_file",
    "sweep_content",
    "sweep_uploads",
    "take_part",
    "take_passing",
]
