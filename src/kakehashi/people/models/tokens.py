"""Keys with which other systems call the API."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class ApiToken(TenantModel):
    """A key of the API: what it may do, for which department, and until when. Only a digest of the key itself is kept.

    `department` narrows what it reads and does to that department and the ones below it; none means the whole government.
    """

    name = models.CharField("名前", max_length=100)
    digest = models.CharField(max_length=64)
    permissions: models.JSONField[list[str], list[str]] = models.JSONField("できること", default=list)
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+", verbose_name="所属")
    made_by = models.CharField("作った人", max_length=200)
    made_at = models.DateTimeField(default=clock.now)
    valid_to = models.DateField("期限")
    revoked_at = models.DateTimeField("取り消し", null=True, blank=True)
    used_on = models.DateField("最後に使われた日", null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "digest"), name="one_key_one_digest")]

    def __str__(self) -> str:
        return self.name
