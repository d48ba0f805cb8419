"""手続台帳: what a local government accepts, whether online or on paper."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kakehashi.kernel import clock
from kakehashi.kernel.folding import fold
from kakehashi.kernel.percent import percent
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.procedures.domain.effort import Effort, Obstacles, estimate_effort
from kakehashi.procedures.domain.identity import IdentityCheck
from kakehashi.procedures.domain.kinds import ROADS, Kind, Road
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.domain.standard_period import Unit
from kakehashi.procedures.domain.teaching import Basis


class Stage(models.TextChoices):
    """How far a procedure has come on its way online."""

    PAPER = "paper", "窓口・郵送"
    DRAFTED = "drafted", "様式作成中"
    REVIEWED = "reviewed", "様式確認済"
    ONLINE = "online", "オンライン"
    EXCLUDED = "excluded", "対象外"


KIND_CHOICES = [(kind.value, road.label) for kind, road in ROADS.items()]
UNIT_CHOICES = [(Unit.BUSINESS.value, "開庁日"), (Unit.CALENDAR.value, "暦日")]
IDENTITY_CHOICES = [
    (IdentityCheck.NONE.value, "求めない"),
    (IdentityCheck.ADDRESS.value, "メールアドレスの確認（確認コード）"),
    (IdentityCheck.PERSON.value, "外部の認証（デジタル認証アプリ・GビズIDなど）"),
]
FEE_CHOICES = [(when.value, when.label) for when in FeeWhen]
BASIS_CHOICES = [(Basis.LAW.value, "法令"), (Basis.ORDINANCE.value, "条例・規則・要綱")]


class VolumeSource(models.TextChoices):
    """Where the yearly counts come from: a national count is a weight, not this town's number."""

    SURVEY = "survey", "全国調査"
    OWN = "own", "自団体"


WAITING_STAGES = (Stage.PAPER, Stage.DRAFTED, Stage.REVIEWED)
"""The stages of what is still to be put online."""


class Founding(models.TextChoices):
    """Who founded the procedure: what the town founded itself (補助金, 施設予約) stands in no national survey."""

    UNKNOWN = "", "未確認"
    LAW = "law", "国の法令"
    PREFECTURE = "prefecture", "都道府県の条例等"
    OWN = "own", "自団体の条例・要綱等"


class Demand(models.TextChoices):
    """Whether something is asked of the applicant; nobody having said is not the same as not being asked."""

    UNKNOWN = "", "未確認"
    NONE = "none", "不要"
    REQUIRED = "required", "必要"


