"""Lines about who tried to come in and what was refused: ids, places and outcomes, never a name or what was typed."""

from __future__ import annotations

import hashlib
import hmac
import logging
from typing import Any

from django.conf import settings

_log = logging.getLogger("kakehashi.security")


def note_security(event: str, **facts: object) -> None:
    """Write one line; `event` is a few words of ours (signed in, sign-in failed, refused), facts are ids and codes."""
    _log.info(event, extra={"facts": {name: str(value) for name, value in facts.items() if value}})


def address_of(request: Any) -> str:
    """The visitor's address as `TransportMiddleware` found it; empty where there is no request."""
    return str(request.META.get("REMOTE_ADDR") or "") if request is not None else ""


def digest_of(name: str) -> str:
    """Twelve hex digits that stand for a name in the log: the same for the same name, of no use without our secret."""
    return hmac.new(settings.SECRET_KEY.encode(), f"security-log|{name}".encode(), hashlib.sha256).hexdigest()[:12]
