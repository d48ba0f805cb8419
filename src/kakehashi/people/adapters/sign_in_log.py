"""Every sign-in, sign-out and failed try becomes a line of the log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from kakehashi.kernel.security_log import address_of, digest_of, note_security

__all__ = ["connect"]


def connect() -> None:
    """Listen; called once when the program starts."""
    user_logged_in.connect(_signed_in, dispatch_uid="people.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="people.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="people.sign_in_failed")


def _signed_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    session = getattr(request, "session", {})
    methods = [str(one.get("method", "")) for one in session.get("account_authentication_methods", [])]
    note_security("signed in", user=user.pk, address=address_of(request), methods=" ".join(methods))


def _signed_out(sender: Any, request: Any, user: Any, **_: Any) -> None:
    if request is not None:
        request.is_signed_out = True
    note_security("signed out", user=getattr(user, "pk", ""), address=address_of(request))


def _failed(sender: Any, credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    name = str(credentials.get("email") or credentials.get("username") or "")
    note_security("sign-in failed", account=digest_of(name.strip().lower()), address=address_of(request))
