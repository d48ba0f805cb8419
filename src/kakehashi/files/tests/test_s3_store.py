"""Content in an S3-compatible store: the signatures of AWS's own worked examples, and the verbs against a small bucket."""

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from kakehashi.files.adapters.s3 import EMPTY, Bucket, S3Store, StoreRefused, signature
from kakehashi.files.domain.parts import PART_BYTES
from kakehashi.files.selectors import content_store, read_file
from kakehashi.files.services import begin_upload, discard_file, finish_upload, store_file, sweep_content, take_part
from kakehashi.files.testing import PDF, PURPOSE
from kakehashi.kernel import clock
from kakehashi.people.testing import Town

EXAMPLE = Bucket.parse(
    "s3://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY@examplebucket.s3.amazonaws.com/examplebucket"
)
HEADERS = {"host": "examplebucket.s3.amazonaws.com", "x-amz-date": "20130524T000000Z"}


# Amazon S3 API Reference, "Signature Calculations for the Authorization Header", the four worked examples.
@pytest.mark.parametrize(
    ("method", "path", "query", "more", "digest", "expected"),
    [
        ("GET", "/test.txt", "", {"range": "bytes=0-9"}, EMPTY, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        (
            "PUT", "/test$file.text", "", {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        ("GET", "/", "lifecycle=", {}, EMPTY, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        ("GET", "/", "max-keys=2&prefix=J", {}, EMPTY, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ],
)  # fmt: skip
def test_signatures_are_those_of_the_worked_examples(method, path, query, more, digest, expected) -> None:
    found = signature(EXAMPLE, method, path, query, {**HEADERS, **more, "x-amz-content-sha256": digest})
    assert found.rpartition("Signature=")[2] == expected


class SmallBucket(BaseHTTPRequestHandler):
    """PUT, GET, DELETE and list; every request's signature is computed again and compared."""

    objects: ClassVar[dict[str, tuple[bytes, datetime]]] = {}
    bucket: ClassVar[Bucket]

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_one(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        given = self.headers["Authorization"]
        names = re.search("SignedHeaders=([^,]*)", given)[1].split(";")
        expected = signature(
            self.bucket, self.command, parts.path, parts.query, {name: self.headers[name] for name in names}
        )
        if given != expected or self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            self.answer(403, b"SignatureDoesNotMatch")
            return
        name = unquote(parts.path).removeprefix(f"/{self.bucket.name}").lstrip("/")
        if self.command == "PUT":
            self.objects[name] = (body, clock.now())
            self.answer(200)
        elif self.command == "DELETE":
            self.objects.pop(name, None)
            self.answer(204)
        elif not name:
            self.answer(200, self.listing(parse_qs(parts.query)))
        elif name in self.objects:
            self.answer(200, self.objects[name][0])
        else:
            self.answer(404)

    do_GET = do_PUT = do_DELETE = handle_one  # noqa: N815 - the names the server calls

    def listing(self, query: dict[str, list[str]]) -> bytes:
        after, prefix = query.get("continuation-token", [""])[0], query["prefix"][0]
        names = sorted(name for name in self.objects if name.startswith(prefix) and name > after)
        items = "".join(
            f"<Contents><Key>{name}</Key><LastModified>{self.objects[name][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for name in names[:2]
        )
        more = f"<NextContinuationToken>{names[1]}</NextContinuationToken>" if len(names) > 2 else ""
        return f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{items}{more}</ListBucketResult>'.encode()


@pytest.fixture
def bucket(socket_enabled: None, settings) -> Iterator[type[SmallBucket]]:
    """A small bucket on a free port, and the installation set to keep its files there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), SmallBucket)
    address = f"s3+http://key:se%2Fcret@127.0.0.1:{server.server_port}/town?region=ap-northeast-1"
    SmallBucket.objects.clear()
    SmallBucket.bucket = Bucket.parse(address)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.FILES_STORE = "kakehashi.files.tests.test_s3_store.Here"
    Here.address = address
    yield SmallBucket
    server.shutdown()
    server.server_close()


class Here(S3Store):
    address = ""

    def __init__(self) -> None:
        super().__init__(self.address)


def test_a_file_goes_to_the_bucket_and_comes_back(town: Town, bucket) -> None:
    stored = store_file(actor=town.clerk, name="住民票.pdf", content=PDF, purpose=PURPOSE)
    assert list(bucket.objects) == [f"{town.id.hex}/{stored.sha256}"]
    assert read_file(stored) == PDF


def test_the_sweep_forgets_old_content_that_nobody_has(town: Town, bucket) -> None:
    made = [store_file(actor=town.clerk, name="a.pdf", content=PDF + bytes([n]), purpose=PURPOSE) for n in range(5)]
    assert len(list(content_store().kept(town.id))) == 5
    discard_file(actor=town.clerk, stored_file=made[0])
    discard_file(actor=town.clerk, stored_file=made[1])
    for name in (f"{town.id.hex}/{one.sha256}" for one in made[1:]):
        bucket.objects[name] = (bucket.objects[name][0], datetime(2026, 1, 1, tzinfo=UTC))
    assert sweep_content(town.id) == 1
    assert read_file(made[2]) == PDF + bytes([2])


def test_parts_wait_in_the_bucket(town: Town, bucket) -> None:
    content = PDF + os.urandom(PART_BYTES)
    upload = begin_upload(actor=town.clerk, purpose=PURPOSE, name="a.pdf", size=len(content))
    for number in range(2):
        data = content[number * PART_BYTES : (number + 1) * PART_BYTES]
        take_part(actor=town.clerk, upload_id=upload.id, number=number, data=data)
    assert read_file(finish_upload(actor=town.clerk, upload_id=upload.id)) == content
    content_store().drop_parts(town.id, upload.id)
    assert [name for name in bucket.objects if "/parts/" in name] == []


def test_a_wrong_secret_is_refused_and_a_lost_content_is_said(town: Town, bucket) -> None:
    with pytest.raises(FileNotFoundError):
        content_store().open(town.id, "0" * 64)
    Here.address = Here.address.replace("se%2Fcret", "other")
    with pytest.raises(StoreRefused, match="403"):
        store_file(actor=town.clerk, name="a.pdf", content=PDF, purpose=PURPOSE)
