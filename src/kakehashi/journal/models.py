"""Official acts with their sealed tree, and beside them the log of who read whose data. All are only ever added to."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.row_security import insert_only
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


def _salt() -> bytes:
    return secrets.token_bytes(16)


@insert_only
class Event(TenantModel):
    """One official act. `payload` holds ids and facts, never answers or secrets; `salt` blinds the commitment."""

    act_id = models.UUIDField()
    code = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    post_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    payload = models.JSONField(default=dict)
    salt = models.BinaryField(default=_salt)
    occurred_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("government_id", "subject_id", "id"), name="event_by_subject"),
            models.Index(fields=("government_id", "code", "id"), name="event_by_code"),
        ]

    def __str__(self) -> str:
        return self.code


@insert_only
class Leaf(TenantModel):
    """The place of one event in its government's log, and the commitment to it (32 bytes).

    There is no foreign key: a lawful destruction (廃棄) removes the event, while its leaf stays for ever.
    """

    index = models.BigIntegerField()
    event_id = models.UUIDField()
    commitment = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "index"), name="leaf_index_once"),
            models.UniqueConstraint(fields=("government_id", "event_id"), name="leaf_event_once"),
        ]

    def __str__(self) -> str:
        return f"#{self.index}"


@insert_only
class Seal(TenantModel):
    """A signed checkpoint over the first `size` leaves.

    `edge` is the right edge of the tree (32 bytes for each bit set in `size`): the next seal goes on from it without
    reading the leaves again. `note` is the signed text; `root` and `signed_at` repeat what it says.
    """

    size = models.BigIntegerField()
    root = models.BinaryField()
    edge = models.BinaryField()
    note = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "size"), name="seal_size_once"),
        ]

    def __str__(self) -> str:
        return f"{self.size} {bytes(self.root).hex()[:16]}"


@insert_only
class TreeNode(TenantModel):
    """The root of a complete subtree of 2**`height` leaves, the `place`-th of its height: what makes proofs quick.

    It can be calculated from the leaves at any time and proves nothing by itself.
    """

    height = models.PositiveSmallIntegerField()
    place = models.BigIntegerField()
    root = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "height", "place"), name="tree_node_once"),
        ]

    def __str__(self) -> str:
        return f"{self.height}/{self.place}"


class AnchorKind(models.TextChoices):
    """How a checkpoint left the building."""

    PRINTED = "printed", "広報などに載せた"
    WITNESS = "witness", "ほかの団体が署名した"
    TIMESTAMP = "timestamp", "タイムスタンプを受けた"


@insert_only
class Anchor(TenantModel):
    """A checkpoint somebody outside holds or vouched for: what a person with our key and database cannot take back.

    `note` is the checkpoint with our signature, for a witness also with theirs. `content` is the RFC 3161 token (DER) of a
    time stamp and empty otherwise. `place` says where it was printed (広報ひばり 12月号) or who signed.
    """

    kind = models.CharField("種類", max_length=10, choices=AnchorKind.choices)
    size = models.BigIntegerField("件数")
    note = models.TextField()
    content = models.BinaryField(default=bytes)
    place = models.CharField("載せたもの・署名した人", max_length=200)
    made_at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = "外に出した証明点"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "kind", "size", "place"), name="anchor_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.size}"


class WatchedLog(TenantModel):
    """Another government's log whose checkpoints we sign as a witness (証人), as far as we know it.

    `key` is its verifier key, confirmed by a person the first time; `size`, `root` and `note` are the last checkpoint we
    signed: the next one must contain it.
    """

    origin = models.CharField(max_length=120)
    name = models.CharField("団体", max_length=120)
    key = models.CharField("検証鍵", max_length=300)
    size = models.BigIntegerField("件数", default=0)
    root = models.BinaryField(default=bytes)
    note = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "証人として見ている台帳"
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "origin"), name="watched_log_once")]

    def __str__(self) -> str:
        return self.name


class Witness(TenantModel):
    """Another government that signs our checkpoints (証人), with the key it signs with, confirmed by a person."""

    name = models.CharField("団体", max_length=120)
    key = models.CharField("証人の鍵", max_length=300)
    size = models.BigIntegerField("署名した件数", default=0)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "証人"
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "key"), name="witness_once")]

    def __str__(self) -> str:
        return self.name


class AccessAct(models.TextChoices):
    """How personal data was read."""

    VIEW = "view", "画面で見た"
    EXPORT = "export", "書き出した"
    DOWNLOAD = "download", "ファイルを受け取った"
    UNSEAL = "unseal", "保護された回答を開いた"


@insert_only
class AccessEntry(TenantModel):
    """閲覧記録: one page or file by which a member of staff read personal data. No official act, so no `Event`.

    `purpose` is the page's ordinary reason, `reason` what the reader wrote. Whose data it was stands in `AccessSubject`.
    """

    accessed_at = models.DateTimeField("日時", default=clock.now)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField("見た人", max_length=200)
    section_label = models.CharField("所属", max_length=200, blank=True)
    post_id = models.UUIDField(null=True)
    act = models.CharField("操作", max_length=10, choices=AccessAct.choices, default=AccessAct.VIEW)
    page = models.CharField("画面", max_length=80)
    purpose = models.CharField("目的", max_length=80)
    reason = models.CharField("理由", max_length=300, blank=True)
    request_id = models.CharField("要求の番号", max_length=64, blank=True)
    subject_count = models.PositiveIntegerField("人数・件数", default=0)

    class Meta:
        verbose_name = "閲覧記録"
        indexes: ClassVar = [
            tenant_index("-accessed_at", "-id", name="access_by_time"),
            tenant_index("actor_id", "-accessed_at", name="access_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.page}"


@insert_only
class AccessSubject(TenantModel):
    """One thing whose data an access showed, such as an application; found by kind and id."""

    entry = TenantForeignKey(AccessEntry, related_name="subjects", composite=False)
    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()

    class Meta:
        verbose_name = "閲覧された対象"
        indexes: ClassVar = [
            tenant_index("subject_id", "entry", name="access_by_subject"),
            tenant_index("entry", name="access_subjects_of_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class ShownToSubject(models.TextChoices):
    """What a signed-in applicant sees of the accesses to their application."""

    NOTHING = "nothing", "見せない（請求を受けて開示する）"
    SECTION = "section", "日時・所属・目的を見せる"
    NAME = "name", "日時・所属・職員の名前・目的を見せる"


class AccessRule(TenantModel):
    """The body's own rule about accesses: whether other sections must give a reason, and what applicants see."""

    asks_reason = models.BooleanField("所管の課でない人に理由をたずねる", default=True)
    shown_to_subject = models.CharField(
        "申請者本人に見せるもの", max_length=10, choices=ShownToSubject.choices, default=ShownToSubject.NOTHING
    )

    class Meta:
        verbose_name = "閲覧記録の規則"
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id",), name="one_access_rule")]

    def __str__(self) -> str:
        return str(self.get_shown_to_subject_display())


class RetentionRule(TenantModel):
    """How long one kind of personal data is kept here, where the body's rule differs from the default."""

    code = models.CharField("対象", max_length=60)
    amount = models.PositiveSmallIntegerField("期間")
    basis = models.CharField("根拠", max_length=200)

    class Meta:
        verbose_name = "個人情報の保存期間"
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "code"), name="one_rule_a_clock")]

    def __str__(self) -> str:
        return f"{self.code} {self.amount}"
