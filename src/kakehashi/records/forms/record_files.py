"""Input shapes of record files made and described by hand."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.people.selectors import departments_on
from kakehashi.records.forms.receipts import class_choices, day
from kakehashi.records.models import Disposition, Medium


class NewFileForm(forms.Form):
    """簿冊を作る."""

    class_code = forms.ChoiceField(label="分類")
    fiscal_year = forms.TypedChoiceField(label="作成・取得年度", coerce=int)
    department: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label="管理者（課）", empty_label=None
    )
    name = forms.CharField(
        label="名称",
        max_length=160,
        required=False,
        help_text="空のままにすると、年度と標準の名に「第2冊」などを付けます。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = fiscal_year(clock.today())
        years = [(year, fiscal_year_label(year)) for year in range(now, now - 60, -1)]
        self.fields["class_code"].choices = class_choices()  # type: ignore[attr-defined]
        self.fields["fiscal_year"].choices = years  # type: ignore[attr-defined]
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]


class NewDocumentForm(forms.Form):
    """文書を加える: for what came through no other room, such as an old paper."""

    title = forms.CharField(label="件名", max_length=200)
    document_number = forms.CharField(label="文書番号", max_length=60, required=False)
    created_on = day(label="作成・取得した日")
    completed_on = day(label="完結した日", required=False)
    place = forms.CharField(label="紙の保管場所", max_length=120, required=False, help_text="紙があるときに書きます。")


class DescriptionForm(forms.Form):
    """名称・場所・措置を直す: nothing here moves a date."""

    name = forms.CharField(label="名称", max_length=160)
    public_name = forms.CharField(
        label="公表する名称",
        max_length=160,
        required=False,
        help_text="名称に不開示とすべきことが含まれるときに、公表用の名称を書きます。",
    )
    place = forms.CharField(label="保存場所", max_length=120, required=False)
    medium = forms.ChoiceField(label="媒体の種別", choices=Medium.choices)
    disposition = forms.ChoiceField(label="満了したときの措置", choices=Disposition.choices)


class EventForm(forms.Form):
    """事由が生じた日."""

    happened_on = day(label="事由が生じた日")


class LeaveForm(forms.Form):
    """常用を終える."""

    left_on = day(label="常用を終えた日")
    years = WholeNumberField(label="その後の保存期間（年）", min_value=1, max_value=60)


class StartForm(forms.Form):
    """起算日を選ぶ."""

    start_on = day(label="起算日", required=False, help_text="空のままにすると、規程どおりの4月1日に戻ります。")


class ReassignForm(forms.Form):
    """所管替え."""

    department: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label="新しい管理者（課）", empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]
