"""Content of the living style page: one sample of every block, tone and field type."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from kakehashi.kernel import clock
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.pages import Page

_CHOICES = [("new", "新しく申し込む"), ("change", "内容を変える"), ("stop", "やめる")]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="氏名", help_text="戸籍のとおりに書いてください。")
    mail = forms.EmailField(label="メールアドレス", required=False)
    born = forms.DateField(label="生年月日", help_text="例：平成2年4月1日")
    reason = forms.CharField(label="理由", widget=forms.Textarea)
    kind = forms.ChoiceField(label="種類", choices=_CHOICES)
    way = forms.ChoiceField(label="受け取り方", choices=_CHOICES, widget=forms.RadioSelect)
    wishes = forms.MultipleChoiceField(label="希望", choices=_CHOICES, widget=forms.CheckboxSelectMultiple)
    paper = forms.FileField(label="添付ファイル", required=False)
    agree = forms.BooleanField(label="内容を確かめました")


def context(request: HttpRequest) -> dict[str, Any]:
    """The samples; `?errors=1` shows the form as it looks after a refused attempt."""
    today = clock.today()
    form = SampleForm({"mail": "abc", "born": "いつか"}) if request.GET.get("errors") else SampleForm()
    if request.GET.get("messages"):
        messages.success(request, "担当を山田さんに変えました。", extra_tags=f"undo:{request.path}")
        messages.error(request, "保存できませんでした。")
    return {
        "form": form,
        "today": today,
        "now": clock.now(),
        "yesterday": clock.now() - timedelta(days=1, hours=2),
        "due": [add_business_days(today, days) for days in (-3, 1, 9)],
        "tones": [
            ("new", "到達"),
            ("working", "審査中"),
            ("waiting", "補正待ち"),
            ("deciding", "決裁中"),
            ("done", "完了"),
            ("error", "期限超過"),
            ("none", "下書き"),
        ],
        "page": Page([], "next", "previous"),
        "steps": ["あなたのこと", "引っ越し先", "添付", "確認"],
        "pairs": [("氏名", "山田 花子"), ("電話番号", "")],
    }
