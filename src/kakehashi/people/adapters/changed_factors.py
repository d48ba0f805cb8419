"""After a change of a second factor every other sign-in of the account ends: whoever had stolen one loses it with the change.

A changed password does the same by itself: a session carries a digest of the password it was opened with.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.contrib import messages

from kakehashi.kernel.security_log import address_of, note_security

__all__ = ["connect"]


def connect() -> None:
    """Listen; called once when the program starts."""
    for signal in (authenticator_added, authenticator_removed, authenticator_reset):
        signal.connect(_changed, dispatch_uid="people.changed_factors")


def _changed(sender: Any, request: Any, user: Any, **_: Any) -> None:
    here = getattr(getattr(request, "session", None), "session_key", None)
    others = list(UserSession.objects.filter(user=user).exclude(session_key=here or ""))
    for each in others:
        each.end()
    note_security("factor changed", user=user.pk, address=address_of(request), ended=len(others))
    if others and here:
        messages.success(request, "安全のため、ほかの端末のサインインを終わらせました。")
