"""包みの中身: a ZIP with `manifest.json`, one JSON a thing (`items/…`) and the files (`files/<sha256>`).

The manifest lists every item with its kind, id, revision, SHA-256 and place, so that nothing can be taken out, put in or
exchanged inside a bundle without being noticed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kakehashi.exchange.domain.envelope import BadBundle
from kakehashi.kernel.json_text import read_json

__all__ = ["MOST_ITEMS", "CarriedFile", "Item", "Payload", "pack", "unpack"]

MOST_UNPACKED = 512 * 1024 * 1024
MOST_ITEMS = 2_000
MOST_ITEM_BYTES = 4_000_000
MOST_FILE_BYTES = 32_000_000
_KIND = re.compile(r"[a-z]+\.[a-z_]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file that travels with an item; `content` is addressed by its SHA-256."""

    id: UUID
    name: str
    purpose: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that travels. `item_id` is its idempotency key, `revision` grows when it changes, `made_at` is its time."""

    kind: str
    item_id: UUID
    revision: int
    made_at: dt.datetime
    data: Mapping[str, Any]
    files: tuple[CarriedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Payload:
    """Everything in one bundle: items, what of the other side's arrived here, and which of its numbers are missing."""

    items: tuple[Item, ...] = ()
    received: tuple[UUID, ...] = ()
    missing: tuple[int, ...] = ()
    given_up: tuple[int, ...] = ()
    waiting: int = 0
    contents: Mapping[str, bytes] = field(default_factory=dict)


def _item_json(item: Item) -> bytes:
    files = [
        {"id": str(each.id), "name": each.name, "purpose": each.purpose, "sha256": each.sha256, "size": each.size}
        for each in item.files
    ]
    return json.dumps(
        {"kind": item.kind, "id": str(item.item_id), "revision": item.revision, "made_at": item.made_at.isoformat(),
         "data": item.data, "files": files},
        ensure_ascii=False, separators=(",", ":"),
    ).encode()  # fmt: skip


def pack(payload: Payload) -> bytes:
    """The payload as the bytes of a ZIP."""
    made = io.BytesIO()
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, item in enumerate(payload.items, 1):
            content, place = _item_json(item), f"items/{number:05d}.json"
            archive.writestr(place, content)
            listed.append(
                {"place": place, "kind": item.kind, "id": str(item.item_id), "revision": item.revision,
                 "sha256": hashlib.sha256(content).hexdigest()}
            )  # fmt: skip
        for sha256 in sorted(payload.contents):
            archive.writestr(f"files/{sha256}", payload.contents[sha256], zipfile.ZIP_STORED)
        manifest = {
            "items": listed,
            "files": {sha256: len(content) for sha256, content in sorted(payload.contents.items())},
            "received": [str(each) for each in payload.received],
            "missing": list(payload.missing),
            "given_up": list(payload.given_up),
            "waiting": payload.waiting,
        }
        archive.writestr("manifest.json", json.dumps(manifest, separators=(",", ":")))
    return made.getvalue()


def unpack(content: bytes) -> Payload:
    """Read a payload back, every digest checked and every size bounded. Raises BadBundle."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
                raise BadBundle("size", "包みの中身が、開くと大きくなりすぎます。")
            return _unpacked(archive)
    except BadBundle:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise BadBundle("manifest", "包みの中身の一覧が読めません。送り直しを頼んでください。") from error


def _unpacked(archive: zipfile.ZipFile) -> Payload:
    manifest = read_json(_read(archive, "manifest.json", MOST_ITEM_BYTES))
    listed, sizes = manifest["items"], manifest["files"]
    if len(listed) > MOST_ITEMS:
        raise BadBundle("size", "一つの包みに入れられる件数を超えています。")
    expected = {"manifest.json", *(str(each["place"]) for each in listed), *(f"files/{each}" for each in sizes)}
    if len(archive.namelist()) != len(expected) or set(archive.namelist()) != expected:
        raise BadBundle("manifest", "包みの中身が一覧と合いません。抜かれたか、足された恐れがあります。")
    contents = {sha256: _file(archive, sha256, size) for sha256, size in sizes.items()}
    items = tuple(_item(archive, number, entry, contents) for number, entry in enumerate(listed, 1))
    return Payload(
        items=items,
        received=tuple(UUID(each) for each in manifest["received"][:MOST_ITEMS]),
        missing=_numbers(manifest["missing"]),
        given_up=_numbers(manifest["given_up"]),
        waiting=int(manifest["waiting"]),
        contents=contents,
    )


def _numbers(raw: Sequence[Any]) -> tuple[int, ...]:
    return tuple(int(each) for each in raw[:MOST_ITEMS])


def _read(archive: zipfile.ZipFile, place: str, most: int) -> bytes:
    """One member, never more than `most` bytes of it, whatever it claims to be."""
    with archive.open(place) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise BadBundle("size", "包みの中に大きすぎるものがあります。")
    return content


def _file(archive: zipfile.ZipFile, sha256: str, size: int) -> bytes:
    if not _SHA256.fullmatch(sha256) or not 0 <= int(size) <= MOST_FILE_BYTES:
        raise BadBundle("size", "包みの中の添付が大きすぎるか、名前が正しくありません。")
    content = _read(archive, f"files/{sha256}", int(size))
    if len(content) != size or hashlib.sha256(content).hexdigest() != sha256:
        raise BadBundle("manifest", "包みの中の添付が一覧と合いません。")
    return content


def _item(archive: zipfile.ZipFile, number: int, entry: Mapping[str, Any], contents: Mapping[str, bytes]) -> Item:
    if entry["place"] != f"items/{number:05d}.json":
        raise BadBundle("manifest", "包みの中の順番が一覧と合いません。")
    content = _read(archive, entry["place"], MOST_ITEM_BYTES)
    raw = read_json(content)
    same = (raw["kind"], raw["id"], raw["revision"]) == (entry["kind"], entry["id"], entry["revision"])
    if hashlib.sha256(content).hexdigest() != entry["sha256"] or not same or not _KIND.fullmatch(raw["kind"]):
        raise BadBundle("manifest", "包みの中の一件が一覧と合いません。")
    files = tuple(
        CarriedFile(UUID(each["id"]), str(each["name"]), str(each["purpose"]), str(each["sha256"]), int(each["size"]))
        for each in raw["files"]
    )
    if any(each.sha256 not in contents for each in files):
        raise BadBundle("manifest", "包みの中の添付が足りません。")
    made_at = dt.datetime.fromisoformat(raw["made_at"])
    if made_at.tzinfo is None or not isinstance(raw["data"], dict) or int(raw["revision"]) < 1:
        raise BadBundle("manifest", "包みの中の一件が正しくありません。")
    return Item(raw["kind"], UUID(raw["id"]), int(raw["revision"]), made_at, raw["data"], files)
