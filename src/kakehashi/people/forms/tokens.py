"""The form of a key of the API."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel.api import asked_permissions
from kakehashi.kernel.permissions import known_permissions
from kakehashi.people.forms.staff import day
from kakehashi.people.models import Department


class TokenForm(forms.Form):
    """A new key: for which system, what it may do, and until when."""

    name = forms.CharField(label="システムの名前", max_length=100, help_text="例：収納管理システム")
    permissions = forms.MultipleChoiceField(
        label="できること",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "できることを選んでください。"},
    )
    department: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="所属",
        queryset=None,
        required=False,
        empty_label="すべての所属",
        help_text="選ぶと、その所属と下の所属の、申請と手続だけを扱えます。",
    )
    valid_to = day("期限", help_text="この日まで使えます。今日から1年以内です。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = known_permissions()
        self.fields["permissions"].choices = [(name, labels[name]) for name in asked_permissions()]  # type: ignore[attr-defined]
        departments = Department.objects.filter(valid_to__isnull=True).order_by("order", "code")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]
