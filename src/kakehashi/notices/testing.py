"""What tests of notices share: one kind, one message."""

from __future__ import annotations

from typing import Any

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.registry import DuplicateKey
from kakehashi.notices.hooks import register_kind
from kakehashi.notices.models import Notice
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.people.selectors import StaffActor
from kakehashi.people.testing import Town

KIND = "notices.test"


def a_kind() -> str:
    """Register the kind of the tests once and return it."""
    try:
        register_kind(KIND, "試験のお知らせ")
    except DuplicateKey:
        pass
    return KIND


def tell(town: Town, to: StaffActor | str, **changes: Any) -> Notice:
    """Send a message to a member of staff or to an address; the town's scope must be open."""
    recipient = Recipient(email=to, name="田中") if isinstance(to, str) else Recipient(person_id=to.id, name=to.name)
    values = {
        "actor": town.officer,
        "kind": a_kind(),
        "to": recipient,
        "subject": "確認のお願い",
        "body_text": "転入届を確かめてください。",
        "url": "/hibari/staff/cases/",
        "idempotency_key": uuid7(),
    }
    return send_notice(**{**values, **changes})
