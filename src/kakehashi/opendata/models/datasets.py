"""What a government decided about a dataset, and the editions it published."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.opendata.domain.columns import ColumnType, DataColumn
from kakehashi.opendata.domain.freshness import FREQUENCIES, Frequency, Freshness, freshness_of
from kakehashi.opendata.domain.licences import LICENCES, Licence


class DatasetState(models.TextChoices):
    """Whether everybody can read it."""

    DRAFT = "draft", "公開していない"
    PUBLISHED = "published", "公開中"
    WITHDRAWN = "withdrawn", "取り下げた"


class Dataset(TenantModel):
    """A registered dataset as this government publishes it.

    `confirmed_at` is when its rows were last compared with the tables, changed or not; `late_told_on` the day its section was told
    that it is old. `refreshes` lets the worker publish a new edition at night.
    """

    code = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=DatasetState.choices, default=DatasetState.DRAFT)
    department = TenantForeignKey(
        "people.Department", null=True, blank=True, related_name="+", verbose_name="問合せ先の課"
    )
    licence = models.CharField(
        "ライセンス", max_length=20, choices=[(key, licence.label) for key, licence in LICENCES.items()]
    )
    frequency = models.CharField(
        "更新の頻度", max_length=10, choices=[(key.value, facts.label) for key, facts in FREQUENCIES.items()]
    )
    refreshes = models.BooleanField("毎晩自動で更新する", default=False)
    note = models.TextField("利用する人への注意", max_length=1000, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    refreshed_on = models.DateField(null=True, blank=True)
    refresh_problem = models.CharField(max_length=200, blank=True)
    late_told_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "code"), name="one_dataset_per_code"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_public(self) -> bool:
        """Whether everybody can read it now."""
        return self.state == DatasetState.PUBLISHED

    @property
    def freshness(self) -> Freshness:
        """How old it is today."""
        confirmed = self.confirmed_at.astimezone(clock.JST).date() if self.confirmed_at else None
        return freshness_of(confirmed, Frequency(self.frequency), clock.today())

    @property
    def licence_facts(self) -> Licence:
        """Its licence with name and address."""
        return LICENCES[self.licence]


class Edition(TenantModel):
    """The rows of a dataset as they were on a day. Never changed; a withdrawn one keeps its number and shows no rows."""

    dataset = TenantForeignKey(Dataset, related_name="editions", on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    licence = models.CharField(max_length=20)
    columns = models.JSONField()
    rows = models.JSONField()
    row_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    added = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(default=clock.now)
    published_by = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "dataset", "number"), name="one_edition_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.title} 第{self.number}版"

    @property
    def data_columns(self) -> list[DataColumn]:
        """The columns as they were when it was published."""
        return [_column(row) for row in self.columns]


def _column(row: dict[str, Any]) -> DataColumn:
    return DataColumn(
        key=row["key"],
        header=row["header"],
        type=ColumnType(row["type"]),
        unit=row.get("unit", ""),
        is_unique=row.get("is_unique", False),
        vocabulary=tuple(row.get("vocabulary", ())),
        help=row.get("help", ""),
    )


def column_as_json(column: DataColumn) -> dict[str, Any]:
    """A column as an edition keeps it."""
    return {
        "key": column.key,
        "header": column.header,
        "type": column.type.value,
        "unit": column.unit,
        "is_unique": column.is_unique,
        "vocabulary": list(column.vocabulary),
        "help": column.help,
    }
