"""The names under which this room registers with the floors below, and those who listen to it."""

from __future__ import annotations

from collections.abc import Callable

from kakehashi.kernel.registry import Registry
from kakehashi.procedures.domain.names import (
    APPLICATION,
    EVENTS,
    FEE_EXEMPTION,
    FILE_PURPOSE_ANSWER,
    FILE_PURPOSE_ISSUED,
    FILE_PURPOSE_PROTECTED,
    NOTICES,
    PROCEDURE,
    RESIDENT_EVENTS,
)

__all__ = [
    "APPLICATION",
    "EVENTS",
    "FEE_EXEMPTION",
    "FILE_PURPOSE_ANSWER",
    "FILE_PURPOSE_ISSUED",
    "FILE_PURPOSE_PROTECTED",
    "NOTICES",
    "PROCEDURE",
    "RESIDENT_EVENTS",
    "register_sample_paper",
    "sample_paper",
]

_samples: Registry[Callable[[str], bytes]] = Registry("sample papers")


def register_sample_paper(name: str, make: Callable[[str], bytes]) -> None:
    """Offer a paper form to try 「様式から作る」 with, under its file name (the demo does); raises DuplicateKey.

    `make` is given the name of the government whose form it is.
    """
    _samples.register(name, make)


def sample_paper() -> tuple[str, Callable[[str], bytes]] | None:
    """The sample that is offered, None outside of a demo."""
    return next(iter(_samples.items()), None)
