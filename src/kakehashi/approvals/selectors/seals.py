"""電子公印: whether a government has a key to sign with, and how far its proof goes."""

from __future__ import annotations

from django.conf import settings

from kakehashi.approvals.domain.seals import SealSettings
from kakehashi.governments.models import Government


def seal_settings(government: Government) -> SealSettings | None:
    """The government's key and level as the machine's settings have them; None: there is no key, so 公印省略."""
    config = settings.CONFIG
    if config.seal_folder is None:
        return None
    key = config.seal_folder / f"{government.code}.p12"
    return SealSettings(key=key, level=config.seal_level, tsa=config.seal_tsa) if key.is_file() else None


def seal_is_ready(government: Government) -> bool:
    """Whether notices of this government can be sealed."""
    return seal_settings(government) is not None
