"""効果: what is kept so that a figure about procedures knows its rows after drafts and names are gone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.domain.devices import Device
from kakehashi.procedures.models.application import Application
from kakehashi.procedures.models.procedure import KIND_CHOICES, UNIT_CHOICES, Procedure, ProcedureText

DEVICE_CHOICES = [(each.value, each.label) for each in Device]


class FilingTally(TenantModel):
    """How many online applications were begun on one day, and how far they came; nothing in it leads to a person.

    A row stands for one procedure, version of its form, day, language and class of device. `submitted` and `stopped` have ended,
    `open` are still being written. `steps` has [reached, stopped, open] for each step's key, of what has ended and what is open.
    Drafts that are there are counted anew by the worker (`is_live`); those forgotten were counted for good before.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField("様式の版")
    day = models.DateField("始めた日")
    language = models.CharField("言語", max_length=10, choices=ProcedureText.LANGUAGES)
    device = models.CharField("端末", max_length=10, choices=DEVICE_CHOICES, blank=True, default="")
    is_live = models.BooleanField(default=False)
    submitted = models.PositiveIntegerField("提出", default=0)
    stopped = models.PositiveIntegerField("途中でやめた", default=0)
    open = models.PositiveIntegerField("書きかけ", default=0)
    steps: models.JSONField[dict[str, list[int]], dict[str, list[int]]] = models.JSONField(default=dict)

    class Meta:
        verbose_name = "始めた申請の集計"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "procedure", "version", "day", "language", "device", "is_live"],
                name="procedures_filing_tally",
            )
        ]
        indexes = [tenant_index("day", name="procedures_tally_day")]

    def __str__(self) -> str:
        return f"{self.day} 第{self.version}版 提出{self.submitted}・中断{self.stopped}・書きかけ{self.open}"


class EffectAssumption(TenantModel):
    """前提: what one filing costs on paper and online, of a kind, or of one procedure where it differs; with its source.

    Minutes are those of staff, sheets those of the applicant and the office together. `visits_before` has the fetching of the
    result in it, `visits_online` has not: who fetched at the counter is counted from the deliveries. None: nobody knows.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField("種類", max_length=20, choices=KIND_CHOICES, blank=True, default="")
    minutes_before = models.PositiveSmallIntegerField("紙のときの職員の時間（分）", null=True, blank=True)
    minutes_online = models.PositiveSmallIntegerField("オンラインのときの職員の時間（分）", null=True, blank=True)
    visits_before = models.PositiveSmallIntegerField("紙のときの来庁（回）", null=True, blank=True)
    visits_online = models.PositiveSmallIntegerField("オンラインのときの来庁（回）", null=True, blank=True)
    sheets_before = models.PositiveSmallIntegerField("紙のときの紙（枚）", null=True, blank=True)
    sheets_online = models.PositiveSmallIntegerField("オンラインのときの紙（枚）", null=True, blank=True)
    source = models.CharField("出典", max_length=300)
    written_by = models.CharField("書いた人", max_length=200)
    written_at = models.DateTimeField("書いた日時", default=clock.now)

    class Meta:
        verbose_name = "効果の前提"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "procedure"],
                condition=Q(procedure__isnull=False),
                name="procedures_assumption_own",
            ),
            models.UniqueConstraint(
                fields=["government_id", "kind"],
                condition=Q(procedure__isnull=True),
                name="procedures_assumption_kind",
            ),
            models.CheckConstraint(
                condition=Q(procedure__isnull=True) ^ Q(kind=""), name="procedures_assumption_of_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display() or self.procedure_id}の前提"


class HandlingTime(TenantModel):
    """実測: how long the screens of one finished application were worked at, from what the journal recorded; no name in it.

    `moments` is the number of records it was measured from. How: `domain.handling_time`.
    """

    application = TenantForeignKey(Application, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveIntegerField("画面での作業（分）")
    moments = models.PositiveIntegerField("記録の数")
    measured_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "画面での作業時間"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "application"], name="procedures_handling_time_once")
        ]

    def __str__(self) -> str:
        return f"{self.minutes}分"


class ProcessingTime(TenantModel):
    """処理期間の実績 of one procedure in one fiscal year, as the worker last counted it: the public page and the open data.

    `count` results, `median_days` and `p90_days` in `unit`; `judged` of them had a 標準処理期間, `within` of these kept it;
    `first_time` needed no 補正; `online` came online; `submitted` and `stopped` are of `FilingTally`. Nothing is held back here: what is
    too few to be published is left out by the selector.
    """

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField("年度")
    unit = models.CharField("数え方", max_length=10, choices=UNIT_CHOICES)
    standard_days = models.PositiveSmallIntegerField("標準処理期間", null=True)
    count = models.PositiveIntegerField("件数")
    median_days = models.PositiveIntegerField("中央値")
    p90_days = models.PositiveIntegerField("90パーセンタイル")
    judged = models.PositiveIntegerField(default=0)
    within = models.PositiveIntegerField(default=0)
    first_time = models.PositiveIntegerField(default=0)
    online = models.PositiveIntegerField(default=0)
    submitted = models.PositiveIntegerField(default=0)
    stopped = models.PositiveIntegerField(default=0)
    measured_at = models.DateTimeField("集計", default=clock.now)

    class Meta:
        verbose_name = "処理期間の実績"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "fiscal_year", "procedure"], name="procedures_processing_time_once"
            )
        ]
        indexes = [tenant_index("fiscal_year", "-count", "-id", name="procedures_processing_page")]

    def __str__(self) -> str:
        return f"{self.fiscal_year}年度 {self.median_days}日（{self.count}件）"
