"""Logic models of initiatives and programmes: boxes, arrows, and the evidence on each arrow."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.plans.domain.logic import DESIGNS, EVIDENCE_KINDS, STAGE_WORDS, EvidenceGrade, Stage, grade_of
from kakehashi.plans.models.indicators import PlanIndicator
from kakehashi.plans.models.tree import DxPlan, Initiative, PlanProgram


class LogicModel(TenantModel):
    """How an initiative (取組) or a programme (施策) is meant to work; one for each. `factors` are outside conditions (外部要因)."""

    initiative = TenantForeignKey(
        Initiative, related_name="logic_models", on_delete=models.CASCADE, null=True, blank=True
    )
    program = TenantForeignKey(
        PlanProgram, related_name="logic_models", on_delete=models.CASCADE, null=True, blank=True
    )
    factors = models.TextField("外部要因", max_length=1000, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "initiative"), name="one_logic_model_per_initiative"),
            models.UniqueConstraint(fields=("government_id", "program"), name="one_logic_model_per_program"),
            models.CheckConstraint(
                condition=models.Q(initiative__isnull=False, program__isnull=True)
                | models.Q(initiative__isnull=True, program__isnull=False),
                name="logic_model_of_one_branch",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def branch(self) -> Initiative | PlanProgram:
        """The initiative or the programme it is about."""
        found: Initiative | PlanProgram | None = self.initiative or self.program
        if found is None:
            raise ValueError("a logic model is about an initiative or a programme")
        return found

    @property
    def title(self) -> str:
        """The name of its branch."""
        return self.branch.title

    @property
    def plan(self) -> DxPlan:
        """The plan it belongs to."""
        program = self.program or self.initiative.program  # type: ignore[union-attr]
        plan: DxPlan = program.policy.plan
        return plan


class LogicBox(TenantModel):
    """A box: its column, its words, its place in the column, and the indicator that shows whether it happens."""

    model = TenantForeignKey(LogicModel, related_name="boxes", on_delete=models.CASCADE)
    stage = models.CharField("列", max_length=20, choices=[(one.value, word) for one, word in STAGE_WORDS.items()])
    text = models.CharField("言葉", max_length=120)
    order = models.PositiveSmallIntegerField("順番", default=1)
    indicator = TenantForeignKey(
        PlanIndicator, related_name="logic_boxes", on_delete=models.SET_NULL, null=True, blank=True
    )

    class Meta:
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.text

    @property
    def stage_word(self) -> str:
        """The word of its column."""
        return STAGE_WORDS[Stage(self.stage)]


class LogicArrow(TenantModel):
    """An arrow from a box to one in a column further right."""

    model = TenantForeignKey(LogicModel, related_name="arrows", on_delete=models.CASCADE)
    start = TenantForeignKey(LogicBox, related_name="leaving", on_delete=models.CASCADE)
    end = TenantForeignKey(LogicBox, related_name="arriving", on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "start", "end"), name="one_arrow_between_two_boxes"),
        ]

    def __str__(self) -> str:
        return f"{self.start} → {self.end}"


class Evidence(TenantModel):
    """What an arrow rests on: its kind and how it was found out (their strengths are data), where it comes from, the day it speaks of.

    `strength` is one that somebody gave instead, with the reason in `note`; `case_id` is a solved case.
    """

    arrow = TenantForeignKey(LogicArrow, related_name="evidence", on_delete=models.CASCADE)
    kind = models.CharField("種類", max_length=20, choices=[(one.code, one.label) for one in EVIDENCE_KINDS.values()])
    source = models.CharField("出どころ", max_length=300, blank=True)
    url = models.URLField("アドレス", max_length=500, blank=True)
    case_id = models.UUIDField(null=True, blank=True)
    as_of = models.DateField("いつの時点か", null=True, blank=True)
    note = models.TextField("何が分かるか", max_length=1000, blank=True)
    design = models.CharField(
        "調べ方",
        max_length=20,
        blank=True,
        default="",
        db_default="",
        choices=[(one.code, one.label) for one in DESIGNS.values()],
    )
    strength = models.PositiveSmallIntegerField("強さ", null=True, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.source}"

    @property
    def grade(self) -> EvidenceGrade:
        """Its kind with its strength."""
        return grade_of(self.kind, self.design, self.strength)
