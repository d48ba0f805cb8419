"""A base form as a signed file, for networks that do not meet (docs/develop/base-form-file.md).

The signature is a C2SP note over the government's code, the offer, the revision and the digest, so that nothing of the body can
be changed, and a signature of one revision cannot be put under another.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kakehashi.eforms.domain.carried import MOST_BYTES, digest_of, open_carried
from kakehashi.eforms.domain.definition import DefinitionError
from kakehashi.eforms.domain.json_parts import text_of
from kakehashi.journal.domain.notes import BadNoteError, VerifierKey, open_note, sign_note, verifier_key
from kakehashi.kernel.lg_code import check_digit
from kakehashi.procedures.domain.base_content import (
    BaseContent,
    UnreadableBaseError,
    content_from_json,
    content_to_json,
)

__all__ = ["KIND", "MOST_BYTES", "BaseBody", "BaseFile", "fingerprint", "read_base_file", "write_base_file"]

KIND, FORMAT = "kakehashi.base-form", 1
_NAME = "kakehashi-base-form"
_NOT_A_BASE = "基本様式のファイルではありません。「ファイルに書き出す」で作ったファイルを選んでください。"
_ALTERED = (
    "ファイルの中身が、署名したときと違います。途中で書きかえられたか、こわれています。もう一度受け取ってください。"
)
_BODY = ("kind", "format", "offer", "revision", "origin", "published_on", "description", "note", "content")


@dataclass(frozen=True)
class BaseBody:
    """One revision of an offer: which, whose, why it changed, and the content. ``offer`` and ``origin_code`` together name it."""

    offer: UUID
    revision: int
    origin_code: str
    origin_name: str
    published_on: dt.date
    content: BaseContent
    description: str = ""
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """The body as JSON, which the digest is of."""
        return {
            "kind": KIND,
            "format": FORMAT,
            "offer": str(self.offer),
            "revision": self.revision,
            "origin": {"code": self.origin_code, "name": self.origin_name},
            "published_on": self.published_on.isoformat(),
            "description": self.description,
            "note": self.note,
            "content": content_to_json(self.content),
        }

    @property
    def digest(self) -> str:
        """SHA-256 of the body."""
        return digest_of(self.to_json())


@dataclass(frozen=True)
class BaseFile:
    """A file whose signature holds: the body, its digest and who signed it. Whether the signer is known is for others to say."""

    body: BaseBody
    digest: str
    signer: VerifierKey


def fingerprint(signer: VerifierKey) -> str:
    """What two people read to each other: the SHA-256 of the signer's name and key, in groups of four."""
    digest = hashlib.sha256(signer.name.encode() + b"\n" + signer.public).hexdigest()
    return " ".join(digest[at : at + 4] for at in range(0, 64, 4)).upper()


def write_base_file(body: BaseBody, key: Ed25519PrivateKey) -> bytes:
    """The file of one revision, signed for its government."""
    data, digest = body.to_json(), body.digest
    name = f"{_NAME}/{body.origin_code}"
    signed = {
        **data,
        "digest": f"sha256:{digest}",
        "signature": sign_note(_signed_words(body, digest), name, key),
        "signer": str(verifier_key(name, key)),
    }
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()


def read_base_file(raw: bytes) -> BaseFile:
    """Read a file that anybody may have made. Raises UnreadableBaseError with a sentence; an unsigned file is refused."""
    data = open_carried(raw, kind=KIND, number=FORMAT, refused=UnreadableBaseError, stranger=_NOT_A_BASE)
    if unknown := set(data) - {*_BODY, "digest", "signature", "signer"}:
        raise UnreadableBaseError(f"ファイルに、知らない項目があります（{min(unknown)[:40]}）。")
    body = body_from_json({name: data.get(name) for name in _BODY})
    return BaseFile(body, *_checked(data, body))


def body_from_json(data: Mapping[str, Any]) -> BaseBody:
    """Read a body. Raises UnreadableBaseError."""
    origin, revision = data.get("origin"), data.get("revision")
    if not isinstance(origin, dict) or isinstance(revision, bool) or not isinstance(revision, int):
        raise UnreadableBaseError(_NOT_A_BASE)
    if not 1 <= revision <= 1_000_000:
        raise UnreadableBaseError("版の番号が正しくありません。")
    try:
        return BaseBody(
            offer=UUID(text_of(data, "offer", 36)),
            revision=revision,
            origin_code=_code(text_of(origin, "code", 6)),
            origin_name=text_of(origin, "name", 60),
            published_on=dt.date.fromisoformat(text_of(data, "published_on", 10)),
            description=text_of(data, "description", 2_000),
            note=text_of(data, "note", 2_000),
            content=content_from_json(data.get("content")),
        )
    except DefinitionError as error:
        raise UnreadableBaseError(str(error)) from error
    except UnreadableBaseError:
        raise
    except ValueError as error:
        raise UnreadableBaseError("提供した団体か、版の番号か、日付を読めません。") from error


def _code(code: str) -> str:
    """Six digits whose last one checks the others; demo governments have codes outside of the 47 prefectures."""
    if len(code) != 6 or not code.isascii() or not code.isdigit() or check_digit(code[:5]) != code[5]:
        raise ValueError(code)
    return code


def _checked(data: Mapping[str, Any], body: BaseBody) -> tuple[str, VerifierKey]:
    # The digest is of the file's own members as they stand there; reading may have left empty ones out.
    try:
        digest = digest_of({name: data.get(name) for name in _BODY})
    except (ValueError, RecursionError) as error:
        raise UnreadableBaseError(_NOT_A_BASE) from error
    if data.get("digest") != f"sha256:{digest}":
        raise UnreadableBaseError(_ALTERED)
    signature, line = data.get("signature"), data.get("signer")
    if not isinstance(signature, str) or not isinstance(line, str) or len(signature) + len(line) > 4_000:
        raise UnreadableBaseError("署名のないファイルは受け取れません。")
    try:
        signer = VerifierKey.parse(line)
        said = open_note(signature, signer)
    except (BadNoteError, ValueError) as error:
        raise UnreadableBaseError("ファイルの署名が正しくありません。もう一度受け取ってください。") from error
    if signer.name != f"{_NAME}/{body.origin_code}" or said != _signed_words(body, digest):
        raise UnreadableBaseError("ファイルの署名が、この中身のものではありません。もう一度受け取ってください。")
    return digest, signer


def _signed_words(body: BaseBody, digest: str) -> str:
    return f"{_NAME}\n{body.origin_code}\n{body.offer}\n{body.revision}\nsha256:{digest}\n"
