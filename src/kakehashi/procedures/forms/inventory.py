"""Input shapes of the inventory: its list, imports, a procedure, its texts, its windows and rules."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.people.models import Department
from kakehashi.people.selectors import departments_on
from kakehashi.procedures.domain.identity import IdentityCheck
from kakehashi.procedures.domain.survey import INSTITUTIONS, LIFE_EVENTS
from kakehashi.procedures.domain.weights import QUADRANTS
from kakehashi.procedures.models import ExclusionRule, Procedure, ProcedureText
from kakehashi.procedures.models.procedure import (
    BASIS_CHOICES,
    IDENTITY_CHOICES,
    KIND_CHOICES,
    UNIT_CHOICES,
    Founding,
    Stage,
)
from kakehashi.procedures.selectors.inventory import BANDS, STAGE_FILTERS, Filters

_ANY = ("", "すべて")
CHANNELS = [("online", "オンライン"), ("counter", "窓口"), ("post", "郵送")]


class LinesField(forms.CharField):
    """One thing a line, as a list of short texts."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The lines that are not empty, without NUL: the validator of texts does not see it inside a list."""
        text = (super().to_python(value) or "").replace("\x00", "")
        return [line.strip()[:200] for line in text.splitlines() if line.strip()][:50]

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        """An empty list is empty."""
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")


_NOT_SAID = ("none", "未記入")


class InventoryFilterForm(forms.Form):
    """Narrows the inventory; a value that does not exist narrows nothing."""

    q = forms.CharField(label="手続名・法令", max_length=100, required=False)
    kind = forms.ChoiceField(label="種類", choices=[_ANY, *KIND_CHOICES], required=False)
    stage = forms.ChoiceField(
        label="段階",
        choices=[_ANY, *Stage.choices, *[(code, label) for code, (label, _) in STAGE_FILTERS.items()]],
        required=False,
    )
    department = forms.ChoiceField(label="所管課", required=False)
    volume = forms.ChoiceField(
        label="件数",
        choices=[
            _ANY, ("known", "わかるもの"), ("own", "自団体の件数がわかるもの"), ("survey", "全国の件数だけがわかるもの"),
            ("used", "オンラインの件数もわかるもの"), ("unknown", "わからないもの"),
        ],
        required=False,
    )  # fmt: skip
    institution = forms.ChoiceField(
        label="提出先", choices=[_ANY, *[(name, name) for name in INSTITUTIONS.values()]], required=False
    )
    founding = forms.ChoiceField(
        label="創設した団体", choices=[_ANY, *[each for each in Founding.choices if each[0]], _NOT_SAID], required=False
    )
    target_year = forms.ChoiceField(label="目標年度", required=False)
    seal = forms.ChoiceField(
        label="押印", choices=[_ANY, ("required", "必要"), ("none_needed", "不要"), _NOT_SAID], required=False
    )
    visit = forms.ChoiceField(
        label="対面", choices=[_ANY, ("required", "必要"), ("none_needed", "不要"), _NOT_SAID], required=False
    )
    rule = forms.ChoiceField(label="対象外のルール", required=False)
    effort = forms.ChoiceField(
        label="手間", choices=[_ANY, *[(str(n), f"{n} / 5") for n in range(1, 6)]], required=False
    )
    band = forms.ChoiceField(
        label="年間件数の幅", choices=[_ANY, *[(str(at), band[0]) for at, band in enumerate(BANDS)]], required=False
    )
    quadrant = forms.ChoiceField(label="地図の場所", choices=[_ANY, *QUADRANTS.items()], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = [(str(each.id), each.name) for each in departments_on(clock.today())]
        rules = [(str(each.id), str(each)) for each in ExclusionRule.objects.order_by("code")]
        year = fiscal_year(clock.today())
        years = [(str(each), fiscal_year_label(each)) for each in range(year - 3, year + 8)]
        for name, choices in (("department", departments), ("rule", rules), ("target_year", years)):
            self.fields[name].choices = [_ANY, *choices, _NOT_SAID]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        """What was chosen; what cannot be is left out."""
        self.is_valid()
        return Filters.of(getattr(self, "cleaned_data", {}))

    def say_counts(self, counts: dict[str, dict[str, int]]) -> None:
        """Write beside each choice how many procedures it would leave."""
        for name, found in counts.items():
            field = self.fields[name]
            field.choices = [  # type: ignore[attr-defined]
                (value, f"{label}（{found.get(value, 0):,}）" if value in found else label)
                for value, label in field.choices  # type: ignore[attr-defined]
            ]

    @property
    def first_fields(self) -> list[Any]:
        """The filters that stand open."""
        return [self[name] for name in ("q", "kind", "stage", "department", "volume")]

    @property
    def more_fields(self) -> list[Any]:
        """The filters that open on demand."""
        first = {"q", "kind", "stage", "department", "volume"}
        return [self[name] for name in self.fields if name not in first]

    @property
    def is_more_open(self) -> bool:
        """Whether one of the further filters is in use."""
        return any(bound.data for bound in self.more_fields)


_MOST_MEGABYTES = 60


def _not_too_large(file: Any) -> Any:
    if file.size > _MOST_MEGABYTES * 1024 * 1024:
        raise forms.ValidationError(f"ファイルは{_MOST_MEGABYTES}MBまでです。")
    return file


class SheetForm(forms.Form):
    """Any spreadsheet that a municipality keeps of its procedures."""

    file = forms.FileField(
        label="手続の一覧表",
        help_text="Excel（.xlsx・.xls）かCSV。表題の行や、結合した見出しがあってもかまいません。7万行・60MBまで。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv"}),
        error_messages={"empty": "ファイルが空です。", "required": "一覧表のファイルを選んでください。"},
    )
    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_file(self) -> Any:
        """Refuse a file too large to read at once."""
        file = self.cleaned_data["file"]
        return _not_too_large(file)


