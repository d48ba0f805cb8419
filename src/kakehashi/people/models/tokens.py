"""Keys with which other systems call the API."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.permissions import known_permissions
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


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

    @property
    def permission_labels(self) -> list[str]:
        """What it may do, in the words of staff."""
        labels = known_permissions()
        return [labels.get(each, each) for each in self.permissions]


class ApiAnswer(TenantModel):
    """The answer to a call with an idempotency key, kept for seven days so that the same call again does nothing.

    `digest` is of method, address and body: the key used for another call is refused. Answers to writes hold ids and states only.
    """

    token = TenantForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "token", "key"), name="people_one_answer_a_key")
        ]
        indexes: ClassVar = [tenant_index("made_at", name="people_api_answer_made")]

    def __str__(self) -> str:
        return self.key
