"""Input shapes of plans, their branches, indicators, reviews and sheets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from kakehashi.indicators.selectors import all_measures
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.kernel.wareki import WarekiError, format_wareki, parse_wareki
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on
from kakehashi.plans.domain.attainment import PLAN_POLICY_WORDS, POLICY_WORDS, AttainmentPolicy
from kakehashi.plans.domain.reviews import MISS_CAUSE_WORDS, MOVE_WORDS, Result
from kakehashi.plans.domain.scales import written_grades
from kakehashi.plans.domain.skeletons import SKELETONS
from kakehashi.plans.domain.states import STATE_WORDS, InitiativeState
from kakehashi.plans.domain.targets import METHOD_WORDS, TargetMethod
from kakehashi.plans.models import DxPlan, EvaluationScale, Initiative, PlanIndicator, PlanPolicy, PlanProgram
from kakehashi.plans.selectors import all_scales

DATE_HELP = "例：令和8年10月1日、R8.10.1、2026-10-01"


class WarekiDateField(forms.CharField):
    """A date as people in an office write it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("help_text", DATE_HELP)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored date in 和暦; what was typed as it was typed."""
        return format_wareki(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        """The date, None for nothing."""
        text = super().clean(format_wareki(value) if isinstance(value, date) else value)
        if not text.strip():
            return None
        try:
            return parse_wareki(text)
        except WarekiError as problem:
            raise forms.ValidationError(str(problem)) from problem


def _years() -> list[tuple[int, str]]:
    this = fiscal_year(clock.today())
    return [(year, fiscal_year_label(year)) for year in range(this - 8, this + 12)]


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A plan's words, years and policies of attainment."""

    first_year = forms.TypedChoiceField(label="最初の年度", coerce=int)
    last_year = forms.TypedChoiceField(label="最後の年度", coerce=int)
    scale_code = forms.ChoiceField(label="評価の段階")

    class Meta:
        model = DxPlan
        fields = (
            "title", "edition", "kind", "legal_basis", "first_year", "last_year", "summary", "summary_easy", "summary_en", "attainment_policy", "scale_code",
        )  # fmt: skip
        widgets: ClassVar = {
            name: forms.Textarea(attrs={"rows": 4}) for name in ("summary", "summary_easy", "summary_en")
        }
        help_texts = {
            "edition": "例：第1版、令和8年4月改定",
            "legal_basis": "条例・法律による計画のときは必ず書きます。例：官民データ活用推進基本法9条、○○町デジタル推進条例3条",
            "summary": "公開するときに、ページの最初に出ます。",
            "summary_easy": "やさしい日本語のページに出ます。空欄なら日本語の説明が出ます。",
            "summary_en": "英語のページに出ます。空欄なら日本語の説明が出ます。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = fiscal_year(clock.today())
        for name, initial in (("first_year", this), ("last_year", this + 4)):
            field = self.fields[name]
            field.choices = _years()  # type: ignore[attr-defined]
            field.initial = initial
        self.fields["scale_code"].choices = [(one.code, one.label) for one in all_scales()]  # type: ignore[attr-defined]
        if "kind" not in self.data:
            self.fields["kind"].required = False

    def clean_kind(self) -> str:
        """The kind; the usual one where a client does not know of kinds."""
        return self.cleaned_data["kind"] or str(DxPlan._meta.get_field("kind").get_default())


class NewPlanForm(PlanForm):
    """A new plan, with the skeleton it starts from."""

    skeleton_code = forms.ChoiceField(
        label="どこから始めるか", choices=[(code, skeleton.label) for code, skeleton in SKELETONS.items()]
    )


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A policy."""

    class Meta:
        model = PlanPolicy
        fields = ("title", "description", "pillar")


class ProgramForm(forms.ModelForm):  # type: ignore[type-arg]
    """A programme."""

    class Meta:
        model = PlanProgram
        fields = ("title", "description")


class InitiativeForm(forms.ModelForm):  # type: ignore[type-arg]
    """An initiative."""

    # Not drawn from the model: a form class is made outside any tenant scope.
    department: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="担当課", queryset=None, required=False
    )
    budget_yen = WholeNumberField(label="予算（円）", required=False, min_value=0, max_value=10**15 - 1)
    starts_on = WarekiDateField(label="始める日", required=False)
    ends_on = WarekiDateField(label="終える日", required=False)
    sunset_on = WarekiDateField(
        label="組織を終える日", required=False, help_text="期間を決めて置く組織のときは必ず書きます。" + DATE_HELP
    )

    class Meta:
        model = Initiative
        fields = ("title", "description", "weight", "budget_yen", "starts_on", "ends_on", "unit_name", "sunset_on")
        help_texts = {
            "weight": "計画全体の達成率を「重みつき」で出すときに使います。",
            "unit_name": "期間を決めて置く組織があるときだけ書きます。例：デジタル変革戦略室",
        }

    field_order = (
        "title", "description", "department", "weight", "budget_yen", "starts_on", "ends_on", "unit_name", "sunset_on",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]
        if self.instance.department_id:
            self.fields["department"].initial = self.instance.department_id


class ReportForm(forms.Form):
    """How an initiative goes."""

    state = forms.ChoiceField(label="状態", choices=list(STATE_WORDS.items()))
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="「遅れのおそれ」「一部達成」「未達」「中止」のときは必ず書きます。",
    )
    next_move = forms.CharField(
        label="次の一手",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="「遅れのおそれ」「一部達成」「未達」のときは必ず書きます。小さなことで構いません。",
    )

    def clean_state(self) -> InitiativeState:
        """Return the state itself."""
        return InitiativeState(self.cleaned_data["state"])


class IndicatorForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which measure an initiative is judged by."""

    measure_code = forms.ChoiceField(label="指標", required=False)
    baseline_year = forms.TypedChoiceField(label="基準値の年度", coerce=int, empty_value=None, required=False)

    class Meta:
        model = PlanIndicator
        fields = ("measure_code", "label", "attainment_policy", "baseline", "baseline_year", "baseline_note")
        help_texts = {
            "label": "空欄なら指標の名前を使います。「言葉と日付で示す」ときは必ず書きます。",
            "baseline": "計画を始めたときの値です。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = [(one.code, f"{one.label}（{one.unit}）") for one in all_measures()]
        self.fields["measure_code"].choices = [*measures, ("", "言葉と日付で示す")]  # type: ignore[attr-defined]
        self.fields["measure_code"].initial = measures[0][0] if measures else ""
        self.fields["baseline_year"].choices = [("", "書かない"), *_years()]  # type: ignore[attr-defined]
        self.fields["attainment_policy"] = forms.ChoiceField(label="達成率の決め方", choices=list(POLICY_WORDS.items()))

    def clean_attainment_policy(self) -> AttainmentPolicy:
        """Return the policy itself."""
        return AttainmentPolicy(self.cleaned_data["attainment_policy"])

    def validate_unique(self) -> None:
        """The service says it in the words of the field."""


class TargetsForm(forms.Form):
    """A target for each year of the plan: numbers, or words for an indicator in words."""

    def __init__(self, *args: Any, indicator: PlanIndicator, former: dict[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.years = indicator.initiative.program.policy.plan.years
        if indicator.kind != "words":
            # Not "method": a field of that name hides the form's own from scripts.
            self.fields["way"] = forms.ChoiceField(
                label="目標の決め方",
                choices=list(METHOD_WORDS.items()),
                initial=indicator.target_method,
                required=False,
                help_text="「直線」「段階」では、書かなかった年度を計算して入れます。端数は四捨五入です。",
            )
        for year in self.years:
            self.fields[f"target_{year}"] = self._field(year, former.get(year))

    def _field(self, year: int, former: Any) -> forms.Field:
        label = f"{fiscal_year_label(year)}の目標"
        if self.indicator.kind == "words":
            return forms.CharField(label=label, required=False, max_length=300, initial=former.words if former else "")
        is_given = former is not None and former.value is not None and not former.is_derived
        initial = former.value.normalize() if is_given else None
        return forms.DecimalField(
            label=label,
            required=False,
            max_digits=17,
            decimal_places=4,
            initial=None if initial is None else f"{initial:f}",
        )

    @property
    def method(self) -> TargetMethod:
        """How the years between are filled."""
        return TargetMethod(self.cleaned_data.get("way") or TargetMethod.MANUAL)

    @property
    def values(self) -> dict[int, Decimal | None]:
        """Numbers by year; every year of the plan is named."""
        if self.indicator.kind == "words":
            return {}
        return {year: self.cleaned_data.get(f"target_{year}") for year in self.years}

    @property
    def words(self) -> dict[int, str]:
        """Words by year."""
        if self.indicator.kind != "words":
            return {}
        return {year: self.cleaned_data.get(f"target_{year}") or "" for year in self.years}


class WordsForm(forms.Form):
    """A result in words with its day."""

    reached_on = WarekiDateField(label="いつ")
    text = forms.CharField(label="何ができたか", max_length=300)


class UnitForm(forms.Form):
    """The end of a unit that is set up for a time: it goes on with a reason, or ends with a lesson."""

    act = forms.ChoiceField(label="どうするか", choices=[("close", "終える"), ("extend", "続ける")])
    until = WarekiDateField(label="終えた日・続けるときの新しい終える日")
    note = forms.CharField(
        label="分かったこと・続ける理由", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ScaleForm(forms.Form):
    """An evaluation scale of the town's own."""

    label = forms.CharField(label="名前", max_length=60)
    source = forms.CharField(label="出どころ", max_length=200, required=False, help_text="例：総合計画の評価要領")
    grades_text = forms.CharField(
        label="段階",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="1行に1段階、上から順に「何％以上 言葉 点」を書きます。例：100 着実 3",
    )

    @classmethod
    def of(cls, scale: EvaluationScale | None, data: Any) -> ScaleForm:
        """The form of a new scale, or of one that is changed."""
        if scale is None:
            return cls(data)
        initial = {"label": scale.label, "source": scale.source, "grades_text": written_grades(scale.scale.grades)}
        return cls(data, initial=initial)


class EvaluationsForm(forms.Form):
    """By which further ways a plan is judged."""

    ways = forms.MultipleChoiceField(
        label="あわせて出す評価", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="達成率には、決め方がいつも並んで出ます。",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ways"].choices = [  # type: ignore[attr-defined]
            (f"{policy}|{scale.code}", f"{words.partition('：')[0]}／段階：{scale.label}")
            for policy, words in PLAN_POLICY_WORDS.items()
            for scale in all_scales()
        ]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The chosen (policy, scale code)."""
        return [(policy, code) for policy, _, code in (one.partition("|") for one in self.cleaned_data["ways"])]


class OpenReviewForm(forms.Form):
    """Which year or quarter is reviewed."""

    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)
    quarter = forms.TypedChoiceField(
        label="四半期", coerce=int, choices=[(0, "年間"), *((one, f"第{one}四半期") for one in range(1, 5))]
    )

    def __init__(self, *args: Any, plan: DxPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiscal_year"].choices = [(year, fiscal_year_label(year)) for year in plan.years]  # type: ignore[attr-defined]


class ReviewLineForm(forms.Form):
    """How one initiative did."""

    result = forms.ChoiceField(label="結果", choices=Result.choices())
    cause = forms.ChoiceField(
        label="未達の要因",
        required=False,
        choices=[("", "（達成・進行中のときは選ばない）"), *MISS_CAUSE_WORDS.items()],
        help_text="「未達」「一部達成」のときは、ここから下を必ず書きます。",
    )
    cause_text = forms.CharField(
        label="何が起きたか", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    move = forms.ChoiceField(
        label="次の動き（OODA）",
        required=False,
        choices=[("", "（達成・進行中のときは選ばない）"), *MOVE_WORDS.items()],
    )
    move_text = forms.CharField(
        label="次の一手",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="1行で構いません。だれが、いつまでに、何をするか。",
    )

    def clean_result(self) -> Result:
        """Return the result itself."""
        return Result(self.cleaned_data["result"])


class CloseReviewForm(forms.Form):
    """The summary that closes a review."""

    summary = forms.CharField(label="まとめ", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))


class VersionForm(forms.Form):
    """The label of a version, and why the plan was changed."""

    label = forms.CharField(label="版の名前", max_length=60, required=False, help_text="空欄なら計画の版を使います。")
    reason = forms.CharField(
        label="改めた理由", max_length=500, required=False, help_text="2つめの版からは必ず書きます。"
    )


class SheetForm(forms.Form):
    """The plan's sheet."""

    file = forms.FileField(label="計画の表（Excel）", help_text="「計画の表（Excel）」で書き出した形のまま使います。")


class HeadForm(forms.Form):
    """The numbers of the head's page."""

    codes = forms.MultipleChoiceField(
        label="1枚に出す数字",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="10個まで。選ばなければ、公開している計画の指標を出します。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = [(one.code, f"{one.label}（{one.unit}）") for one in all_measures()]  # type: ignore[attr-defined]