class ReceptionForm(forms.Form):
    """受付の期間と件数."""

    opens_on = forms.DateField(
        label="受付を始める日",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="この日の0時から。決めないときは空けておきます。",
    )
    closes_on = forms.DateField(
        label="受付を終える日",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="この日の24時まで。書きかけの人も、過ぎると出せません。",
    )
    places = WholeNumberField(
        label="先着の件数",
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text="件数を決めてから届いた分を、オンラインと窓口・郵送を合わせて数えます。取り下げられた分は、自動では戻りません。",
    )


class ImportForm(forms.Form):
    """The survey's file and which place of filing to keep."""

    file = forms.FileField(
        label="調査のファイル", help_text="CSV（UTF-8 か Shift_JIS、39列）か Parquet。7万行・60MBまで。"
    )
    institution = forms.ChoiceField(
        label="申請を提出する機関",
        help_text="自団体が受け付けるものだけを取り込みます。",
        choices=[*[(name, name) for name in INSTITUTIONS.values()], ("", "すべて")],
        required=False,
    )

    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_file(self) -> Any:
        """Refuse a file too large to read at once."""
        file = self.cleaned_data["file"]
        return _not_too_large(file)


_HELP = {
    "identity_note": "窓口や郵送で、いま本人をどう確かめているか。例：運転免許証の提示",
    "seal_reason": "例：○○法施行規則様式第1号。根拠がなければ「根拠なし」と書きます。",
    "visit_reason": "例：面接で状況を聞くため",
    "online_basis": "例：行政手続等における情報通信の技術の利用に関する条例第3条",
    "online_elsewhere": "ぴったりサービスなど、ほかのシステムですでに受け付けているときに、その名前を書きます。",
    "retention_class": "保存期間の表の記号",
    "privacy_purpose": "住民の画面に出ます（個人情報の保護に関する法律62条）。例：補助金の審査と交付のため",
}


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
    standard_processing_days = WholeNumberField(
        label="標準処理期間（日）",
        min_value=1,
        max_value=999,
        required=False,
        help_text="決めていないときは空にします。",
    )
    standard_processing_unit = forms.ChoiceField(label="日の数え方", choices=UNIT_CHOICES)
    volume = WholeNumberField(
        label="年間件数",
        min_value=0,
        max_value=10**12,
        required=False,
        help_text="わからないときは空にします。空は「0件」ではありません。",
    )
    online_volume = WholeNumberField(label="うちオンライン", min_value=0, max_value=10**12, required=False)
    identity_check = forms.ChoiceField(
        label="申請する人の本人確認",
        choices=IDENTITY_CHOICES,
        widget=forms.RadioSelect,
        initial=IdentityCheck.NONE.value,
        required=False,
        help_text="求めなければ、登録なしで申請できます。証明など、結果を本人だけに渡したい手続で選びます。",
    )
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
            "standard_processing_unit", "volume", "online_volume", "channels", "identity_check", "contact",
            "retention_class", "matter_code", "life_events", "founding", "fee", "attachments", "identity_note", "seal",
            "seal_reason", "visit", "visit_reason", "online_basis", "online_elsewhere", "target_year", "privacy_purpose", "note",
        )  # fmt: skip

    attachments = LinesField(label="添付書類", required=False, help_text="1行に1つ。ないときは空にします。")
    target_year = forms.TypedChoiceField(label="目標年度", required=False, coerce=int, empty_value=None)

    field_order = (
        "name", "kind", "legal_basis", "basis", "founding", "department", "volume", "online_volume", "fee", "attachments",
        "identity_note", "seal", "seal_reason", "visit", "visit_reason", "standard_processing_days", "standard_processing_unit",
        "channels", "target_year", "online_basis", "online_elsewhere", "contact", "retention_class", "privacy_purpose",
        "identity_check", "matter_code", "life_events", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {str(each.id): each for each in departments_on(clock.today())}
        names = [(key, each.name) for key, each in self.departments.items()]
        self.fields["department"].choices = [("", "未定"), *names]  # type: ignore[attr-defined]
        year = fiscal_year(clock.today())
        years = {*range(year - 1, year + 8), *([self.instance.target_year] if self.instance.target_year else [])}
        self.fields["target_year"].choices = [  # type: ignore[attr-defined]
            ("", "決めていない"),
            *[(each, fiscal_year_label(each)) for each in sorted(years)],
        ]
        for name, words in _HELP.items():
            self.fields[name].help_text = words
        if self.instance.department_id:
            self.initial["department"] = str(self.instance.department_id)

    def clean_identity_check(self) -> str:
        """Nothing is asked for unless somebody chose it."""
        return self.cleaned_data["identity_check"] or IdentityCheck.NONE.value

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
    """By which rule, or why, a procedure stays offline."""

    rule = forms.ChoiceField(label="対象外のルール", required=False)
    reason = forms.CharField(
        label="理由",
        widget=forms.Textarea,
        max_length=1000,
        required=False,
        help_text="ルールを選んだときは、空でかまいません。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = {str(each.id): each for each in ExclusionRule.objects.filter(closed_at=None).order_by("code")}
        choices = [("", "選ばない"), *[(key, str(each)) for key, each in self.rules.items()]]
        self.fields["rule"].choices = choices  # type: ignore[attr-defined]

    def clean_rule(self) -> ExclusionRule | None:
        """The rule chosen, or None."""
        return self.rules.get(self.cleaned_data["rule"])


class ExclusionRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One written rule for what stays offline."""

    class Meta:
        model = ExclusionRule
        fields = ("code", "title", "text")

    def save(self, commit: bool = True) -> ExclusionRule:
        """Forms never write: the service does."""
        raise NotImplementedError


class MeasureForm(forms.Form):
    """What came in one fiscal year."""

    year = forms.TypedChoiceField(label="年度", coerce=int)
    online = WholeNumberField(label="オンラインの件数", min_value=0, max_value=10**9)
    others = WholeNumberField(
        label="窓口・郵送の件数",
        min_value=0,
        max_value=10**9,
        help_text="このシステムに記録していない紙の申請も数えます。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = fiscal_year(clock.today())
        self.fields["year"].choices = [(each, fiscal_year_label(each)) for each in (year, year - 1, year - 2)]  # type: ignore[attr-defined]
