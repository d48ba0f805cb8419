"""RFC 3161: an authority outside signs that a text existed at a moment, without seeing more than its digest."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings

from kakehashi.kernel.later import later
from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, send

if TYPE_CHECKING:
    from asn1crypto import algos, tsp
else:
    algos, tsp = later("asn1crypto.algos"), later("asn1crypto.tsp")

_GRANTED = {"granted", "granted_with_mods"}
_SECONDS = 5.0


class TimestampFailed(Exception):
    """The authority gave no usable time stamp; the message is short and names no content."""


def authority() -> str:
    """The address of the authority the machine's settings name; empty: none."""
    return str(settings.CONFIG.journal_tsa)


def authority_roots() -> bytes:
    """The authority's certificates as PEM, for those who verify offline; empty when the operator gave none."""
    path = settings.CONFIG.journal_tsa_ca
    return path.read_bytes() if path is not None and path.is_file() else b""


def ask_timestamp(data: bytes) -> bytes:
    """The authority's reply (DER) for `data`. Raises TimestampFailed."""
    digest, nonce = hashlib.sha256(data).digest(), secrets.randbits(63)
    query = tsp.TimeStampReq(
        {
            "version": "v1",
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": digest,
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        answer = send(authority(), method="POST", body=query.dump(), headers=headers, seconds=_SECONDS, pause=_SECONDS)
    except (NoAnswer, OutboundRefused) as error:
        raise TimestampFailed(str(error)) from error
    if answer.status != 200:
        raise TimestampFailed(f"the authority answered {answer.status}")
    _judge(answer.body, digest, nonce)
    return answer.body


def _judge(reply: bytes, digest: bytes, nonce: int) -> None:
    """Refuse a reply for another text or another question. Its signature is for whoever verifies to check."""
    try:
        read = tsp.TimeStampResp.load(reply)
        if read["status"]["status"].native not in _GRANTED:
            raise TimestampFailed("the authority refused")
        info = read["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed.native
    except (ValueError, TypeError, KeyError) as error:
        raise TimestampFailed("the reply cannot be read") from error
    if info["message_imprint"]["hashed_message"] != digest or info["nonce"] != nonce:
        raise TimestampFailed("the reply is for another question")
