"""Input shapes of the plans room."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from kakehashi.indicators.selectors import all_measures
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.wareki import WarekiError, parse_wareki
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on
from kakehashi.plans.domain.attainment import POLICY_WORDS, AttainmentPolicy
from kakehashi.plans.domain.skeletons import SKELETONS
from kakehashi.plans.domain.states import STATE_WORDS, InitiativeState
from kakehashi.plans.models import DxPlan, Initiative, PlanIndicator, PlanPolicy, PlanProgram


def _years() -> list[tuple[int, str]]:
    this = fiscal_year(clock.today())
    return [(year, fiscal_year_label(year)) for year in range(this - 8, this + 12)]


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    """A plan's words, years and policies of attainment."""

    first_year = forms.TypedChoiceField(label="最初の年度", coerce=int)
    last_year = forms.TypedChoiceField(label="最後の年度", coerce=int)

    class Meta:
        model = DxPlan
        fields = (
            "title", "edition", "first_year", "last_year", "summary", "summary_easy", "summary_en", "attainment_policy", "scale_code",
        )  # fmt: skip
        help_texts = {
            "edition": "例：第1版、令和8年4月改定",
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


class NewPlanForm(PlanForm):
    """A new plan, with the skeleton it starts from."""

    skeleton_code = forms.ChoiceField(
        label="どこから始めるか", choices=[(code, skeleton.label) for code, skeleton in SKELETONS.items()]
    )


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A policy."""

    class Meta:
        model = PlanPolicy
        fields = ("title", "description")


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

    class Meta:
        model = Initiative
        fields = ("title", "description", "weight")
        help_texts = {"weight": "計画全体の達成率を「重みつき」で出すときに使います。"}

    field_order = ("title", "description", "department", "weight")

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
        for year in self.years:
            self.fields[f"target_{year}"] = self._field(year, former.get(year))

    def _field(self, year: int, former: Any) -> forms.Field:
        label = f"{fiscal_year_label(year)}の目標"
        if self.indicator.kind == "words":
            return forms.CharField(label=label, required=False, max_length=300, initial=former.words if former else "")
        initial = former.value.normalize() if former and former.value is not None else None
        return forms.DecimalField(
            label=label,
            required=False,
            max_digits=17,
            decimal_places=4,
            initial=None if initial is None else f"{initial:f}",
        )

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

    reached_on = forms.CharField(label="いつ", max_length=40, help_text="例：令和8年10月1日、R8.10.1、2026-10-01")
    text = forms.CharField(label="何ができたか", max_length=300)

    def clean_reached_on(self) -> Any:
        """Read the date as people write it."""
        try:
            return parse_wareki(self.cleaned_data["reached_on"])
        except WarekiError as problem:
            raise forms.ValidationError(str(problem)) from problem
