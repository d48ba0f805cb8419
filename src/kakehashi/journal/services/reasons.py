"""Why somebody of another section reads it: kept with the session for some hours, written down with every access."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.backends.base import SessionBase

from kakehashi.kernel import clock

__all__ = ["REASON_HOLDS", "keep_reason", "reason_for"]

_REASONS = "journal_reasons"
#: A reason holds for the same thing for so long; then it is asked for again.
REASON_HOLDS = timedelta(hours=8)
_MOST_KEPT = 40


def reason_for(session: SessionBase, scope: str) -> str:
    """The reason this person gave for it a while ago, empty when there is none or it is too old."""
    reason, until = session.get(_REASONS, {}).get(scope, ("", 0.0))
    return str(reason) if until > clock.now().timestamp() else ""


def keep_reason(session: SessionBase, scope: str, reason: str) -> None:
    """Remember a reason with the session."""
    now = clock.now()
    kept = {key: value for key, value in session.get(_REASONS, {}).items() if value[1] > now.timestamp()}
    kept[scope] = (reason, (now + REASON_HOLDS).timestamp())
    session[_REASONS] = dict(list(kept.items())[-_MOST_KEPT:])
