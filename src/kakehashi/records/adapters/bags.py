"""BagIt (RFC 8493) in a zip: the payload with a SHA-256 for every file, so that what arrives can be proved to be what was sent."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from typing import BinaryIO

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]')


def safe_name(name: str) -> str:
    """A file name that every system takes; what it loses stands in the list of documents."""
    return _UNSAFE.sub("_", name).strip(" .")[:120] or "file"


class Bag:
    """A bag being written into a zip. Every path is given once; `close` writes the manifests."""

    def __init__(self, target: BinaryIO, root: str, made_at: dt.datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._root, self._made_at = root, made_at
        self._payload: dict[str, tuple[str, int]] = {}
        self._tags: dict[str, str] = {}

    def add(self, path: str, content: bytes) -> str:
        """Put a file under `data/`; a path that is taken gets a number. Returns the path it has."""
        stem, dot, ending = path.rpartition(".")
        number, free = 1, path
        while free in self._payload:
            number += 1
            free = f"{stem}_{number}{dot}{ending}" if stem else f"{path}_{number}"
        self._payload[free] = (sha256(content).hexdigest(), len(content))
        self._write(f"data/{free}", content)
        return free

    def close(self, info: Mapping[str, str]) -> None:
        """Write the declaration, what the bag is, and the manifests; the zip is whole afterwards."""
        octets, count = sum(size for _, size in self._payload.values()), len(self._payload)
        facts = {**info, "Bagging-Date": self._made_at.date().isoformat(), "Payload-Oxum": f"{octets}.{count}"}
        self._tag("bagit.txt", _DECLARATION)
        self._tag("bag-info.txt", "".join(f"{key}: {_line(value)}\n" for key, value in facts.items()).encode())
        lines = [f"{digest}  data/{_escaped(path)}\n" for path, (digest, _) in sorted(self._payload.items())]
        self._tag("manifest-sha256.txt", "".join(lines).encode())
        tags = "".join(f"{digest}  {path}\n" for path, digest in sorted(self._tags.items()))
        self._write("tagmanifest-sha256.txt", tags.encode())
        self._zip.close()

    def _tag(self, path: str, content: bytes) -> None:
        self._tags[path] = sha256(content).hexdigest()
        self._write(path, content)

    def _write(self, path: str, content: bytes) -> None:
        entry = zipfile.ZipInfo(f"{self._root}/{path}", self._made_at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(entry, content)


def _line(value: str) -> str:
    return " ".join(value.split())


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def faults_in(source: BinaryIO) -> list[str]:
    """What is wrong with a zipped bag: files missing, changed or unlisted, manifests that do not fit. Empty: valid."""
    try:
        with zipfile.ZipFile(source) as archive:
            return _faults(archive)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        return [f"読めません（{error}）"]


def _faults(archive: zipfile.ZipFile) -> list[str]:
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    root = names[0].split("/", 1)[0] if names else ""
    faults = [] if f"{root}/bagit.txt" in names else ["bagit.txt がありません"]
    listed: set[str] = set()
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for line in archive.read(f"{root}/{manifest}").decode().splitlines():
            digest, _, path = line.partition("  ")
            name = f"{root}/{path.replace('%0A', chr(10)).replace('%0D', chr(13)).replace('%25', '%')}"
            listed.add(name)
            if name not in names:
                faults.append(f"{path} がありません")
            elif sha256(archive.read(name)).hexdigest() != digest:
                faults.append(f"{path} が変わっています")
    known = listed | {f"{root}/tagmanifest-sha256.txt"}
    return faults + [f"{name} は一覧にありません" for name in names if name not in known]
