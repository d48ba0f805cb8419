"""Which request and which act a line of the log belongs to. Ids only: nothing here may name a person."""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from uuid import UUID

__all__ = ["begin_request", "current_act", "current_request", "note_act"]

_request: ContextVar[str] = ContextVar("kakehashi_request", default="")
_act: ContextVar[UUID | None] = ContextVar("kakehashi_act", default=None)
# What a trusted proxy may send along; anything longer or stranger could carry text into the log.
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


def begin_request(given: str = "") -> str:
    """Begin a request, a sweep or a command and return its id; `given` is kept when it has the shape of an id."""
    request_id = given if given and _GIVEN.fullmatch(given) else secrets.token_hex(8)
    _request.set(request_id)
    _act.set(None)
    return request_id


def current_request() -> str:
    """The id of the request that is being answered, empty outside of one."""
    return _request.get()


def note_act(act_id: UUID) -> None:
    """Remember the official act that is being done, for the lines of the log that follow."""
    _act.set(act_id)


def current_act() -> UUID | None:
    """The last official act of this request, or None."""
    return _act.get()
