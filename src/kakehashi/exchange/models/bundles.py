"""The peer, the bundles both ways, and what travelled in them."""

from __future__ import annotations

from typing import ClassVar

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
