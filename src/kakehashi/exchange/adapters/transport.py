"""回線: one outbound https POST carries a bundle there and brings one back. The staff side opens no port to the outside."""

from __future__ import annotations

import urllib.error
import urllib.request
from email.message import Message
from typing import IO, NoReturn

from kakehashi.exchange.domain.envelope import MOST_BYTES

__all__ = ["MEDIA_TYPE", "TransportError", "post_bundle"]

MEDIA_TYPE = "application/vnd.kakehashi.bundle"
_SECONDS = 60
_MOST_WORDS = 2_000


class TransportError(Exception):
    """The other side could not be reached, or would not take the bundle; the message is Japanese."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A bundle goes to the address the two sides agreed on, and nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> NoReturn:
        raise TransportError("公開側の住所が別の住所へ転送しました。住所を確かめてください。")


def post_bundle(url: str, content: bytes) -> bytes:
    """Send a bundle and give the one that came back. Raises TransportError.

    The proxy and the certificates of the machine are used (`HTTPS_PROXY`, `SSL_CERT_FILE`); a redirection is refused.
    """
    request = urllib.request.Request(url, data=content, headers={"Content-Type": MEDIA_TYPE}, method="POST")  # noqa: S310 - checked when paired
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_SECONDS) as answer:
            received: bytes = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        told = (
            error.read(_MOST_WORDS).decode("utf-8", "replace")
            if error.headers.get_content_type() == "text/plain"
            else ""
        )
        raise TransportError(told.strip()[:250] or f"公開側が受け取りませんでした（{error.code}）。") from error
    except (OSError, ValueError) as error:
        raise TransportError(
            f"公開側につながりません（{type(error).__name__}）。住所・証明書・回線を確かめてください。"
        ) from error
    if len(received) > MOST_BYTES:
        raise TransportError("公開側から届いた包みが大きすぎます。")
    return received
