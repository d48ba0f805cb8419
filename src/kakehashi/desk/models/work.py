"""What the desk works with: triage, causes, options, tools, skills, tasks, clocks of waiting, escalations, lessons."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from kakehashi.desk.domain import causes, options, themes
from kakehashi.desk.domain.states import LABELS as STATE_LABELS
from kakehashi.desk.domain.states import WAITING_ON
from kakehashi.desk.models.consultations import MOST_MINUTES, Consultation
from kakehashi.desk.models.intake import Zone
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index

THEMES = [(theme.value, label) for theme, label in themes.LABELS.items()]


class Triage(TenantModel):
    """What the desk saw at first sight: the theme, and a line of note. One row for each consultation at most."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="triages")
    theme = models.CharField("テーマ", max_length=20, choices=THEMES)
    note = models.CharField("見立て", max_length=300, blank=True)
    triaged_by = models.CharField(max_length=200)
    triaged_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "相談の切り分け"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "consultation"], name="desk_triage_once")
        ]
        indexes: ClassVar = [tenant_index("theme", name="desk_triage_theme")]

    def __str__(self) -> str:
        return self.get_theme_display()


class RootCause(TenantModel):
    """One cause of the trouble with the whys that led to it, at most five, nearest the surface first.

    A clash with a rule names `regulation` and `article`; that and a custom name the section that can change it (`owner`).
    """

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="causes")
    category = models.CharField(
        "種類", max_length=20, choices=[(cause.value, label) for cause, label in causes.LABELS.items()]
    )
    whys = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    text = models.CharField("原因", max_length=500)
    regulation = models.CharField("規程の名前", max_length=200, blank=True)
    article = models.CharField("条", max_length=60, blank=True)
    owner = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "原因"

    def __str__(self) -> str:
        return self.text


class Tool(TenantModel):
    """A tool of the catalogue (道具の一覧): what the body owns or could get, what it costs, on which networks it runs."""

    name = models.CharField("名前", max_length=100)
    use = models.CharField("できること", max_length=300)
    is_owned = models.BooleanField("団体が持っている", default=True)
    cost = models.CharField("費用", max_length=200, blank=True)
    zones = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    note = models.TextField("注意すること", max_length=1000, blank=True)
    retired_on = models.DateField("やめた日", null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "道具"
        constraints: ClassVar = [models.UniqueConstraint(fields=["government_id", "name"], name="desk_tool_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone_labels(self) -> list[str]:
        """The networks it runs on, in words."""
        return [label for value, label in Zone.choices if value and value in self.zones]

    def runs_on(self, zone: str) -> bool | None:
        """Whether it runs where a task's data is; None where either is unknown."""
        return zone in self.zones if zone and self.zones else None


class ToolKnower(TenantModel):
    """Who knows a tool, and how well (1 to 3)."""

    tool = TenantForeignKey(Tool, on_delete=models.CASCADE, related_name="knowers")
    person = TenantForeignKey("people.Person", related_name="+")
    level = models.PositiveSmallIntegerField(choices=list(themes.LEVELS.items()), default=2)

    class Meta(TenantModel.Meta):
        verbose_name = "道具に詳しい人"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "tool", "person"], name="desk_knower_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.tool}"


class SupporterSkill(TenantModel):
    """What a supporter can do, by theme (1 to 3)."""

    person = TenantForeignKey("people.Person", related_name="+")
    theme = models.CharField(max_length=20, choices=THEMES)
    level = models.PositiveSmallIntegerField(choices=list(themes.LEVELS.items()), default=1)

    class Meta(TenantModel.Meta):
        verbose_name = "支援する人の経験"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "person", "theme"], name="desk_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_theme_display()}"


class SolutionOption(TenantModel):
    """One thing that could be done, in its step of the order; `is_fit` False says that the step has nothing here, and why.

    Every option that fits tells the extra work of changing over (移行の手間, hours in all).
    """

    class Choice(models.TextChoices):
        """What was decided about it."""

        OPEN = "open", "検討中"
        CHOSEN = "chosen", "これにする"
        DROPPED = "dropped", "見送る"

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="options")
    step = models.CharField(
        "段", max_length=12, choices=[(step.value, label) for step, label in options.LABELS.items()]
    )
    is_fit = models.BooleanField(default=True)
    text = models.CharField("案", max_length=500)
    tool = TenantForeignKey(Tool, null=True, blank=True, related_name="+")
    migration_hours = models.DecimalField(
        "移行の手間（時間）", max_digits=8, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(MOST_MINUTES))],
    )  # fmt: skip
    migration_note = models.CharField("移行ですること", max_length=300, blank=True)
    choice = models.CharField(max_length=8, choices=Choice, default=Choice.OPEN)
    reason = models.CharField("理由", max_length=300, blank=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "解決の案"

    def __str__(self) -> str:
        return self.text


class DeskTask(TenantModel):
    """Something that somebody has to do for a consultation (やること)."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="tasks")
    text = models.CharField("やること", max_length=300)
    assignee = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    due_on = models.DateField("いつまで", null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "相談のやること"
        indexes: ClassVar = [tenant_index("assignee", "done_at", "due_on", name="desk_task_mine")]

    def __str__(self) -> str:
        return self.text


class Wait(TenantModel):
    """One stretch of waiting with its clock: what for, on whom, since when, until when. At most one runs."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="waits")
    kind = models.CharField(max_length=20, choices=[(state.value, STATE_LABELS[state]) for state in WAITING_ON])
    who = models.CharField("だれの返事", max_length=100, blank=True)
    answer_on = models.DateField("返事の予定", null=True, blank=True)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "待ち"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["government_id", "consultation"], condition=models.Q(until__isnull=True), name="desk_one_wait"
            )
        ]

    def __str__(self) -> str:
        return self.who or self.get_kind_display()


class Escalation(TenantModel):
    """A question handed up: to whom, as what, why, and what they answered."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="escalations")
    to = TenantForeignKey("people.Person", related_name="+")
    post_name = models.CharField(max_length=100)
    reason = models.CharField("理由", max_length=500)
    asked_by = TenantForeignKey("people.Person", related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answer = models.CharField("返事", max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "上への相談"
        indexes: ClassVar = [tenant_index("to", "answered_at", name="desk_escalation_to")]

    def __str__(self) -> str:
        return self.reason


class Lesson(TenantModel):
    """What was learned, asked when a turn ends in stopping and when the consultation ends."""

    consultation = TenantForeignKey(Consultation, on_delete=models.CASCADE, related_name="lessons")
    text = models.CharField("分かったこと", max_length=500)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "分かったこと"

    def __str__(self) -> str:
        return self.text
