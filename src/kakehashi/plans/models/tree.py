"""The tree of a plan: plan, policy (基本方針), programme (施策), initiative (取組)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year_label
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.plans.domain.attainment import PLAN_POLICY_WORDS, PlanPolicyOfAttainment
from kakehashi.plans.domain.scales import DEFAULT_SCALE
from kakehashi.plans.domain.skeletons import PILLAR_WORDS, Pillar
from kakehashi.plans.domain.states import STATE_WORDS, TONES, InitiativeState

# So long before its last day a unit for a time asks whether it ends or goes on.
SUNSET_NOTICE_DAYS = 30


class PlanKind(models.TextChoices):
    """What kind of plan: a government has several at once."""

    DX = "dx", "DX推進計画"
    COMPREHENSIVE = "comprehensive", "総合計画"
    ORDINANCE = "ordinance", "条例・法律による計画"
    OTHER = "other", "そのほかの計画"


class DxPlan(TenantModel):
    """A plan over some fiscal years. `edition` labels it; residents see it once `published_at` is set.

    `further_ways` are rows of (policy of attainment, scale code): how it is judged beside its main policy and scale.
    """

    title = models.CharField("計画の名前", max_length=120)
    edition = models.CharField("版", max_length=60, blank=True)
    kind = models.CharField(
        "計画の種類", max_length=20, choices=PlanKind.choices, default=PlanKind.DX, db_default=PlanKind.DX.value
    )
    legal_basis = models.CharField("根拠の条例・法律", max_length=200, blank=True, default="", db_default="")
    first_year = models.PositiveSmallIntegerField("最初の年度")
    last_year = models.PositiveSmallIntegerField("最後の年度")
    summary = models.TextField("住民への説明", max_length=2000, blank=True)
    summary_easy = models.TextField("住民への説明（やさしい日本語）", max_length=2000, blank=True)
    summary_en = models.TextField("住民への説明（英語）", max_length=2000, blank=True)
    attainment_policy = models.CharField(
        "計画全体の達成率の決め方",
        max_length=20,
        choices=list(PLAN_POLICY_WORDS.items()),
        default=PlanPolicyOfAttainment.INDICATORS,
    )
    scale_code = models.CharField(
        "評価の段階",
        max_length=20,
        default=DEFAULT_SCALE,
    )
    further_ways = models.JSONField(null=True, blank=True)
    skeleton_label = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="one_plan_per_key"),
            models.CheckConstraint(
                condition=models.Q(last_year__gte=models.F("first_year")), name="plan_years_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> range:
        """The fiscal years of the plan."""
        return range(self.first_year, self.last_year + 1)

    @property
    def years_label(self) -> str:
        """「令和6年度〜令和10年度」."""
        return f"{fiscal_year_label(self.first_year)}〜{fiscal_year_label(self.last_year)}"

    @property
    def is_public(self) -> bool:
        """Whether residents see it."""
        return self.published_at is not None


class PlanPolicy(TenantModel):
    """A policy (基本方針) of a plan."""

    plan = TenantForeignKey(DxPlan, related_name="policies", on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField("番号")
    title = models.CharField("基本方針", max_length=120)
    description = models.TextField("説明", max_length=2000, blank=True)
    pillar = models.CharField(
        "三本柱", max_length=20, choices=list(PILLAR_WORDS.items()), blank=True, default="", db_default=""
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "plan", "number"), name="one_policy_per_number"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def pillar_word(self) -> str:
        """The word of the pillar, empty for none."""
        return PILLAR_WORDS[Pillar(self.pillar)] if self.pillar else ""


class PlanProgram(TenantModel):
    """A programme (施策) of a policy."""

    policy = TenantForeignKey(PlanPolicy, related_name="programs", on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField("番号")
    title = models.CharField("施策", max_length=120)
    description = models.TextField("説明", max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "policy", "number"), name="one_program_per_number"),
        ]

    def __str__(self) -> str:
        return self.title


class Initiative(TenantModel):
    """An initiative (取組): the smallest unit, with a department that owns it and a state that is reported.

    `reason` and `next_move` stand beside every state that is not going well. A unit that is set up for a time (`unit_name`) has a day
    it ends on (`sunset_on`); going on needs a reason, ending says what was learned (`unit_note`).
    """

    program = TenantForeignKey(PlanProgram, related_name="initiatives", on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField("番号")
    title = models.CharField("取組", max_length=120)
    description = models.TextField("内容", max_length=2000, blank=True)
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+", verbose_name="担当課")
    weight = models.PositiveSmallIntegerField("重み", default=1)
    budget_yen = models.BigIntegerField("予算（円）", null=True, blank=True)
    starts_on = models.DateField("始める日", null=True, blank=True)
    ends_on = models.DateField("終える日", null=True, blank=True)
    unit_name = models.CharField("期間を決めて置く組織", max_length=60, blank=True, default="", db_default="")
    sunset_on = models.DateField("組織を終える日", null=True, blank=True)
    unit_closed_on = models.DateField("組織を終えた日", null=True, blank=True)
    unit_note = models.TextField(
        "続ける理由・終えて分かったこと", max_length=1000, blank=True, default="", db_default=""
    )
    state = models.CharField("状態", max_length=20, choices=list(STATE_WORDS.items()), default=InitiativeState.PLANNED)
    reason = models.TextField("理由", max_length=1000, blank=True)
    next_move = models.TextField("次の一手", max_length=1000, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "program", "number"), name="one_initiative_per_number"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def state_word(self) -> str:
        """The word of the state."""
        return STATE_WORDS[InitiativeState(self.state)]

    @property
    def tone(self) -> str:
        """The tone of the state's chip."""
        return TONES[InitiativeState(self.state)]

    @property
    def is_sunset_over(self) -> bool:
        """Whether the unit stands longer than it was to, and nobody decided yet."""
        return self.sunset_on is not None and self.unit_closed_on is None and self.sunset_on < clock.today()

    @property
    def sunset_words(self) -> str:
        """What the day of the unit asks for: a decision from 30 days before it on; empty while it is far away or decided."""
        if self.sunset_on is None or self.unit_closed_on is not None:
            return ""
        left = (self.sunset_on - clock.today()).days
        if left > SUNSET_NOTICE_DAYS:
            return ""
        return (
            f"あと{left}日で終わります" if left > 0 else "今日で終わります" if left == 0 else f"{-left}日過ぎています"
        )
