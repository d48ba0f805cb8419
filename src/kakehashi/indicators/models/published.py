"""What the state and others publish about every government: read by all tenants, written by the import alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.published import Answer, Cell, RowKind, Scope
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import GlobalModel


class PublishedEdition(GlobalModel):
    """One publication: the survey, the day it speaks of, and whether it is preliminary (速報) or confirmed (確定)."""

    name = models.CharField("版の名前", max_length=100, unique=True)
    source = models.CharField("出典", max_length=300)
    as_of = models.DateField("調査時点", null=True, blank=True)
    is_confirmed = models.BooleanField("確定", default=True)
    imported_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["-as_of", "-imported_at"]

    def __str__(self) -> str:
        return self.name


class PublishedIndicator(GlobalModel):
    """A row of a published table: an indicator of an area (分野), for municipalities or for prefectures."""

    edition = models.ForeignKey(PublishedEdition, on_delete=models.CASCADE, related_name="indicators")
    scope = models.CharField(max_length=20, choices=[(scope.value, scope.value) for scope in Scope])
    area = models.CharField(max_length=100)
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in RowKind])
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["scope", "order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("edition", "scope", "area", "label"), name="one_row_an_indicator"),
        ]

    def __str__(self) -> str:
        return self.label


class PublishedValue(GlobalModel):
    """What was published about one government. A correction is a new row with a reason; the former one stays, no longer current."""

    indicator = models.ForeignKey(PublishedIndicator, on_delete=models.CASCADE, related_name="values")
    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20, choices=[(answer.value, answer.value) for answer in Answer])
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    revision = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=500, blank=True)
    is_current = models.BooleanField(default=True)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("indicator", "government"),
                condition=models.Q(is_current=True),
                name="one_current_published_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.government_id}"

    @property
    def cell(self) -> Cell:
        """The value as the published cell."""
        return Cell(Answer(self.answer), self.value, self.numerator, self.denominator)
