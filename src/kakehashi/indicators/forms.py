"""Input shapes of the indicators room."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.indicators.domain.figure import STATE_WORDS, WITHOUT_NUMBER, FigureState
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import Finality, ManualMeasure
from kakehashi.indicators.models.reported import IMPORTED_STAGES
from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.wareki import WarekiError, parse_wareki
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on


class ManualMeasureForm(forms.ModelForm):  # type: ignore[type-arg]
    """A measure that is kept by hand."""

    # Not drawn from the model: a form class is made outside any tenant scope.
    department: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="担当課", queryset=None, required=False
    )

    class Meta:
        model = ManualMeasure
        fields = (
            "label",
            "definition",
            "formula_text",
            "unit",
            "direction",
            "denominator_policy",
            "source",
            "due_days",
        )
        help_texts = {
            "due_days": "この日数を過ぎると「遅れている報告」に出て、担当課に催促します。",
            "formula_text": "例：「満足」「やや満足」と答えた人 ÷ 回答した人",
            "unit": "例：％、件、日",
            "denominator_policy": "例：無回答は分母から除く",
            "source": "例：住民アンケート（毎年10月）",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]
        self.fields["due_days"].required = False

    def clean_due_days(self) -> int:
        """The days; sixty where nobody said."""
        found = self.cleaned_data["due_days"]
        return 60 if found is None else int(found)


class ReturnForm(forms.Form):
    """Why a reported value goes back."""

    answer = forms.CharField(label="差し戻しの理由", max_length=500, required=False)


class LockForm(forms.Form):
    """Which fiscal year is locked."""

    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = fiscal_year(clock.today())
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (year, fiscal_year_label(year)) for year in range(this - 1, this - 6, -1)
        ]


class RedefineForm(forms.Form):
    """A new definition of a measure kept by hand."""

    formula_text = forms.CharField(label="新しい計算式", max_length=500)
    denominator_policy = forms.CharField(label="分母の決め方", max_length=300, required=False)
    unit = forms.CharField(label="単位", max_length=20)
    source = forms.CharField(label="出所（調査名など）", max_length=200)
    reason = forms.CharField(
        label="改める理由", max_length=500, required=False, help_text="前の定義の値は、前の系列として残ります。"
    )


class ExplainForm(forms.Form):
    """Why a number moved."""

    explanation = forms.CharField(label="説明", max_length=500, required=False)


class ValueForm(forms.Form):
    """The value of a fiscal year."""

    year = forms.TypedChoiceField(label="年度", coerce=int)
    state = forms.ChoiceField(
        label="値の有無",
        choices=[
            (FigureState.MEASURED, "値がある"),
            *[(state, f"{STATE_WORDS[state][0]}（{STATE_WORDS[state][1]}）") for state in WITHOUT_NUMBER],
        ],
    )
    value = forms.DecimalField(label="値", required=False, max_digits=19, decimal_places=4)
    numerator = forms.DecimalField(label="分子", required=False, max_digits=19, decimal_places=4)
    denominator = forms.DecimalField(
        label="分母",
        required=False,
        max_digits=19,
        decimal_places=4,
        help_text="分子と分母を書くと、割合を計算します。",
    )
    surveyed_on = forms.CharField(
        label="調査日", required=False, max_length=40, help_text="例：令和8年10月1日、R8.10.1、2026-10-01"
    )
    finality = forms.ChoiceField(
        label="速報・確定",
        required=False,
        choices=[(one.value, one.label) for one in (Finality.CONFIRMED, Finality.PRELIMINARY)],
    )
    source = forms.CharField(label="出所", required=False, max_length=200, help_text="空欄なら、指標の出所を使います。")
    note = forms.CharField(
        label="説明・訂正の理由", required=False, max_length=500, help_text="前に記録した値を直すときは必ず書きます。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this = fiscal_year(clock.today())
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (year, fiscal_year_label(year)) for year in range(this, this - 11, -1)
        ]

    def clean_surveyed_on(self) -> Any:
        """Read the date as people write it."""
        text = self.cleaned_data["surveyed_on"].strip()
        if not text:
            return None
        try:
            return parse_wareki(text)
        except WarekiError as problem:
            raise forms.ValidationError(str(problem)) from problem

    @property
    def period(self) -> Period:
        """The chosen period."""
        return Period.year(self.cleaned_data["year"])


class ValuesFileForm(forms.Form):
    """A CSV of values."""

    file = forms.FileField(
        label="値のCSV",
        help_text="1行目の見出し：年度、値、分子、分母、調査日、出所、速報・確定、訂正の理由（UTF-8かShift_JIS）。値には 未調査・該当なし・対象外・不明 も書けます。空欄は「空欄」として残ります。",
    )


class RuleForm(forms.Form):
    """Where values from a file begin."""

    imported_stage = forms.ChoiceField(
        label="CSVから取り込んだ値", choices=IMPORTED_STAGES,
        help_text="どちらでも、ほかの人が承認するまで指標と計画には出ません。",
    )  # fmt: skip
