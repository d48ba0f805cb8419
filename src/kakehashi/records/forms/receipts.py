"""Input shapes of 収受 and of paper."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.people.selectors import departments_on, valid_on
from kakehashi.records.models import Confidentiality, Original, StandardFile, Way

LATER = ("", "あとで整理する")


def day(**options: Any) -> forms.DateField:
    """A date field with the browser's own calendar."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **options)


def class_choices() -> list[tuple[str, str]]:
    """The classes with a standard file in force today, by code."""
    rows = StandardFile.objects.filter(valid_on(clock.today())).select_related("record_class")
    return [(row.record_class.code, f"{row.record_class.code} {row.name}（{row.period_label}）") for row in rows]


class ReceiptForm(forms.Form):
    """収受する: what came, from whom, how, where its paper lies, and where it goes."""

    title = forms.CharField(label="件名", max_length=200)
    sender = forms.CharField(label="差出人", max_length=200)
    sender_number = forms.CharField(label="相手の文書番号", max_length=60, required=False)
    document_on = day(label="文書の日付", required=False)
    received_on = day(label="収受した日")
    way = forms.ChoiceField(label="届いた方法", choices=Way.choices)
    department: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label="担当する課", empty_label=None
    )
    confidentiality = forms.ChoiceField(
        label="取扱い",
        choices=Confidentiality.choices,
        help_text="秘密・親展の文書は、担当する課と文書管理の担当者だけが見られます。",
    )
    due_on = day(label="回答の期限", required=False)
    place = forms.CharField(
        label="紙の保管場所", max_length=120, required=False, help_text="紙で届いたときに書きます。例：書庫2-3-1"
    )
    case_number = forms.CharField(
        label="結び付ける案件の番号",
        max_length=20,
        required=False,
        help_text="前からある案件に結び付けるときに書きます。",
    )
    opens_case = forms.BooleanField(label="この文書のために新しい案件をひらく", required=False)
    class_code = forms.ChoiceField(label="分類（簿冊）", required=False)
    note = forms.CharField(label="備考", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]
        self.fields["class_code"].choices = [LATER, *class_choices()]  # type: ignore[attr-defined]


class DistributionForm(forms.Form):
    """配布する: the section that deals with it."""

    department: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label="担当する課", empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    """案件に結び付ける: the number of a case, or none for a new one."""

    case_number = forms.CharField(
        label="案件の番号", max_length=20, required=False, help_text="空のままにすると、新しい案件をひらきます。"
    )


class ClassForm(forms.Form):
    """簿冊に整理する: the class."""

    class_code = forms.ChoiceField(label="分類（簿冊）")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["class_code"].choices = class_choices()  # type: ignore[attr-defined]


class CompletionForm(forms.Form):
    """完結する: the day."""

    completed_on = day(label="完結日")


class PaperForm(forms.Form):
    """紙の保管場所: where it lies and how many sheets."""

    place = forms.CharField(label="紙の保管場所", max_length=120)
    sheets = WholeNumberField(label="枚数", required=False, min_value=1, max_value=100_000)


class OriginalForm(forms.Form):
    """原本を決める: which copy, under which clause, and when the paper of a compared scan may go."""

    original = forms.ChoiceField(label="原本", choices=Original.choices, widget=forms.RadioSelect)
    clause = forms.CharField(label="根拠の条項", max_length=200)
    may_go_on = day(
        label="紙を処分できる日",
        required=False,
        help_text="電子を原本とするときに書きます。スキャンした画像と紙を見比べてから決めてください。",
    )
