"""A consultation, the cycles of its solution, and the steps of a case taken over from elsewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from kakehashi.desk.domain.effect import FREQUENCY_LABELS, Effect, Frequency, cases_a_year, hours_a_year
from kakehashi.desk.domain.states import LABELS, ConsultationState, is_open, state_label
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index

MOST_COUNT = 1_000_000
MOST_MINUTES = 10_000


class Measured(models.Model):
    """What was measured before and after a change; every field is empty until it is known.

    Minutes and sheets are for one case, counts for a year. There is no field for money: hours can be compared between
    towns, wages cannot.
    """

    after_minutes = models.DecimalField(
        "後の時間（分/件）", max_digits=8, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(MOST_MINUTES))],
    )  # fmt: skip
    after_cases = models.PositiveIntegerField("後の件数（件/年）", null=True, blank=True)
    before_sheets = models.PositiveIntegerField("前の紙（枚/件）", null=True, blank=True)
    after_sheets = models.PositiveIntegerField("後の紙（枚/件）", null=True, blank=True)
    migration_hours = models.DecimalField("移行の手間（時間）", max_digits=8, decimal_places=1, null=True, blank=True)

    class Meta:
        abstract = True


class Consultation(Measured, TenantModel):
    """A staff member's trouble with a task (相談).

    `id` is made by the page that asks the five questions, so that a double click makes one consultation. Purpose and desired
    state may be empty when it is filed; nobody is assigned and nothing is advised before they are written and confirmed.
    `adopted_case_id` names the published case of elsewhere that this work takes over.
    """

    state = models.CharField(
        max_length=20, default=ConsultationState.DRAFT, choices=[(state.value, LABELS[state]) for state in LABELS]
    )
    case = TenantForeignKey("cases.Case", null=True, blank=True, related_name="+")
    asked_by = TenantForeignKey("people.Person", related_name="+")
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    task = models.CharField("業務", max_length=100, blank=True)
    problem = models.TextField("困りごと", blank=True)
    purpose = models.TextField("何のため", blank=True)
    desired_state = models.TextField("どうなりたい", blank=True)
    frequency = models.CharField(
        "頻度",
        max_length=10,
        choices=[(f.value, label) for f, label in FREQUENCY_LABELS.items()],
        default=Frequency.MONTHLY,
    )
    count = models.PositiveIntegerField("件数", null=True, blank=True)
    minutes_each = models.DecimalField("1件の時間（分）", max_digits=8, decimal_places=1, null=True, blank=True)
    rule = models.CharField("関係する規程", max_length=200, blank=True)
    manager_knows = models.BooleanField("上司に話した", default=False)
    supporter = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    supporter_reason = models.CharField("選んだ理由", max_length=300, blank=True)
    cycle = models.PositiveSmallIntegerField(default=0)
    cause = models.TextField("原因", blank=True)
    what_was_done = models.TextField("したこと", blank=True)
    what_failed = models.TextField("うまくいかなかったこと", blank=True)
    adopted_case_id = models.UUIDField(null=True, blank=True)
    promoted_kind = models.CharField(max_length=60, blank=True)
    promoted_url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    filed_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "相談"
        indexes: ClassVar = [
            tenant_index("-created_at", "-id", name="desk_consultation_latest"),
            tenant_index("state", "-created_at", "-id", name="desk_consultation_state"),
            tenant_index("asked_by", "state", name="desk_consultation_mine"),
            tenant_index("supporter", "state", name="desk_consultation_support"),
            tenant_index("resolved_at", name="desk_consultation_resolved"),
        ]

    def __str__(self) -> str:
        return self.task or "（業務名なし）"

    @property
    def status(self) -> ConsultationState:
        """The state as an enum."""
        return ConsultationState(self.state)

    @property
    def state_label(self) -> str:
        """The word for the state, with the number of the running cycle."""
        return state_label(self.status, self.cycle)

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return is_open(self.status)

    @property
    def has_purpose(self) -> bool:
        """Whether purpose and desired state are written: the gate before any advice."""
        return bool(self.purpose.strip() and self.desired_state.strip())

    @property
    def cases_a_year(self) -> int | None:
        """How often the task is done in a year, or None when the count is unknown."""
        return None if self.count is None else cases_a_year(self.frequency, self.count)

    @property
    def hours_a_year(self) -> Decimal | None:
        """The hours the task takes in a year, or None when unknown."""
        if self.count is None or self.minutes_each is None:
            return None
        return hours_a_year(minutes_each=self.minutes_each, cases=cases_a_year(self.frequency, self.count))

    @property
    def effect(self) -> Effect | None:
        """What the solution released, or None until both sides were measured."""
        cases = self.cases_a_year
        if cases is None or self.minutes_each is None or self.after_minutes is None or self.after_cases is None:
            return None
        return Effect(
            self.minutes_each, cases, self.after_minutes, self.after_cases,
            self.before_sheets, self.after_sheets, self.migration_hours,
        )  # fmt: skip


class OodaCycle(TenantModel):
    """One turn of observe, orient, decide, act: one line is enough, the decision is the only thing that must be chosen."""

    class Decision(models.TextChoices):
        """What follows from the turn."""

        CONTINUE = "continue", "続ける"
        PIVOT = "pivot", "やり方を変える"
        STOP = "stop", "やめる"

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="cycles")
    number = models.PositiveSmallIntegerField()
    line = models.CharField("一行", max_length=300)
    decision = models.CharField("決めたこと", max_length=10, choices=Decision)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "OODAの記録"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "consultation", "number"], name="desk_cycle_once")
        ]

    def __str__(self) -> str:
        return self.line


class AdoptionStep(TenantModel):
    """One step of work taken over from a case of elsewhere; the town ticks it off when it is done here."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "取り入れの手順"
        ordering = ("order",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "consultation", "order"], name="desk_step_once")
        ]

    def __str__(self) -> str:
        return self.text


class ConsultationDesk(TenantModel):
    """Which section runs the desk (相談窓口を置く課): new consultations come into its inbox. One row at most."""

    department = TenantForeignKey("people.Department", related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = "相談窓口"
        constraints: ClassVar = [models.UniqueConstraint(fields=["government_id"], name="desk_one_desk")]

    def __str__(self) -> str:
        return str(self.department)
