"""The peer, the bundles both ways, and what travelled in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.exchange.domain.cards import Card
from kakehashi.exchange.domain.sides import Side
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class Peer(TenantModel):
    """The other half of this government's installation, known by its card. One for each government; no row: not split.

    `our_side` is which half we are. `sequence` is the number of the last bundle we wrote. `url` is the public side's address
    of the exchange, empty when bundles are carried as files. `their_waiting` is how many things waited there when they last
    wrote, at `their_made_at`: everything up to that moment is known here.
    """

    our_side = models.CharField(max_length=10, choices=[(side.value, side.label) for side in Side])
    sign = models.BinaryField()
    seal = models.BinaryField()
    fingerprint = models.CharField(max_length=40)
    our_fingerprint = models.CharField(max_length=40)
    url = models.CharField("公開側の住所", max_length=300, blank=True)
    sequence = models.PositiveBigIntegerField(default=0)
    their_made_at = models.DateTimeField(null=True)
    their_waiting = models.PositiveIntegerField(default=0)
    given_up: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    paired_at = models.DateTimeField(default=clock.now)
    exchanged_at = models.DateTimeField("最後の受け渡し", null=True)
    called_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id",), name="exchange_one_peer")]

    def __str__(self) -> str:
        return f"{self.our_side} ↔ {self.fingerprint}"

    @property
    def side(self) -> Side:
        """Which half we are."""
        return Side(self.our_side)

    def card(self, government: str) -> Card:
        """The peer's card; `government` is the six-digit code."""
        return Card(government, self.side.other, bytes(self.sign), bytes(self.seal), self.url)


class Via(models.TextChoices):
    """How a bundle travels."""

    HTTPS = "https", "回線"
    FILE = "file", "ファイル"


class OutgoingBundle(TenantModel):
    """A bundle we wrote. Its content is not kept: what it held can be written again from the rows.

    `given_up_at`: it was lost or is taken to be, and everything in it goes out again.
    """

    sequence = models.PositiveBigIntegerField("番号")
    via = models.CharField(max_length=5, choices=Via.choices)
    item_count = models.PositiveIntegerField("件数")
    size = models.PositiveBigIntegerField("大きさ")
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=200)
    acknowledged_at = models.DateTimeField("到着の確認", null=True)
    given_up_at = models.DateTimeField("送り直し", null=True)

    class Meta:
        indexes: ClassVar = [
            tenant_index("-made_at", "-id", name="exchange_out_latest"),
            models.Index(
                fields=["government_id", "sequence"],
                condition=Q(acknowledged_at__isnull=True, given_up_at__isnull=True),
                name="exchange_out_open",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.sequence}号"

    @property
    def is_open(self) -> bool:
        """Whether it is on its way, as far as we know."""
        return self.acknowledged_at is None and self.given_up_at is None


class OutgoingItem(TenantModel):
    """What was sent of one thing: the newest revision, the `mark` of its content, and the bundle that carries it.

    A thing waits to be sent when it has no row here, or its mark has changed, or `is_waiting` (its bundle was lost).
    """

    kind = models.CharField(max_length=60)
    item_id = models.UUIDField()
    revision = models.PositiveIntegerField(default=1)
    mark = models.CharField(max_length=200, blank=True)
    bundle = TenantForeignKey(OutgoingBundle, related_name="items")
    is_waiting = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "kind", "item_id"), name="exchange_out_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"


class Outcome(models.TextChoices):
    """What became of a bundle that came."""

    READ = "read", "取り込んだ"
    REFUSED = "refused", "断った"


class IncomingBundle(TenantModel):
    """A bundle that came, taken in or refused. `again` counts how often it came once more and changed nothing."""

    bundle_id = models.UUIDField(null=True)
    sequence = models.PositiveBigIntegerField("番号", default=0)
    via = models.CharField(max_length=5, choices=Via.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    item_count = models.PositiveIntegerField("件数", default=0)
    size = models.PositiveBigIntegerField("大きさ", default=0)
    again = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField("作った時刻", null=True)
    arrived_at = models.DateTimeField("届いた時刻", default=clock.now)
    read_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "bundle_id"), condition=Q(outcome="read"), name="exchange_in_once"
            )
        ]
        indexes: ClassVar = [
            tenant_index("-arrived_at", "-id", name="exchange_in_latest"),
            tenant_index("sequence", name="exchange_in_sequence"),
        ]

    def __str__(self) -> str:
        return f"第{self.sequence}号 {self.get_outcome_display()}"


