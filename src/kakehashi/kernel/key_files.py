"""Secrets in files of mode 0600, outside the database. One file holds the present secret, a neighbour the earlier ones.

`secret_key` is the present one; `secret_key.before` has a line for each earlier one: when it was retired, a space, the secret.
Nothing here needs Django: the settings are made with it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path


def write_private(path: Path, data: bytes) -> None:
    """Put `data` at `path` in one step, durably, readable by the owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def secret_in(path: Path) -> str:
    """The secret in `path`; it is made at the first need."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Another process may be starting too: whoever links first wins, the other reads the winner's.
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


def earlier_secrets(path: Path, *, now: datetime, within: timedelta) -> list[str]:
    """The secrets that stood in `path` before and were retired less than `within` ago, newest first."""
    return [secret for retired_at, secret in _retired(path) if now - retired_at < within]


def replace_secret(path: Path, *, now: datetime, within: timedelta) -> None:
    """Put a fresh secret into `path`; the old one is remembered, those retired longer than `within` are forgotten."""
    kept = [(now, secret_in(path)), *[one for one in _retired(path) if now - one[0] < within]]
    # The old one is safe before the new one counts: a power cut in between loses nothing.
    lines = "".join(f"{retired_at.isoformat()} {secret}\n" for retired_at, secret in kept)
    write_private(_before(path), lines.encode())
    write_private(path, secrets.token_urlsafe(48).encode())


def _before(path: Path) -> Path:
    return path.with_name(f"{path.name}.before")


def _retired(path: Path) -> list[tuple[datetime, str]]:
    before = _before(path)
    lines = before.read_text().splitlines() if before.exists() else []
    parts = [line.partition(" ") for line in lines if line.strip()]
    return [(datetime.fromisoformat(stamp), secret.strip()) for stamp, _, secret in parts]
