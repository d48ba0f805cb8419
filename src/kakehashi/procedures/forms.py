"""Input shapes of the staff's pages."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on
from kakehashi.procedures.domain.survey import INSTITUTIONS, LIFE_EVENTS
from kakehashi.procedures.models import Procedure, ProcedureText
from kakehashi.procedures.models.procedure import BASIS_CHOICES, KIND_CHOICES, UNIT_CHOICES, Stage

_ANY = ("", "すべて")
CHANNELS = [("online", "オンライン"), ("counter", "窓口"), ("post", "郵送")]


class LinesField(forms.CharField):
    """One thing a line, as a list of short texts."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The lines that are not empty."""
        return [line.strip()[:200] for line in (super().to_python(value) or "").splitlines() if line.strip()][:50]

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        """An empty list is empty."""
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")


class InventoryFilterForm(forms.Form):
    """Narrows the inventory; a value that does not exist narrows nothing."""

    q = forms.CharField(label="手続名・法令", max_length=100, required=False)
    kind = forms.ChoiceField(label="種類", choices=[_ANY, *KIND_CHOICES], required=False)
    stage = forms.ChoiceField(label="段階", choices=[_ANY, *Stage.choices], required=False)
    institution = forms.ChoiceField(
        label="提出先", choices=[_ANY, *[(name, name) for name in INSTITUTIONS.values()]], required=False
    )
    volume = forms.ChoiceField(
        label="件数", choices=[_ANY, ("known", "わかるもの"), ("unknown", "わからないもの")], required=False
    )


class ImportForm(forms.Form):
    """The survey's file and which place of filing to keep."""

    file = forms.FileField(label="調査のCSVファイル", help_text="UTF-8 か Shift_JIS、39列。25MBまで。")
    institution = forms.ChoiceField(
        label="申請を提出する機関",
        help_text="自団体が受け付けるものだけを取り込みます。",
        choices=[*[(name, name) for name in INSTITUTIONS.values()], ("", "すべて")],
        required=False,
    )

    def clean_file(self) -> Any:
        """Refuse a file too large to read at once."""
        file = self.cleaned_data["file"]
        if file.size > 25 * 1024 * 1024:
            raise forms.ValidationError("ファイルは25MBまでです。")
        return file


class ProcedureForm(forms.ModelForm):  # type: ignore[type-arg]
    """What stands on the inventory about one procedure."""

    kind = forms.ChoiceField(
        label="種類",
        choices=KIND_CHOICES,
        widget=forms.RadioSelect,
        help_text="届出は到達で完了します。申込・証明は専決、処分だけが起案・決裁を通ります。",
    )
    basis = forms.ChoiceField(
        label="根拠の区分",
        choices=BASIS_CHOICES,
        help_text="条例・規則に基づく処分には、自団体の行政手続条例が適用されます。",
    )
    department = forms.ChoiceField(label="所管課", required=False)
    standard_processing_days = forms.IntegerField(
        label="標準処理期間（日）",
        min_value=1,
        max_value=999,
        required=False,
        help_text="決めていないときは空にします。",
    )
    standard_processing_unit = forms.ChoiceField(label="日の数え方", choices=UNIT_CHOICES)
    volume = forms.IntegerField(
        label="年間件数",
        min_value=0,
        max_value=10**12,
        required=False,
        help_text="わからないときは空にします。空は「0件」ではありません。",
    )
    online_volume = forms.IntegerField(label="うちオンライン", min_value=0, max_value=10**12, required=False)
    channels = forms.MultipleChoiceField(
        label="手続の方法", choices=CHANNELS, widget=forms.CheckboxSelectMultiple, required=False
    )
    life_events = forms.MultipleChoiceField(
        label="できごと", choices=list(LIFE_EVENTS.items()), widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Procedure
        fields = (
            "name", "kind", "legal_basis", "basis", "standard_processing_days",
            "standard_processing_unit", "volume", "online_volume", "channels", "contact",
            "retention_class", "matter_code", "life_events",
        )  # fmt: skip

    field_order = ("name", "kind", "legal_basis", "basis", "department")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {str(each.id): each for each in departments_on(clock.today())}
        names = [(key, each.name) for key, each in self.departments.items()]
        self.fields["department"].choices = [("", "未定"), *names]  # type: ignore[attr-defined]
        if self.instance.department_id:
            self.initial["department"] = str(self.instance.department_id)

    def clean_department(self) -> Department | None:
        """The department chosen, or None."""
        return self.departments.get(self.cleaned_data["department"])

    def save(self, commit: bool = True) -> Procedure:
        """Forms never write: the service does."""
        raise NotImplementedError


class TextForm(forms.ModelForm):  # type: ignore[type-arg]
    """The words residents read, in one language."""

    needs = LinesField(label="必要なもの", required=False, help_text="1行に1つ。住民の画面では、確かめる欄になります。")

    class Meta:
        model = ProcedureText
        fields = ("name", "what_for", "who_may", "needs", "fee", "contact")

    def save(self, commit: bool = True) -> ProcedureText:
        """Forms never write: the service does."""
        raise NotImplementedError


class ExcludeForm(forms.Form):
    """Why a procedure stays offline."""

    reason = forms.CharField(label="対象外にする理由", widget=forms.Textarea, max_length=1000)
