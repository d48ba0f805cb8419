"""What comes of a meeting: decisions, actions, minutes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.meetings.domain.states import (
    ACTION_WORDS,
    OUTCOME_TONES,
    OUTCOME_WORDS,
    ActionState,
    Outcome,
)
from kakehashi.meetings.models.meetings import AgendaItem, Meeting


class Decision(TenantModel):
    """What the meeting made of an item. `quorum_text` is the count of that moment; without a quorum `quorum_reason` says why still."""

    item = TenantForeignKey(AgendaItem, related_name="decisions", on_delete=models.CASCADE)
    outcome = models.CharField(
        "結果", max_length=10, choices=list(OUTCOME_WORDS.items()), default=Outcome.DECIDED.value
    )
    text = models.TextField("内容", max_length=2000)
    had_quorum = models.BooleanField(default=True)
    quorum_text = models.CharField(max_length=200, blank=True)
    quorum_reason = models.CharField(max_length=300, blank=True)
    recorded_by_label = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "item"), name="one_decision_per_item"),
        ]
        indexes: ClassVar = [tenant_index("recorded_at", name="decision_by_age")]

    def __str__(self) -> str:
        return self.text

    @property
    def outcome_word(self) -> str:
        """決定, 了承, 継続, 差戻し or 否決."""
        return OUTCOME_WORDS[self.outcome]

    @property
    def tone(self) -> str:
        """The tone of the outcome's chip."""
        return OUTCOME_TONES[self.outcome]


class Action(TenantModel):
    """Something a meeting asked somebody to do by a day. It is a case of its own, so it lies in the owner's 今日の仕事."""

    meeting = TenantForeignKey(Meeting, related_name="actions")
    item = TenantForeignKey(AgendaItem, null=True, blank=True, related_name="actions")
    title = models.CharField("すること", max_length=150)
    detail = models.TextField("説明", max_length=1000, blank=True)
    owner = TenantForeignKey("people.Person", related_name="+", verbose_name="担当者")
    owner_label = models.CharField(max_length=200)
    department = TenantForeignKey("people.Department", related_name="+")
    due_on = models.DateField("期限")
    state = models.CharField(max_length=8, choices=list(ACTION_WORDS.items()), default=ActionState.OPEN.value)
    result = models.TextField("結果", max_length=1000, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by_label = models.CharField(max_length=200, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="one_action_per_key"),
        ]
        indexes: ClassVar = [
            tenant_index("meeting", name="action_by_meeting"),
            tenant_index("owner", "due_on", name="action_by_owner"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_word(self) -> str:
        """対応中, 完了 or 取りやめ."""
        return ACTION_WORDS[self.state]

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do it."""
        return self.state == ActionState.OPEN


class Minutes(TenantModel):
    """The minutes (会議録) of a meeting: drafted from what was recorded, corrected, approved by the chair, filed as a record.

    `revision` guards against overwriting. From approval on the text stands, `digest` is that of the PDF.
    """

    meeting = TenantForeignKey(Meeting, related_name="minutes", on_delete=models.CASCADE)
    text = models.TextField("会議録", max_length=60000)
    revision = models.PositiveIntegerField(default=1)
    written_by_label = models.CharField(max_length=200)
    written_at = models.DateTimeField(default=clock.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by_label = models.CharField(max_length=200, blank=True)
    stored_file = TenantForeignKey("files.StoredFile", null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    document_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "meeting"), name="one_minutes_per_meeting"),
        ]

    def __str__(self) -> str:
        return str(self.meeting_id)

    @property
    def is_approved(self) -> bool:
        """Whether the chair has approved it."""
        return self.approved_at is not None
