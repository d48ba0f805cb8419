"""What is decided about a dataset."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.opendata.domain.freshness import FREQUENCIES
from kakehashi.opendata.domain.licences import LICENCES
from kakehashi.people.selectors import departments_on


class DatasetForm(forms.Form):
    """Section, licence, frequency, nightly refresh, a note."""

    department: Any = forms.ModelChoiceField(
        label="問合せ先の課", queryset=None, required=False, help_text="住民に示され、データが古くなると知らされます。"
    )
    licence = forms.ChoiceField(label="ライセンス", choices=[(key, each.label) for key, each in LICENCES.items()])
    frequency = forms.ChoiceField(
        label="更新の頻度",
        choices=[(key.value, each.label) for key, each in FREQUENCIES.items()],
        help_text="これより古くなると、職員に知らせ、住民にも「更新が遅れています」と示します。",
    )
    refreshes = forms.BooleanField(
        label="毎晩自動で更新する",
        required=False,
        help_text="台帳が変わっていれば、夜のうちに新しい版を公開します。機械で読めない箇所があるときは公開せず、ここに理由が出ます。",
    )
    note = forms.CharField(
        label="利用する人への注意",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="データのページにそのまま出ます。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Why a dataset is taken back."""

    reason = forms.CharField(
        label="取り下げる理由",
        max_length=300,
        help_text="操作の記録に残ります。ファイルのアドレスは見つからなくなります。",
    )
