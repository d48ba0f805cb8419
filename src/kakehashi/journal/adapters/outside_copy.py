"""The newest checkpoint of each government, kept as a file beside the database.

Somebody who cuts off the end of the log in the database, or puts an old backup in its place, is found out by it.
A person with both the database and this folder is only found out by a root that was printed or given away.
"""

import os
from pathlib import Path
from uuid import UUID


def write_outside_copy(folder: Path, government_id: UUID, note: str) -> None:
    """Replace the government's file with `note`, in one step."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{government_id}.{os.getpid()}"
    draft.write_text(note, encoding="utf-8")
    draft.replace(folder / f"{government_id}.checkpoint")


def read_outside_copy(folder: Path, government_id: UUID) -> str | None:
    """Return the government's newest checkpoint, None when none was ever written."""
    path = folder / f"{government_id}.checkpoint"
    return path.read_text(encoding="utf-8") if path.exists() else None
