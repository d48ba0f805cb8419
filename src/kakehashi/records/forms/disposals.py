"""Input shapes of the yearly cycle."""

from __future__ import annotations

from django import forms

from kakehashi.records.forms.receipts import day


class ListForm(forms.Form):
    """一覧を作る: the fiscal year by whose end the period ended."""

    fiscal_year = forms.TypedChoiceField(label="満了する年度", coerce=int)

    def __init__(self, *args: object, years: list[tuple[int, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["fiscal_year"].choices = years  # type: ignore[attr-defined]


class AcceptanceForm(forms.Form):
    """受入れを記録する: who has the package, since when, under which number of theirs."""

    accepted_by = forms.CharField(label="受け入れた機関", max_length=120)
    accepted_on = day(label="受入れの日")
    reference = forms.CharField(label="先方の整理番号", max_length=120, required=False)
