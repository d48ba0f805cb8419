"""Time stamps of an authority on our checkpoints, where one is set."""

from __future__ import annotations

import logging
from datetime import timedelta

from kakehashi.journal.adapters.timestamps import TimestampFailed, ask_timestamp, authority
from kakehashi.journal.models import Anchor, AnchorKind
from kakehashi.journal.selectors import last_seal
from kakehashi.kernel import clock
from kakehashi.kernel.services import service

_log = logging.getLogger(__name__)

# The stamp says that the checkpoint existed at that moment; on an old one it would say little.
_FRESH = timedelta(hours=1)
_DAY = timedelta(hours=23, minutes=30)


@service
def stamp_newest(*, once_a_day: bool = False) -> Anchor | None:
    """Have the authority stamp the newest checkpoint while it is fresh; None without an authority, an answer, or need.

    A silent authority holds up nothing: the next run asks again. Not an official act, so it writes no event.
    """
    seal = last_seal()
    if not authority() or seal is None or clock.now() - seal.signed_at > _FRESH:
        return None
    if once_a_day and Anchor.objects.filter(kind=AnchorKind.TIMESTAMP, made_at__gt=clock.now() - _DAY).exists():
        return None
    known = Anchor.objects.filter(kind=AnchorKind.TIMESTAMP, size=seal.size).first()
    if known is not None:
        return known
    try:
        reply = ask_timestamp(seal.note.encode())
    except TimestampFailed as error:
        _log.warning("no time stamp for the checkpoint of size %s: %s", seal.size, error)
        return None
    return Anchor.objects.create(
        kind=AnchorKind.TIMESTAMP, size=seal.size, note=seal.note, content=reply, place=authority()[:200]
    )