class ItemState(models.TextChoices):
    """What became of one thing that came."""

    APPLIED = "applied", "取り込んだ"
    WAITING = "waiting", "先に要るものを待っている"
    REFUSED = "refused", "取り込めない"


class IncomingItem(TenantModel):
    """One thing that came, at its newest revision. `data` is kept only until it is applied."""

    kind = models.CharField(max_length=60)
    item_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=ItemState.choices)
    reason = models.CharField(max_length=300, blank=True)
    data = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    arrived_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "kind", "item_id"), name="exchange_in_item_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["government_id", "kind", "id"], condition=~Q(state="applied"), name="exchange_in_item_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_id}"


class FileCheck(TenantModel):
    """What the check of an arriving attachment did: taken off, or refused and put in quarantine.

    Nothing is written for a file that came through unchanged. `quarantine` names the sealed original, empty for a
    file that was only cleaned.
    """

    file_id = models.UUIDField()
    item_kind = models.CharField(max_length=60)
    item_id = models.UUIDField()
    name = models.CharField("名前", max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    is_refused = models.BooleanField(default=False)
    what = models.CharField("したこと", max_length=300)
    quarantine = models.CharField(max_length=100, blank=True)
    checked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "file_id"), name="exchange_file_checked_once")
        ]
        indexes: ClassVar = [tenant_index("-checked_at", "-id", name="exchange_check_latest")]

    def __str__(self) -> str:
        return f"{self.name}: {self.what}"


class NumberKind(models.TextChoices):
    """What an outside number is."""

    DECISION = "decision", "決裁番号"
    DOCUMENT = "document", "文書番号"
    FILE = "file", "簿冊"


class OutsideNumber(TenantModel):
    """A number that another system of the town gave to a thing of ours: 決裁番号, 文書番号 or the name of the 簿冊.

    `search_key` is the folded number, so that it is found however it is typed.
    """

    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    kind = models.CharField("種類", max_length=10, choices=NumberKind.choices)
    number = models.CharField("番号", max_length=100)
    search_key = models.CharField(max_length=200)
    title = models.CharField("件名", max_length=200)
    dated_on = models.DateField("日付", null=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "subject_kind", "subject_id", "kind"), name="exchange_number_once"
            )
        ]
        indexes: ClassVar = [tenant_index("search_key", name="exchange_number_search")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class Layout(TenantModel):
    """How one list looks to one town: the columns of a handover, or the headers confirmed for an intake.

    For a handover `columns` is a list of {"key", "header"} in order; for an intake one of {"key", "header"} as confirmed.
    """

    code = models.CharField(max_length=60)
    columns: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(default=list)
    encoding = models.CharField(max_length=12, default="utf-8-sig")
    saved_at = models.DateTimeField(default=clock.now)
    saved_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "code"), name="exchange_layout_once")]

    def __str__(self) -> str:
        return self.code


class HandedOver(TenantModel):
    """One thing that was put into a handover, so that the next one holds only what is new."""

    code = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    handed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "code", "subject_id"), name="exchange_handed_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject_id}"


class RunState(models.TextChoices):
    """Where an intake stands."""

    DRAFT = "draft", "確認中"
    APPLIED = "applied", "取り込んだ"
    FAILED = "failed", "取り込めない行がある"


class IntakeRun(TenantModel):
    """One file of another system: uploaded by a person, or found in the watched folder (`from_folder`).

    `mapping` is {our key: place of the file's column}; `report` has one entry a row: line, state (ok, known, wrong), text.
    The content is let go of once it was applied.
    """

    code = models.CharField(max_length=60)
    file_name = models.CharField("ファイル", max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    mapping: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.DRAFT)
    from_folder = models.BooleanField(default=False)
    report: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    failure = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField("時刻", default=clock.now)
    made_by = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [
            tenant_index("-made_at", "-id", name="exchange_run_latest"),
            tenant_index("code", "sha256", name="exchange_run_content"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def counted(self, state: str) -> int:
        """How many rows of the report are in a state."""
        return sum(each["state"] == state for each in self.report)

    @property
    def ok_count(self) -> int:
        """Rows taken in."""
        return self.counted("ok")

    @property
    def known_count(self) -> int:
        """Rows that were taken in before."""
        return self.counted("known")

    @property
    def wrong_count(self) -> int:
        """Rows that could not be taken in."""
        return self.counted("wrong")
