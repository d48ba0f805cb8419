"""The event, its leaf in the government's tree, and the signed seals over the tree. All are only ever added to."""

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
            models.Index(fields=("government_id", "code", "id"), name="event_by_code"),
        ]

    def __str__(self) -> str:
        return self.code


@insert_only
class Leaf(TenantModel):
    """The place of one event in its government's log, and the commitment to it (32 bytes).

    There is no foreign key: a lawful destruction (廃棄) removes the event, while its leaf stays for ever.
    """

    index = models.BigIntegerField()
    event_id = models.UUIDField()
    commitment = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "index"), name="leaf_index_once"),
            models.UniqueConstraint(fields=("government_id", "event_id"), name="leaf_event_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.index}"


@insert_only
class Seal(TenantModel):
    """A signed checkpoint over the first `size` leaves.

    `edge` is the right edge of the tree (32 bytes for each bit set in `size`): the next seal goes on from it without
    reading the leaves again. `note` is the signed text; `root` and `signed_at` repeat what it says.
    """

    size = models.BigIntegerField()
    root = models.BinaryField()
    edge = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "size"), name="seal_size_once"),
        ]

    def __str__(self) -> str:
        return f"{self.size} {bytes(self.root).hex()[:16]}"
