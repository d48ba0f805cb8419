"""How consultations hang together and what became of them: merges, splits, cross-section issues, promotions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.desk.models.consultations import Consultation
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class Merge(TenantModel):
    """A consultation that went on in another one (統合). Its own thread stays and is shown by the other's page."""

    source = TenantForeignKey(Consultation, related_name="merged_as")
    target = TenantForeignKey(Consultation, related_name="merges")
    reason = models.CharField("理由", max_length=300)
    merged_by = models.CharField(max_length=200)
    merged_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "相談の統合"
        constraints: ClassVar = [models.UniqueConstraint(fields=["government_id", "source"], name="desk_merged_once")]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class Split(TenantModel):
    """A consultation that was taken out of another one (分割)."""

    origin = TenantForeignKey(Consultation, related_name="splits")
    part = TenantForeignKey(Consultation, related_name="split_from")
    reason = models.CharField("理由", max_length=300)
    split_by = models.CharField(max_length=200)
    split_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "相談の分割"
        constraints: ClassVar = [models.UniqueConstraint(fields=["government_id", "part"], name="desk_split_once")]

    def __str__(self) -> str:
        return f"{self.origin_id} → {self.part_id}"


class CarriedMessage(TenantModel):
    """A message that a split-off consultation shows too; it stays where it was written."""

    split = TenantForeignKey(Split, on_delete=models.CASCADE, related_name="carried")
    message = TenantForeignKey("cases.Message", related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = "分割した相談に移した連絡"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "split", "message"], name="desk_carried_once")
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class Promoted(TenantModel):
    """What a consultation became in another room: one thing of each kind. `url` is the path of its page."""

    consultation = TenantForeignKey(Consultation, related_name="promoted")
    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=60)
    url = models.CharField(max_length=300)
    object_id = models.UUIDField(null=True, blank=True)
    promoted_by = models.CharField(max_length=200)
    promoted_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "相談からできたもの"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "consultation", "kind"], name="desk_promoted_once")
        ]
        indexes: ClassVar = [tenant_index("object_id", name="desk_promoted_object")]

    def __str__(self) -> str:
        return self.label


class CrossIssue(TenantModel):
    """A trouble that several sections have (全庁課題): the consultations are joined to it and solved together."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "取り組み中"
        SOLVED = "solved", "解決"
        DROPPED = "dropped", "取り組まない"

    title = models.CharField("課題", max_length=120)
    summary = models.TextField("どんな困りごとか", max_length=2000, blank=True)
    owner = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    result = models.TextField("結果", max_length=2000, blank=True)
    raised_by = models.CharField(max_length=200)
    raised_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "全庁課題"
        indexes: ClassVar = [tenant_index("state", "-raised_at", "-id", name="desk_issue_state")]

    def __str__(self) -> str:
        return self.title


class IssueMember(TenantModel):
    """A consultation that is part of a cross-section issue; of one at most."""

    issue = TenantForeignKey(CrossIssue, on_delete=models.CASCADE, related_name="members")
    consultation = TenantForeignKey(Consultation, related_name="issue_members")
    joined_by = models.CharField(max_length=200)
    joined_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "全庁課題の相談"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "consultation"], name="desk_member_once")
        ]

    def __str__(self) -> str:
        return str(self.consultation_id)
