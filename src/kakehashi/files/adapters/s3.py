"""Content in an S3-compatible store, asked with the five verbs we need: no more of its interface is used.

Requests are signed with AWS Signature Version 4 over the standard library's HTTP client; the whole client is this file.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, BinaryIO, cast
from urllib.parse import parse_qs, quote, unquote, urlsplit
from uuid import UUID
from xml.etree import ElementTree as ET

from django.conf import settings
from django.db import connection

from kakehashi.files.domain.content_store import Incoming, LocalFolder, check_digest
from kakehashi.kernel import clock

__all__ = ["Bucket", "S3Store", "StoreRefused", "signature"]

EMPTY = hashlib.sha256(b"").hexdigest()
_SECONDS = 30
_IN_MEMORY = 1024 * 1024


class StoreRefused(RuntimeError):
    """The store answered with an error."""


@dataclass(frozen=True)
class Bucket:
    """One bucket and who may use it."""

    host: str
    name: str
    region: str
    key: str
    secret: str
    is_encrypted: bool = True

    @classmethod
    def parse(cls, address: str) -> Bucket:
        """Read ``s3://key:secret@host[:port]/bucket?region=…``; ``s3+http://`` is for tests on one machine."""
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        region = parse_qs(parts.query).get("region", ["us-east-1"])[0]
        user, word = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(host, parts.path.strip("/"), region, user, word, parts.scheme == "s3")


def signature(bucket: Bucket, method: str, path: str, query: str, headers: Mapping[str, str]) -> str:
    """The value of ``Authorization``; ``headers`` are in lower case and hold host, x-amz-date and x-amz-content-sha256."""
    names = sorted(headers)
    canonical = "\n".join([
        method, quote(path, safe="/-_.~"), query,
        *[f"{name}:{headers[name].strip()}" for name in names], "",
        ";".join(names), headers["x-amz-content-sha256"],
    ])  # fmt: skip
    moment = headers["x-amz-date"]
    scope = f"{moment[:8]}/{bucket.region}/s3/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{bucket.secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signed = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return f"AWS4-HMAC-SHA256 Credential={bucket.key}/{scope},SignedHeaders={';'.join(names)},Signature={signed}"


class S3Store:
    """The content store in a bucket: ``<government>/<sha256>``; parts of uploads in ``<government>/parts/…``."""

    def __init__(self, address: str | None = None) -> None:
        self.bucket = Bucket.parse(address or settings.CONFIG.content_store)
        # What comes in is judged in a temporary file of this machine before it goes out.
        self._folder = LocalFolder(settings.FILES_ROOT)

    def receive(self, content: BinaryIO, most: int) -> AbstractContextManager[Incoming]:
        """Write content to a temporary file while its digest is made."""
        return self._folder.receive(content, most)

    def keep(self, owner: UUID, incoming: Incoming) -> None:
        """Put the content into the bucket; put again, it only becomes younger."""
        _lock(owner, incoming.sha256)
        incoming.stream.seek(0)
        self._ask(
            "PUT", self._name(owner, incoming.sha256), body=incoming.stream, size=incoming.size, digest=incoming.sha256
        )

    def open(self, owner: UUID, sha256: str) -> BinaryIO:
        """Kept content, fetched into a temporary file."""
        return self._fetch(self._name(owner, sha256))

    def kept(self, owner: UUID) -> Iterator[tuple[str, float]]:
        """Every content of a government."""
        for name, changed_at in self._list(f"{owner.hex}/"):
            digest = name.rpartition("/")[2]
            if name.count("/") == 1 and len(digest) == 64:
                yield digest, changed_at

    def forget(self, owner: UUID, sha256: str, before: float) -> bool:
        """Remove content, unless somebody kept it again since."""
        _lock(owner, sha256)
        found = dict(self._list(self._name(owner, sha256))).get(self._name(owner, sha256))
        if found is None or found >= before:
            return False
        self._ask("DELETE", self._name(owner, sha256))
        return True

    def put_part(self, owner: UUID, upload: UUID, number: int, data: bytes) -> None:
        """Keep one part of an upload."""
        digest = hashlib.sha256(data).hexdigest()
        self._ask("PUT", self._part(owner, upload, number), body=data, size=len(data), digest=digest)

    def open_part(self, owner: UUID, upload: UUID, number: int) -> BinaryIO:
        """One part; raises FileNotFoundError."""
        return self._fetch(self._part(owner, upload, number))

    def drop_parts(self, owner: UUID, upload: UUID) -> None:
        """Forget an upload's parts."""
        for name, _ in list(self._list(f"{owner.hex}/parts/{upload.hex}/")):
            self._ask("DELETE", name)

    def _name(self, owner: UUID, sha256: str) -> str:
        return f"{owner.hex}/{check_digest(sha256)}"

    def _part(self, owner: UUID, upload: UUID, number: int) -> str:
        return f"{owner.hex}/parts/{upload.hex}/{number:06d}"

    def _fetch(self, name: str) -> BinaryIO:
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
        try:
            self._ask("GET", name, into=cast("IO[bytes]", file))
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return cast("BinaryIO", file)

    def _list(self, prefix: str) -> Iterator[tuple[str, float]]:
        token = ""
        while True:
            query = {"list-type": "2", "prefix": prefix} | ({"continuation-token": token} if token else {})
            page = ET.fromstring(self._ask("GET", "", query=query))  # noqa: S314 - expat of 3.11 bounds entities
            space = page.tag.partition("}")[0] + "}" if page.tag.startswith("{") else ""
            for item in page.iter(f"{space}Contents"):
                changed = datetime.fromisoformat(item.findtext(f"{space}LastModified", ""))
                yield item.findtext(f"{space}Key", ""), changed.timestamp()
            token = page.findtext(f"{space}NextContinuationToken", "")
            if not token:
                return

    def _ask(
        self, method: str, name: str, *, query: Mapping[str, str] | None = None, body: BinaryIO | bytes = b"",
        size: int = 0, digest: str = EMPTY, into: IO[bytes] | None = None,
    ) -> bytes:  # fmt: skip
        path = f"/{self.bucket.name}/{name}" if name else f"/{self.bucket.name}"
        asked = "&".join(
            f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in sorted((query or {}).items())
        )
        headers = {
            "host": self.bucket.host,
            "x-amz-content-sha256": digest,
            "x-amz-date": clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ"),
        }
        headers["authorization"] = signature(self.bucket, method, path, asked, headers)
        headers["content-length"] = str(size)
        with closing(self._connect()) as wire:
            wire.request(method, f"{path}?{asked}" if asked else path, body=body if size else None, headers=headers)
            answer = wire.getresponse()
            if answer.status == 404 and name:
                raise FileNotFoundError(name)
            if answer.status >= 300:
                raise StoreRefused(f"{method} {path}: {answer.status} {answer.read(500).decode(errors='replace')}")
            if into is None:
                return answer.read()
            while piece := answer.read(_IN_MEMORY):
                into.write(piece)
            return b""

    def _connect(self) -> http.client.HTTPConnection:
        if not self.bucket.is_encrypted:
            return http.client.HTTPConnection(self.bucket.host, timeout=_SECONDS)
        return http.client.HTTPSConnection(self.bucket.host, timeout=_SECONDS, context=ssl.create_default_context())


def _lock(owner: UUID, sha256: str) -> None:
    # Keeping and forgetting take turns: held to the end of the transaction in which the row is written.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files|{owner.hex}|{sha256}"])
