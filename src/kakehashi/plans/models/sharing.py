"""What a municipality lets its prefecture and the prefecture's other municipalities see: its choices, and the copies published because of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.indicators.domain.figure import Figure, FigureState
from kakehashi.indicators.domain.measure import Direction
from kakehashi.indicators.domain.period import Period, PeriodKind
from kakehashi.indicators.models import Finality, Origin
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import AddressedModel, TenantModel
from kakehashi.plans.domain.sharing import Reach

# The prefecture's other municipalities read what goes to them too; the database keeps the rest from them.
_WITH_TOWNS = (
    "origin_id = {open} OR audience_id = {open} OR"
    " (for_towns AND audience_id = (SELECT g.parent_id FROM governments_government g WHERE g.id = {open}))"
)


class SharingChoice(TenantModel):
    """One decision of the municipality: how far a kind of indicators (`kind:procedures`) or one indicator (its code) goes.

    Without a choice the prefecture sees the sums of the whole government. Rows are never shown, whatever is chosen.
    """

    subject = models.CharField(max_length=130)
    is_shared = models.BooleanField()
    for_towns = models.BooleanField(default=False, db_default=False)
    chosen_by = models.CharField(max_length=200)
    chosen_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "subject"), name="plans_one_sharing_choice")
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.reach}"

    @property
    def reach(self) -> Reach:
        """How far it goes."""
        return (Reach.TOWNS if self.for_towns else Reach.PREFECTURE) if self.is_shared else Reach.NONE


class SharingRenewal(TenantModel):
    """When the copies were last brought up to what is recorded, and the newest value that was there; one row at most."""

    renewed_at = models.DateTimeField(default=clock.now)
    last_record_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id",), name="plans_one_sharing_renewal")]

    def __str__(self) -> str:
        return f"{self.renewed_at}"


class SharedMeasure(AddressedModel):
    """An indicator as its origin describes it to the prefecture, whether its values are shown or withheld (非共有).

    `key` is the code of a registered measure; those kept by hand are joined between governments by their label and unit.
    """

    key = models.CharField(max_length=200)
    label = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    direction = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Direction])
    room = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField()
    formula_text = models.CharField(max_length=1000)
    policy_text = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200, blank=True)
    is_shared = models.BooleanField()
    for_towns = models.BooleanField(default=False, db_default=False)

    readers = _WITH_TOWNS

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("origin_id", "key"), name="plans_shared_measure_once")]
        indexes: ClassVar = [
            models.Index(
                fields=("audience_id", "key"), include=("origin_id", "is_shared"), name="plans_shared_measures"
            )
        ]

    def __str__(self) -> str:
        return self.label


class SharedFigure(AddressedModel):
    """A copy of one recorded value of a whole government: the sum, and what it was made of. Never a row, never a department."""

    key = models.CharField(max_length=200)
    version = models.PositiveSmallIntegerField(default=1)
    period_kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in PeriodKind])
    period_first = models.DateField()
    state = models.CharField(max_length=20, choices=[(state, state) for state in FigureState])
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    unknown_count = models.PositiveIntegerField(default=0)
    value_origin = models.CharField(max_length=10, choices=Origin.choices)
    finality = models.CharField(max_length=12, choices=Finality.choices)
    revision = models.PositiveSmallIntegerField(default=1)
    recorded_at = models.DateTimeField()
    record_id = models.UUIDField()
    is_latest = models.BooleanField(default=False)
    for_towns = models.BooleanField(default=False, db_default=False)

    readers = _WITH_TOWNS

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("origin_id", "key", "period_kind", "period_first"), name="plans_shared_figure_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("audience_id", "key", "period_kind"), condition=Q(is_latest=True), name="plans_latest_figures"
            ),
            models.Index(fields=("audience_id", "period_kind", "period_first", "key"), name="plans_figures_of_period"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.period_first}"

    @property
    def period(self) -> Period:
        """The period the value is about."""
        return Period.containing(self.period_first, PeriodKind(self.period_kind))

    @property
    def finality_words(self) -> str:
        """速報・確定・訂正; 「期間の途中」 for what the system counts in a period that is not over."""
        if self.value_origin == Origin.COMPUTED and self.period.contains(clock.today()):
            return "期間の途中"
        return Finality(self.finality).label

    @property
    def figure(self) -> Figure:
        """The value as a figure."""
        return Figure(FigureState(self.state), self.value, self.numerator, self.denominator, self.unknown_count)
