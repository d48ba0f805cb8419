"""Keys of protected data: one for each government and retention unit, so that destroying a key destroys exactly that unit.

A data key lies outside the database, in a file of mode 0600, wrapped by the installation's own key beside it. Neither is in a
backup of the database: once the file is destroyed, what it sealed is unreadable in every copy there is, restored backups too.

```
data-keys/installation.key              the installation's key
data-keys/<government>/<key id>.json    a wrapped data key; the id is "<unit>.<8 hex digits>"
data-keys/<government>/<key id>.gone    when, by whom and why it was destroyed
```
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.sealing import SealBroken, seal_bytes, unseal_bytes

__all__ = ["DataKey", "KeyGone", "KeyInfo", "KeyRing", "current_unit", "key_ring"]

_ID = re.compile(r"[0-9A-Za-z-]{1,40}\.[0-9a-f]{8}")
_UNIT = re.compile(r"[0-9A-Za-z-]{1,40}")
_INSTALLATION = "installation.key"


class KeyGone(LookupError):
    """The key is not there: destroyed (`info` says when and why), or its file is missing (`info` is None)."""

    def __init__(self, key_id: str, info: KeyInfo | None) -> None:
        super().__init__(key_id)
        self.key_id, self.info = key_id, info


@dataclass(frozen=True)
class DataKey:
    """A data key ready for use: 32 bytes and the id that envelopes carry."""

    id: str
    key: bytes


@dataclass(frozen=True)
class KeyInfo:
    """What is known of a key without opening it. Times are ISO 8601; `destroyed_at` is empty while it lives."""

    id: str
    unit: str
    made_at: str = ""
    destroyed_at: str = ""
    destroyed_by: str = ""
    reason: str = ""


def current_unit() -> str:
    """The retention unit of what is sealed today: the fiscal year, as record files have it."""
    return str(fiscal_year(clock.today()))


class KeyRing:
    """The keys of one installation below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: dict[tuple[UUID, str], bytes] = {}

    def current(self, government_id: UUID, unit: str = "") -> DataKey:
        """The key that seals now for the unit (by default today's), made at first need."""
        unit = unit or current_unit()
        if not _UNIT.fullmatch(unit):
            raise ValueError(f"{unit!r} is no retention unit")
        living = sorted(self._home(government_id).glob(f"{unit}.*.json"))
        key_id = living[0].stem if living else self._make(government_id, unit)
        return DataKey(key_id, self.key(government_id, key_id))

    def key(self, government_id: UUID, key_id: str) -> bytes:
        """A key by its id. Raises KeyGone when it was destroyed or is missing."""
        path = self._path(government_id, key_id)
        # The file decides at every use: a key destroyed by another process is gone here, too.
        if not path.exists():
            self._opened.pop((government_id, key_id), None)
            raise KeyGone(key_id, self._gone(government_id, key_id))
        opened = self._opened.get((government_id, key_id))
        if opened is None:
            wrapped = base64.b64decode(json.loads(path.read_text())["wrapped"])
            opened = self._unwrap(wrapped, f"{government_id}/{key_id}")
            if opened is None:
                raise KeyGone(key_id, None)
            self._opened[government_id, key_id] = opened
        return opened

    def keys(self, government_id: UUID) -> list[KeyInfo]:
        """All keys of a government, living and destroyed, by id."""
        home = self._home(government_id)
        living = [
            KeyInfo(path.stem, path.stem.partition(".")[0], json.loads(path.read_text()).get("made_at", ""))
            for path in home.glob("*.json")
        ]
        gone = [info for path in home.glob("*.gone") if (info := self._gone(government_id, path.stem))]
        return sorted([*living, *gone], key=lambda info: info.id)

    def destroy(self, government_id: UUID, unit: str, *, by: str, reason: str) -> list[KeyInfo]:
        """Destroy every key of a unit (`*`: of the government) for ever and give what was destroyed. Cannot be undone."""
        destroyed = []
        for info in self.keys(government_id):
            if info.destroyed_at or unit not in {"*", info.unit}:
                continue
            path = self._path(government_id, info.id)
            gone = KeyInfo(info.id, info.unit, info.made_at, clock.now().isoformat(), by, reason)
            _write(path.with_suffix(".gone"), json.dumps(gone.__dict__, ensure_ascii=False))
            _shred(path)
            self._opened.pop((government_id, info.id), None)
            destroyed.append(gone)
        return destroyed

    def adopt(self, government_id: UUID, key_id: str, key: bytes) -> None:
        """Keep a key of a government that was moved here, under the id that its envelopes carry; one that is there stays."""
        path = self._path(government_id, key_id)
        if not path.exists():
            _write(path, self._wrapped(self._installation(), government_id, key_id, key))

    def adopt_gone(self, government_id: UUID, info: KeyInfo) -> None:
        """Remember that a key of a government that was moved here had been destroyed, by whom and why."""
        path = self._path(government_id, info.id)
        if not path.exists():
            _write(path.with_suffix(".gone"), json.dumps(info.__dict__, ensure_ascii=False))

    def rewrap(self) -> int:
        """Give the installation a new key and wrap every living data key anew; gives their number.

        Whoever had a copy of the old one can open nothing that is made from now on.
        """
        old, new = self._installation(), secrets.token_bytes(32)
        again = {path: self.key(UUID(path.parent.name), path.stem) for path in self._living()}
        for path, key in again.items():
            _write(path.with_suffix(".new"), self._wrapped(new, UUID(path.parent.name), path.stem, key))
        # At every moment each wrapped key opens with the one or the other, also after a power cut in between.
        keeper = self.folder / _INSTALLATION
        _write(keeper.with_suffix(".old"), base64.b64encode(old).decode())
        _write(keeper, base64.b64encode(new).decode())
        for path in again:
            path.with_suffix(".new").replace(path)
        _shred(keeper.with_suffix(".old"))
        self._opened.clear()
        return len(again)

    def _unwrap(self, wrapped: bytes, place: str) -> bytes | None:
        old = (self.folder / _INSTALLATION).with_suffix(".old")
        for installation in [self._installation(), *([base64.b64decode(old.read_text())] if old.exists() else [])]:
            try:
                return unseal_bytes(installation, wrapped, place)
            except SealBroken:
                continue
        return None

    def _living(self) -> Iterator[Path]:
        yield from self.folder.glob("*/*.json")

    def _home(self, government_id: UUID) -> Path:
        return self.folder / str(government_id)

    def _path(self, government_id: UUID, key_id: str) -> Path:
        if not _ID.fullmatch(key_id):
            raise KeyGone(key_id, None)
        return self._home(government_id) / f"{key_id}.json"

    def _gone(self, government_id: UUID, key_id: str) -> KeyInfo | None:
        path = self._path(government_id, key_id).with_suffix(".gone")
        return KeyInfo(**json.loads(path.read_text())) if path.exists() else None

    def _make(self, government_id: UUID, unit: str) -> str:
        key_id = f"{unit}.{secrets.token_hex(4)}"
        wrapped = self._wrapped(self._installation(), government_id, key_id, secrets.token_bytes(32))
        # Two processes may both make a first key: both live, both are found by their ids and destroyed together.
        _write(self._path(government_id, key_id), wrapped)
        return key_id

    def _wrapped(self, installation: bytes, government_id: UUID, key_id: str, key: bytes) -> str:
        wrapped = seal_bytes(installation, key, f"{government_id}/{key_id}")
        return json.dumps({"made_at": clock.now().isoformat(), "wrapped": base64.b64encode(wrapped).decode()})

    def _installation(self) -> bytes:
        path = self.folder / _INSTALLATION
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            _write(draft, base64.b64encode(secrets.token_bytes(32)).decode())
            try:
                # Whoever links first wins, the other reads the winner's.
                os.link(draft, path)
            except FileExistsError:
                pass
            draft.unlink()
        return base64.b64decode(path.read_text())


def _write(path: Path, text: str) -> None:
    """Write a whole file of mode 0600 at once: a half-written key would be a destroyed one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _shred(path: Path) -> None:
    """Overwrite a file and take its name away. On a disk that keeps old blocks the installation's key still guards them."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(secrets.token_bytes(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


_rings: dict[Path, KeyRing] = {}


def key_ring() -> KeyRing:
    """The key ring of this installation."""
    folder = Path(settings.DATA_KEYS)
    return _rings.setdefault(folder, KeyRing(folder))
