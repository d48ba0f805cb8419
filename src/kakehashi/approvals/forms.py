"""Input shapes of the approvals pages."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.approvals.domain.routes import Bar
from kakehashi.approvals.models import Disclosure
from kakehashi.kernel.number_fields import WholeNumberField


class ProposalForm(forms.Form):
    """起案: what is asked, why, under which matter, and what would go out."""

    matter = forms.ChoiceField(label="決裁事項", help_text="だれが決裁するかは、この事項と金額から規程で決まります。")
    subject = forms.CharField(label="件名", max_length=200)
    amount = WholeNumberField(
        label="金額", required=False, min_value=0, max_value=10**13, help_text="円。金額のない事項は空のままにします。"
    )
    request = forms.CharField(
        label="伺い",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="「次のとおり…してよろしいか伺います。」のように、決めてほしいことを書きます。",
    )
    reason = forms.CharField(label="理由", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))
    disclosure = forms.ChoiceField(label="公開区分", choices=Disclosure.choices, initial=Disclosure.OPEN)
    bars = forms.MultipleChoiceField(
        label="専決によらない事由",
        required=False,
        choices=[(bar.value, bar.label) for bar in Bar],
        widget=forms.CheckboxSelectMultiple,
        help_text="当てはまるものがあれば、首長の決裁になります。",
    )
    paper_route_reason = forms.CharField(
        label="紙で決裁する理由",
        required=False,
        max_length=200,
        help_text="紙で決裁するときだけ書きます。電子決裁率の計算に使います。",
    )
    notice_title = forms.CharField(
        label="通知の題名", required=False, max_length=120, help_text="外へ通知を出さないときは空のままにします。"
    )
    notice_addressee = forms.CharField(
        label="宛先", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    notice_text = forms.CharField(
        label="通知の本文", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    notice_reason = forms.CharField(
        label="通知に書く理由", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    issues_itself = forms.BooleanField(
        label="決裁の10秒後に、自動で施行する",
        required=False,
        help_text="決裁された文をそのまま通知します。付けないときは、決裁の後に「施行する」を押します。",
    )

    def __init__(self, *args: Any, matters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["matter"]
        if isinstance(field, forms.ChoiceField):
            field.choices = matters

    def clean(self) -> dict[str, Any]:
        """A notice has a title, an addressee and a text, or is not there at all."""
        cleaned = super().clean() or {}
        parts = [str(cleaned.get(name) or "").strip() for name in ("notice_title", "notice_addressee", "notice_text")]
        if any(parts) and not all(parts):
            for name, value in zip(("notice_title", "notice_addressee", "notice_text"), parts, strict=True):
                if not value and name not in self.errors:
                    self.add_error(name, "通知を出すときは、題名・宛先・本文のすべてを記入してください。")
        return cleaned


class ActForm(forms.Form):
    """What is said with an act, on what was on the screen, and where a return goes."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="意見・理由",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="差戻しなど、理由が要る処理では必ず記入します。承認や決裁に添える意見は任意です。",
    )
    target = forms.ChoiceField(label="差戻し先", required=False)

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["target"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "起案者"), *targets]
        if not targets:
            del self.fields["target"]
