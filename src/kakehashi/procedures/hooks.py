"""The names under which this room registers with the floors below, and those who listen to it."""

from kakehashi.procedures.domain.names import (
    APPLICATION,
    EVENTS,
    FILE_PURPOSE_ANSWER,
    FILE_PURPOSE_ISSUED,
    NOTICES,
    PROCEDURE,
    RESIDENT_EVENTS,
)

__all__ = [
    "APPLICATION",
    "EVENTS",
    "FILE_PURPOSE_ANSWER",
    "FILE_PURPOSE_ISSUED",
    "NOTICES",
    "PROCEDURE",
    "RESIDENT_EVENTS",
]
