"""The desk's figures that a municipality chose to show to its prefecture."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import SharedModel, TenantModel


class FigureSharing(TenantModel):
    """Which figures of the desk this municipality shows to its prefecture. One row at most; without it nothing is shown."""

    figures = models.JSONField(default=list)
    chosen_by = models.CharField(max_length=200)
    chosen_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "県に見せる数字の選択"
        constraints: ClassVar = [models.UniqueConstraint(fields=["government_id"], name="desk_one_figure_sharing")]

    def __str__(self) -> str:
        return "、".join(self.figures)


class SharedFigures(SharedModel):
    """The chosen figures as they stood on a day; `prefecture_id` names the only government that reads them."""

    origin_name = models.CharField(max_length=60)
    prefecture_id = models.UUIDField()
    figures = models.JSONField(default=dict)
    as_of = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "県に見せた数字"
        constraints: ClassVar = [models.UniqueConstraint(fields=["origin_id"], name="desk_shared_figures_once")]
        indexes: ClassVar = [models.Index(fields=["prefecture_id"], name="desk_shared_figures_of")]

    def __str__(self) -> str:
        return self.origin_name