class Procedure(TenantModel):
    """One procedure (手続) of a local government.

    `volume` and `online_volume` are yearly counts; None means unknown, which is not zero.
    `standard_processing_days` is None until the local government sets the period (行政手続法6条).
    `volume_order` is the volume with unknown as −1, so that lists sort unknown last by an index.
    `measured_year` is the fiscal year whose own counts a person wrote down after it went online (測定済).
    `online_elsewhere` names another system that takes it online; it counts as online, and is not opened here.
    `fee_when` says when the fee is paid online ("" never); it is `fee_yen` unless the form works it out.
    `kind` is a guess until somebody confirms it (`kind_confirmed`). `survey` keeps the 39 cells of
    the national survey as they were read.
    """

    name = models.CharField("手続名", max_length=300)
    kind = models.CharField("種類", max_length=20, choices=KIND_CHOICES, default=Kind.DISPOSITION.value)
    kind_confirmed = models.BooleanField("種類を確認した", default=False)
    stage = models.CharField("段階", max_length=10, choices=Stage.choices, default=Stage.PAPER)
    excluded_reason = models.TextField("対象外の理由", blank=True, default="")
    legal_basis = models.CharField("根拠法令・条例", max_length=500, blank=True, default="")
    basis = models.CharField("根拠の区分", max_length=10, choices=BASIS_CHOICES, default=Basis.LAW.value)
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+", verbose_name="所管課")
    fee = models.CharField("手数料", max_length=200, blank=True, default="")
    fee_when = models.CharField(
        "手数料の納め方", max_length=6, choices=FEE_CHOICES, blank=True, default="", db_default="", editable=False
    )
    fee_yen = models.PositiveIntegerField("手数料の額（円）", null=True, blank=True, editable=False)
    standard_processing_days = models.PositiveSmallIntegerField("標準処理期間", null=True, blank=True)
    standard_processing_unit = models.CharField(
        "数え方", max_length=10, choices=UNIT_CHOICES, default=Unit.BUSINESS.value
    )
    volume = models.PositiveBigIntegerField("年間件数", null=True, blank=True)
    online_volume = models.PositiveBigIntegerField("うちオンライン", null=True, blank=True)
    volume_source = models.CharField(
        "件数の出典", max_length=10, choices=VolumeSource.choices, default=VolumeSource.OWN
    )
    volume_order = models.BigIntegerField(default=-1, editable=False)
    effort = models.PositiveSmallIntegerField("手間", default=1, editable=False)
    needs = ArrayField(models.CharField(max_length=200), verbose_name="必要なもの", default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=10), verbose_name="方法", default=list, blank=True)
    life_events = ArrayField(models.CharField(max_length=30), verbose_name="できごと", default=list, blank=True)
    institutions = ArrayField(models.CharField(max_length=60), verbose_name="提出先", default=list, blank=True)
    identity_check = models.CharField(
        "本人確認", max_length=10, choices=IDENTITY_CHOICES, default=IdentityCheck.NONE.value
    )
    contact = models.CharField("問合せ先", max_length=300, blank=True, default="")
    retention_class = models.CharField("文書分類", max_length=30, blank=True, default="")
    matter_code = models.CharField("決裁事項", max_length=60, blank=True, default="")
    founding = models.CharField(
        "創設した団体", max_length=10, choices=Founding.choices, blank=True, default="", db_default=""
    )
    attachments = ArrayField(
        models.CharField(max_length=200), verbose_name="添付書類", default=list, db_default=[], blank=True
    )
    identity_note = models.CharField("本人確認の方法", max_length=200, blank=True, default="", db_default="")
    seal = models.CharField("押印", max_length=10, choices=Demand.choices, blank=True, default="", db_default="")
    seal_reason = models.CharField("押印が要る理由", max_length=300, blank=True, default="", db_default="")
    visit = models.CharField("対面", max_length=10, choices=Demand.choices, blank=True, default="", db_default="")
    visit_reason = models.CharField("対面が要る理由", max_length=300, blank=True, default="", db_default="")
    online_basis = models.CharField("オンライン化の根拠", max_length=300, blank=True, default="", db_default="")
    online_elsewhere = models.CharField("ほかのシステムでの受付", max_length=200, blank=True, default="", db_default="")
    target_year = models.PositiveSmallIntegerField("目標年度", null=True, blank=True)
    privacy_purpose = models.TextField("個人情報の利用目的", blank=True, default="", db_default="")
    note = models.TextField("備考", blank=True, default="", db_default="")
    exclusion_rule = TenantForeignKey(
        "procedures.ExclusionRule",
        null=True,
        blank=True,
        related_name="+",
        verbose_name="対象外のルール",
        db_index=False,
    )
    measured_year = models.PositiveSmallIntegerField("実績の年度", null=True, blank=True)
    form = TenantForeignKey("eforms.Form", null=True, blank=True, related_name="+", verbose_name="様式")
    origin_kind = models.CharField("もとになったもの", max_length=60, blank=True, default="")
    origin_id = models.UUIDField(null=True, blank=True)
    survey_id = models.CharField("調査の手続ID", max_length=40, blank=True, default="")
    survey = models.JSONField("調査の回答", default=dict, blank=True)
    search_key = models.TextField("検索用", blank=True, default="", editable=False)
    opened_at = models.DateTimeField("公開した日時", null=True, blank=True)
    created_at = models.DateTimeField("作成", default=clock.now, editable=False)
    updated_at = models.DateTimeField("更新", default=clock.now)

    class Meta:
        verbose_name = "手続"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "survey_id"],
                condition=~Q(survey_id=""),
                name="procedures_procedure_survey",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ONLINE) | Q(form__isnull=False), name="procedures_online_has_form"
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.EXCLUDED) | ~Q(excluded_reason=""),
                name="procedures_excluded_has_reason",
            ),
        ]
        indexes = [
            tenant_index("-volume_order", "-id", name="procedures_by_volume"),
            tenant_index("stage", "-volume_order", "-id", name="procedures_by_stage"),
            tenant_index("kind", "-volume_order", "-id", name="procedures_by_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    def derive(self) -> None:
        """Bring the derived columns up to date; every service that changes a procedure calls it."""
        self.volume_order = -1 if self.volume is None else self.volume
        self.effort = self.effort_estimate.points
        self.search_key = fold(f"{self.name} {self.legal_basis}")
        self.updated_at = clock.now()

    @property
    def road(self) -> Road:
        """The road of its kind."""
        return ROADS[Kind(self.kind)]

    @property
    def online_share(self) -> Decimal | None:
        """Percentage of its filings that come online; None when the volume or the share is unknown."""
        if self.volume is None or self.online_volume is None:
            return None
        return percent(self.online_volume, self.volume)

    @property
    def effort_reasons(self) -> str:
        """Why it takes effort, in one line."""
        return "、".join(self.effort_estimate.reasons)

    @property
    def effort_estimate(self) -> Effort:
        """How much work it is to put it online, from what the town wrote, else from the survey."""
        own = Obstacles(
            fee=self.fee,
            attachments=bool(self.attachments),
            identity=self.identity_note,
            seal=self.seal == Demand.REQUIRED,
            visit=self.visit == Demand.REQUIRED,
        )
        return estimate_effort(Kind(self.kind), self.survey, own)

    @property
    def stage_tone(self) -> str:
        """The colour of the stage's chip; the word stands in it."""
        return {Stage.DRAFTED: "working", Stage.REVIEWED: "working", Stage.ONLINE: "success"}.get(
            Stage(self.stage), "none"
        )

    @property
    def stage_words(self) -> str:
        """Its stage as people say it; an online one whose use was counted is 測定済."""
        if self.is_online and self.measured_year:
            return "オンライン（測定済）"
        if not self.is_online and self.online_elsewhere:
            return "オンライン（ほかのシステム）"
        return str(self.get_stage_display())

    @property
    def is_online(self) -> bool:
        """Whether residents can apply online today."""
        return self.stage == Stage.ONLINE


class ProcedureText(TenantModel):
    """The words residents read about a procedure, in one language.

    やさしい日本語 (`ja-easy`) is a text of its own, not a rendering of the Japanese one.
    """

    LANGUAGES = [("ja", "日本語"), ("ja-easy", "やさしい日本語"), ("en", "English")]

    procedure = TenantForeignKey(Procedure, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField("言語", max_length=10, choices=LANGUAGES)
    name = models.CharField("手続の名前", max_length=300)
    what_for = models.TextField("何のための手続か", blank=True, default="")
    who_may = models.TextField("できる人", blank=True, default="")
    needs = ArrayField(models.CharField(max_length=200), verbose_name="必要なもの", default=list, blank=True)
    fee = models.CharField("手数料", max_length=200, blank=True, default="")
    contact = models.CharField("問合せ先", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "手続の文章"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "procedure", "language"], name="procedures_text_language")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
