"""The event: one official act, written in the act's own transaction and never changed."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.row_security import insert_only
from kakehashi.kernel.tenancy import TenantModel


def _salt() -> bytes:
    return secrets.token_bytes(16)


@insert_only
class Event(TenantModel):
    """One official act. `payload` holds ids and facts, never answers or secrets; `salt` blinds the commitment."""

    act_id = models.UUIDField()
    code = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    post_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    payload = models.JSONField(default=dict)
    salt = models.BinaryField(default=_salt)
    occurred_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("government_id", "subject_id", "id"), name="event_by_subject"),
        ]

    def __str__(self) -> str:
        return self.code
