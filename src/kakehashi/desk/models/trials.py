"""A tool is tried for a time: who tries it, what they say round by round, and what was decided."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4  # noqa: TID251 - an id that holds the time would tell who answered when

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from kakehashi.desk.models.consultations import Consultation
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class TrialDecision(models.TextChoices):
    """How a trial ends."""

    SPREAD = "spread", "広げる"
    STOP = "stop", "やめる"


class ToolTrial(TenantModel):
    """A tool is tried from a day to a day (ツールの試行), asked about every so many days, and then spread or stopped."""

    tool = models.CharField("ツール", max_length=120)
    aim = models.TextField("何を確かめるか")
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    owner = TenantForeignKey("people.Person", related_name="+")
    consultation = TenantForeignKey(Consultation, null=True, blank=True, related_name="trials")
    starts_on = models.DateField("始まり")
    ends_on = models.DateField("終わり")
    every_days = models.PositiveSmallIntegerField("何日ごとに聞くか", default=14)
    decision = models.CharField("決めたこと", max_length=6, choices=TrialDecision, blank=True)
    reason = models.TextField("理由", blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    asked_to_decide_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "ツールの試行"
        indexes: ClassVar = [
            tenant_index("-created_at", "-id", name="desk_trial_latest"),
            tenant_index("decided_at", "starts_on", name="desk_trial_running"),
        ]

    def __str__(self) -> str:
        return self.tool

    @property
    def state_label(self) -> str:
        """The word for where the trial stands today."""
        if self.decision:
            return self.get_decision_display()
        today = clock.today()
        if today < self.starts_on:
            return "これから"
        return "試している" if today <= self.ends_on else "決める番"


class TrialMember(TenantModel):
    """One of the people who try the tool."""

    trial = TenantForeignKey(ToolTrial, on_delete=models.CASCADE, related_name="members")
    person = TenantForeignKey("people.Person", related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = "試す人"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "trial", "person"], name="desk_trial_member_once")
        ]

    def __str__(self) -> str:
        return str(self.person)


class PulseRound(TenantModel):
    """One round of the short survey."""

    trial = TenantForeignKey(ToolTrial, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    opened_on = models.DateField(default=clock.today)

    class Meta(TenantModel.Meta):
        verbose_name = "アンケートの回"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "trial", "number"], name="desk_pulse_round_once")
        ]

    def __str__(self) -> str:
        return f"{self.trial} {self.number}回目"


class PulseTicket(TenantModel):
    """Whether a person has answered a round; not what, and not when, so that no answer can be led back to its writer."""

    round = TenantForeignKey(PulseRound, on_delete=models.CASCADE, related_name="tickets")
    person = TenantForeignKey("people.Person", related_name="+")
    has_answered = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        verbose_name = "アンケートの配付"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "round", "person"], name="desk_pulse_ticket_once")
        ]

    def __str__(self) -> str:
        return str(self.round)


_ONE_TO_FIVE = [MinValueValidator(1), MaxValueValidator(5)]


class PulseAnswer(TenantModel):
    """What somebody said in a round, without their name. The id is random: one made of the time would tell who wrote it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = TenantForeignKey(PulseRound, on_delete=models.CASCADE, related_name="answers")
    ease = models.PositiveSmallIntegerField("使いやすさ", validators=_ONE_TO_FIVE)
    use = models.PositiveSmallIntegerField("役に立つか", validators=_ONE_TO_FIVE)
    comment = models.CharField("ひとこと", max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "アンケートの回答"
        indexes: ClassVar = [tenant_index("round", name="desk_pulse_answer_round")]

    def __str__(self) -> str:
        return str(self.round)
