"""Input shapes of the pages of search; no logic."""

from __future__ import annotations

from django import forms

from kakehashi.search.models import SynonymGroup


class SynonymForm(forms.Form):
    """One group of synonyms."""

    kind = forms.ChoiceField(label="種類", choices=SynonymGroup.Kind.choices)
    words = forms.CharField(
        label="言葉",
        help_text="「、」で区切ります。例：ファミサポ、ファミリーサポートセンター",
        max_length=2_600,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    finds = forms.CharField(
        label="見つける言葉",
        help_text="「片方向」のときだけ使います。左の言葉で尋ねた人に、ここの言葉も見つけます。",
        max_length=2_600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(label="メモ", max_length=200, required=False)
    is_on = forms.BooleanField(label="使う", required=False, initial=True)


class SynonymFileForm(forms.Form):
    """A file of groups."""

    file = forms.FileField(label="CSVファイル", help_text="見出しは 種類・言葉・見つける言葉・メモ・使う。1MBまで。")
