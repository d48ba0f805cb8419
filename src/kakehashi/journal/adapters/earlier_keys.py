"""The keys that signed a government's log in an installation it was moved from, kept beside its newest checkpoint.

Whoever moved it in vouches for them. They are believed for what was signed before the move, and for this government alone.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from kakehashi.kernel.key_files import write_private

EarlierKey = tuple[bytes, datetime]


def write_earlier_keys(folder: Path, government_id: UUID, keys: Sequence[EarlierKey]) -> None:
    """Replace the government's earlier keys: raw public keys, each with the moment until which it counts."""
    lines = [[public.hex(), until.isoformat()] for public, until in keys]
    write_private(_path(folder, government_id), json.dumps(lines).encode())


def read_earlier_keys(folder: Path, government_id: UUID) -> list[EarlierKey]:
    """The government's earlier keys; none for one that was never moved."""
    path = _path(folder, government_id)
    lines = json.loads(path.read_text()) if path.exists() else []
    return [(bytes.fromhex(public), datetime.fromisoformat(until)) for public, until in lines]


def _path(folder: Path, government_id: UUID) -> Path:
    return folder / f"{government_id}.earlier"
