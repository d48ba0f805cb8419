"""Input shapes of the webhooks' pages."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms

from kakehashi.exchange.domain.webhooks import kinds_of_webhooks
from kakehashi.exchange.models import Webhook
from kakehashi.kernel import clock
from kakehashi.people.models import Department


class WebhookForm(forms.Form):
    """Whom to tell, of what, and for which department."""

    name = forms.CharField(label="送り先の名前", max_length=100, help_text="例：収納管理システム")
    url = forms.CharField(
        label="送り先のアドレス", max_length=500, help_text="https:// で始まるアドレス。受け取る側の事業者に聞きます。"
    )
    kinds = forms.MultipleChoiceField(
        label="知らせること",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "知らせることを選んでください。"},
    )
    department: forms.ModelChoiceField[Department] = forms.ModelChoiceField(
        label="所属",
        queryset=None,
        required=False,
        empty_label="すべての所属",
        help_text="選ぶと、その所属と下の所属の手続のことだけを知らせます。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kinds_of_webhooks()  # type: ignore[attr-defined]
        departments = Department.objects.filter(valid_to__isnull=True).order_by("order", "code")
        self.fields["department"].queryset = departments  # type: ignore[attr-defined]

    @classmethod
    def of(cls, webhook: Webhook, data: Any = None) -> WebhookForm:
        """The form of a webhook that is there."""
        now = {"name": webhook.name, "url": webhook.url, "kinds": webhook.kinds, "department": webhook.department_id}
        return cls(data, initial=now)


class ReplayForm(forms.Form):
    """The days whose events are sent again, in Japan's time, both included."""

    since = forms.DateField(label="この日から", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="この日まで", widget=forms.DateInput(attrs={"type": "date"}))

    def moments(self) -> dict[str, datetime]:
        """The first and the last moment of the days."""
        first, last = self.cleaned_data["since"], self.cleaned_data["until"]
        end = datetime.combine(last, time.max, clock.JST)
        return {"since": datetime.combine(first, time(), clock.JST), "until": end}

    @classmethod
    def of_today(cls, data: Any = None) -> ReplayForm:
        """The form, with the last week filled in."""
        today = clock.today()
        return cls(data, initial={"since": today - timedelta(days=6), "until": today})
