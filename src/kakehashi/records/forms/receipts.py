"""Input shapes of 収受 and of paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from kakehashi.kernel import clock
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.people.selectors import departments_on, valid_on
from kakehashi.records.models import Confidentiality, Original, RecordFile, StandardFile, Way

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
    """簿冊に整理する: the class, or one of the section's further volumes (冊)."""

    class_code = forms.ChoiceField(
        label="分類（簿冊）", help_text="分類を選ぶと、その年度の最初の冊に入ります。分冊があるときは、冊を選べます。"
    )

    def __init__(self, *args: Any, volumes: Iterable[RecordFile] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.volumes = {str(row.id): row for row in volumes}
        further = [(key, f"{row.record_class.code} {row.name}") for key, row in self.volumes.items()]
        classes: list[Any] = class_choices()
        self.fields["class_code"].choices = [*classes, *([("分冊", further)] if further else [])]  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """訂正する: everything that was written down of the letter, and why it is put right."""

    title = forms.CharField(label="件名", max_length=200)
    sender = forms.CharField(label="差出人", max_length=200)
    sender_number = forms.CharField(label="相手の文書番号", max_length=60, required=False)
    document_on = day(label="文書の日付", required=False)
    received_on = day(label="収受した日", help_text="番号の年度の中の日に限ります。")
    way = forms.ChoiceField(label="届いた方法", choices=Way.choices)
    confidentiality = forms.ChoiceField(label="取扱い", choices=Confidentiality.choices)
    due_on = day(label="回答の期限", required=False)
    place = forms.CharField(label="紙の保管場所", max_length=120, required=False)
    note = forms.CharField(label="備考", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(label="訂正の理由", max_length=200)


class VoidForm(forms.Form):
    """欠番にする: why."""

    reason = forms.CharField(
        label="欠番にする理由", max_length=200, help_text="例：同じ文書を二度収受した。番号は再び使われません。"
    )


class MoveForm(forms.Form):
    """冊を移す: the other volume."""

    into: forms.ModelChoiceField[Any] = forms.ModelChoiceField(queryset=None, label="移す先の冊", empty_label=None)

    def __init__(self, *args: Any, volumes: QuerySet[RecordFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = volumes  # type: ignore[attr-defined]


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
