"""The shapes of a prefecture's municipalities, from a file the prefecture brought itself: none comes with the program."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantModel


class AreaMap(TenantModel):
    """One imported map. `shapes` is a list of {code, name, path}; the drawing is `width` by `height`. At most one a government."""

    file_name = models.CharField(max_length=200)
    width = models.FloatField()
    height = models.FloatField()
    shapes = models.JSONField(default=list)
    points = models.PositiveIntegerField()
    imported_by = models.CharField(max_length=200)
    imported_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id",), name="plans_one_area_map")]

    def __str__(self) -> str:
        return self.file_name
