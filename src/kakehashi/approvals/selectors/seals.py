"""電子公印: whether a government has a key to sign with."""

from __future__ import annotations

from kakehashi.governments.models import Government


def seal_is_ready(government: Government) -> bool:
    """Whether the settings name a folder that holds this government's key."""
    return False
