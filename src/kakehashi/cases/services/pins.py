"""固定したメモ: a message of the internal thread that stays on top of its case."""

from __future__ import annotations

from kakehashi.cases.models import Message, Pin, Thread
from kakehashi.cases.permissions import CasePermission
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service

MOST = 5


@service
def pin_message(*, actor: Actor, message: Message) -> Pin:
    """Keep an internal note on top of its case; twice makes one. Raises `DomainError` for a resident's thread or a sixth note."""
    require(actor, CasePermission.HANDLE)
    if message.thread != Thread.INTERNAL:
        raise DomainError("固定できるのは、職員だけのメモです。")
    others = Pin.objects.filter(case_id=message.case_id).exclude(message=message)
    if others.count() >= MOST:
        raise DomainError(f"固定できるメモは{MOST}件までです。古いものを外してください。")
    pin: Pin = Pin.objects.get_or_create(
        message=message, defaults={"case_id": message.case_id, "pinned_by": actor.label}
    )[0]
    return pin


@service
def unpin_message(*, actor: Actor, message: Message) -> None:
    """Let a note go back among the others; nothing happens when it was not pinned."""
    require(actor, CasePermission.HANDLE)
    Pin.objects.filter(message=message).delete()
