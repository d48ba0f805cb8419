"""回線: one outbound https POST carries a bundle there and brings one back. The staff side opens no port to the outside."""

from __future__ import annotations

from http import HTTPStatus

from kakehashi.exchange.domain.envelope import MOST_BYTES
from kakehashi.kernel.outbound import NoAnswer, OutboundRefused, send

__all__ = ["MEDIA_TYPE", "TransportError", "post_bundle"]

MEDIA_TYPE = "application/vnd.kakehashi.bundle"
# A bundle of 40 MB over a slow line of 1 Mbit/s, there and back.
_SECONDS = 900.0
_REDIRECTS = range(300, 400)


class TransportError(Exception):
    """The other side could not be reached, or would not take the bundle; the message is Japanese."""


def post_bundle(url: str, content: bytes) -> bytes:
    """Send a bundle and give the one that came back. Raises TransportError.

    It goes by the house's door to the outside (no private address, no redirection); the proxy and the certificates of the
    machine are used (`HTTPS_PROXY`, `SSL_CERT_FILE`).
    """
    try:
        answer = send(
            url,
            method="POST",
            body=content,
            headers={"Content-Type": MEDIA_TYPE},
            seconds=_SECONDS,
            pause=60.0,
            most=MOST_BYTES,
        )
    except OutboundRefused as error:
        raise TransportError(str(error)) from error
    except NoAnswer as error:
        raise TransportError(f"公開側につながりません（{error}）。住所・証明書・回線を確かめてください。") from error
    if answer.status in _REDIRECTS:
        raise TransportError("公開側の住所が別の住所へ転送しました。住所を確かめてください。")
    if answer.status != HTTPStatus.OK:
        told = answer.body.decode("utf-8", "replace").strip() if answer.media_type == "text/plain" else ""
        raise TransportError(told[:250] or f"公開側が受け取りませんでした（{answer.status}）。")
    return answer.body
