"""Webhookの受け取り側の例 / An example of a receiver of webhooks. Python 3.11+, standard library only.

    WEBHOOK_SECRET=whsec_… python webhook_receiver.py 8080

It checks the signature, refuses what is old, counts a repeat once, answers at once and does the work afterwards.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import queue
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE = 300
MOST_BYTES = 100_000


def is_genuine(secrets: list[str], headers: Any, body: bytes, now: float | None = None) -> bool:
    """Whether one of our secrets made one of the signatures (there are two while a secret is being changed), just now."""
    message_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs((time.time() if now is None else now) - int(stamp)) > TOLERANCE:
        return False
    signed = f"{message_id}.{stamp}.".encode() + body
    given = [each.partition(",")[2] for each in headers.get("webhook-signature", "").split() if each.startswith("v1,")]
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        ours = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(ours, each) for each in given):
            return True
    return False


class Receiver(BaseHTTPRequestHandler):
    """Takes messages. Keep `seen` in your database: the same message may come again, after days or by a replay."""

    secrets: list[str] = []
    seen: set[str] = set()
    work: queue.Queue[dict[str, Any]] = queue.Queue()

    def do_POST(self) -> None:
        """200 as soon as the message is safe with us; anything else makes the sender try again."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if 0 < length <= MOST_BYTES else b""
        if not body or not is_genuine(self.secrets, self.headers, body):
            self._answer(401)
            return
        message_id = self.headers["webhook-id"]
        if message_id not in self.seen:
            self.seen.add(message_id)
            self.work.put(json.loads(body))
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing for each request."""


def do_the_work() -> None:
    """Messages carry ids and states only: fetch the application with your API key, take it in, and say so (receipt)."""
    while True:
        message = Receiver.work.get()
        print(message["type"], message["position"], message["data"], flush=True)


if __name__ == "__main__":
    Receiver.secrets = os.environ["WEBHOOK_SECRET"].split()
    threading.Thread(target=do_the_work, daemon=True).start()
    # Behind a proxy that speaks https: messages go to https addresses only.
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
