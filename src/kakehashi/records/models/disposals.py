"""The yearly cycle: disposal lists, their items and acts, certificates, packages for the archives, tombstones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.row_security import insert_only
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models import Department
from kakehashi.records.models.registry import RecordFile


class ListState(models.TextChoices):
    """A list is gathered by the worker, then acted on; while approved items are carried out it is EXECUTING."""

    BUILDING = "building", "作成中"
    OPEN = "open", "審査中"
    EXECUTING = "executing", "執行中"
    CLOSED = "closed", "終了"


class Measure(models.TextChoices):
    """満了後の措置 of one file in one list."""

    DESTROY = "destroy", "廃棄"
    TRANSFER = "transfer", "移管"
    EXTEND = "extend", "延長"


class ItemState(models.TextChoices):
    """Where an item is on its road."""

    WAITING = "waiting", "申出待ち"
    REVIEWING = "reviewing", "確認中"
    APPROVED = "approved", "執行待ち"
    STOPPED = "stopped", "中止"
    PACKED = "packed", "受入れ待ち"
    DONE = "done", "執行済"


class DisposalList(TenantModel):
    """満了一覧: the files whose period ended before `cutoff_on`. `listed` of `total` files are on it so far, `done` of `due` carried
    out in the execution number `run`.
    """

    fiscal_year = models.PositiveSmallIntegerField()
    cutoff_on = models.DateField()
    state = models.CharField(max_length=20, choices=ListState.choices, default=ListState.BUILDING)
    total = models.PositiveIntegerField(default=0)
    listed = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    run = models.PositiveSmallIntegerField(default=0)
    last_file_id = models.UUIDField(null=True, blank=True)
    executor_id = models.UUIDField(null=True, blank=True)
    made_by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)
    moved_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.cutoff_on}までに満了"


class DisposalItem(TenantModel):
    """One file on a list. `stage` counts the stages that are done of the road in the rule pack; `proposer_id` did the first.

    `run` is the execution of the list that carried it out or stopped it.
    """

    disposal_list = TenantForeignKey(DisposalList, related_name="items")
    record_file = TenantForeignKey(RecordFile, related_name="disposal_items")
    department = TenantForeignKey(Department, related_name="+")
    expires_on = models.DateField()
    measure = models.CharField(max_length=20, choices=Measure.choices, blank=True)
    extend_years = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=ItemState.choices, default=ItemState.WAITING)
    stage = models.PositiveSmallIntegerField(default=0)
    proposer_id = models.UUIDField(null=True, blank=True)
    run = models.PositiveSmallIntegerField(default=0)
    stopped_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "disposal_list", "record_file"), name="disposal_item_once"
            ),
        ]
        indexes: ClassVar = [
            tenant_index("disposal_list", "state", "id", name="disposal_item_by_state"),
            tenant_index("record_file", name="disposal_item_by_file"),
        ]

    def __str__(self) -> str:
        return f"{self.record_file_id} {self.measure}"


@insert_only
class DisposalAct(TenantModel):
    """Who did which stage of an item, under which clause and version of the rules. Insert-only."""

    item = TenantForeignKey(DisposalItem, related_name="acts")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    clause = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=20, blank=True)
    comment = models.CharField(max_length=200, blank=True)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    acted_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("acted_at", "id")
        indexes: ClassVar = [tenant_index("item", name="disposal_act_by_item")]

    def __str__(self) -> str:
        return self.name


@insert_only
class DisposalCertificate(TenantModel):
    """廃棄・移管証明書: what one execution did. `digest` is of the rows as CSV, `file_id` the printable certificate."""

    number = models.PositiveIntegerField()
    disposal_list = TenantForeignKey(DisposalList, related_name="certificates")
    count = models.PositiveIntegerField()
    stopped = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    rows_file_id = models.UUIDField()
    file_id = models.UUIDField()
    made_by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "number"), name="disposal_certificate_number_once"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}号"


@insert_only
class Tombstone(TenantModel):
    """What stays of a file that was destroyed or transferred: how much, its digest, why and who. No content. Insert-only."""

    record_file = TenantForeignKey(RecordFile, related_name="tombstones")
    item = TenantForeignKey(DisposalItem, related_name="tombstones")
    measure = models.CharField(max_length=20, choices=Measure.choices)
    documents = models.PositiveIntegerField()
    files = models.PositiveIntegerField()
    papers = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    grounds = models.TextField()
    went_to = models.CharField(max_length=200, blank=True)
    executed_by_label = models.CharField(max_length=200)
    executed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "record_file"), name="tombstone_of_a_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.record_file_id} {self.measure}"


class TransferPackage(TenantModel):
    """The bag made for the archives of one file, and the archives' word that they have it."""

    item = TenantForeignKey(DisposalItem, related_name="packages")
    file_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    accepted_on = models.DateField(null=True, blank=True)
    accepted_by = models.CharField(max_length=120, blank=True)
    reference = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "item"), name="transfer_package_of_an_item_once"),
        ]

    def __str__(self) -> str:
        return self.sha256
