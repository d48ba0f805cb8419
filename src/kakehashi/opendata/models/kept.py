"""A row of a table that staff keep so that it can be published."""

from __future__ import annotations

from typing import Any

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantModel


class KeptRow(TenantModel):
    """What every kept row has: the ID the town gives it, and the day it was retired (廃止), after which it is not published.

    A retired row stays, so that an ID is never given twice. `revision` counts the changes, against lost updates.
    """

    identifier = models.CharField("ID", max_length=40)
    retired_on = models.DateField("廃止した日", null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    @property
    def is_retired(self) -> bool:
        """Whether it is no longer published."""
        return self.retired_on is not None

    def value_of(self, key: str) -> Any:
        """The value of a column that this row keeps."""
        return getattr(self, key)


def text(label: str, length: int = 200, **more: Any) -> models.CharField[str, str]:
    """A line of text that may be empty."""
    return models.CharField(label, max_length=length, blank=True, default="", **more)


def place(label: str) -> models.DecimalField[Any, Any]:
    """A latitude or longitude in degrees (世界測地系), as exact as it was given."""
    return models.DecimalField(label, max_digits=13, decimal_places=10, null=True, blank=True)
