"""The digest of a proposal: what was seen is what is decided."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def attachment_entry(name: str, sha256: str, size: int) -> dict[str, Any]:
    """One attachment as the digest counts it: name, content and size in bytes."""
    return {"name": name, "sha256": sha256, "size": size}


def digested_text(body: Mapping[str, Any], attachments: Iterable[Mapping[str, Any]]) -> bytes:
    """Body and attachments in canonical JSON (UTF-8): what the digest is taken of. Order of attachments counts not."""
    entries = sorted(attachments, key=lambda entry: (entry["name"], entry["sha256"]))
    text = json.dumps(
        {"body": body, "attachments": list(entries)},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode()


def body_digest(body: Mapping[str, Any], attachments: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 (hex) over `digested_text`.

    `body` holds only JSON values. Two bodies that differ in one character differ here.
    """
    return hashlib.sha256(digested_text(body, attachments)).hexdigest()
