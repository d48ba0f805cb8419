"""Input shapes of the indicators room."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.indicators.domain.figure import STATE_WORDS, FigureState
from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.models import ManualMeasure
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
        )
        help_texts = {
            "formula_text": "例：「満足」「やや満足」と答えた人 ÷ 回答した人",
            "unit": "例：％、件、日",
            "denominator_policy": "例：無回答は分母から除く",
            "source": "例：住民アンケート（毎年10月）",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]


class ValueForm(forms.Form):
    """The value of a fiscal year."""

    year = forms.TypedChoiceField(label="年度", coerce=int)
    state = forms.ChoiceField(
        label="値の有無",
        choices=[
            (FigureState.MEASURED, "値がある"),
            *[
                (state, f"{STATE_WORDS[state][0]}（{STATE_WORDS[state][1]}）")
                for state in (FigureState.NOT_APPLICABLE, FigureState.UNKNOWN, FigureState.NOT_SURVEYED)
            ],
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
    source = forms.CharField(label="出所", required=False, max_length=200, help_text="空欄なら、指標の出所を使います。")
    reason = forms.CharField(
        label="訂正の理由", required=False, max_length=500, help_text="前に入れた値を直すときは必ず書きます。"
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
        label="値のCSV", help_text="1行目の見出し：年度、値、分子、分母、調査日、出所、訂正の理由（UTF-8かShift_JIS）"
    )
