"""Input shapes of the approvals pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from kakehashi.approvals.domain.authority import GrantKind
from kakehashi.approvals.domain.packs.columns import Column, Kind, Row
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.parts import Part
from kakehashi.approvals.domain.packs.sheets import read_row
from kakehashi.approvals.domain.paper import PaperReason
from kakehashi.approvals.domain.routes import Bar
from kakehashi.approvals.models import Disclosure, Purpose, SealKind
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
    purpose = forms.ChoiceField(
        label="何をするか", choices=Purpose.choices, initial=Purpose.DECISION, required=False, widget=forms.RadioSelect
    )
    consults = forms.MultipleChoiceField(
        label="合議に加える職",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="規程の定める合議のほかに、意見を聞く課の職です。見せるだけなら供覧にします。",
    )
    provisional = forms.BooleanField(
        label="合議の前に仮決裁を受ける",
        required=False,
        help_text="決裁権者が先に方針を認め、合議が調ってから本決裁をします。",
    )
    readers = forms.MultipleChoiceField(
        label="供覧する職",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="決裁のあとで見せる職です。見るだけで、決裁を止めません。",
    )
    route_reason = forms.CharField(label="経路に加える理由", required=False, max_length=400)
    likened_to = forms.ChoiceField(
        label="なぞらえる決裁事項",
        required=False,
        help_text="規程に個別の定めのない事項を、定めのある事項の例により専決するときだけ選びます（類推専決）。",
    )
    likened_reason = forms.CharField(
        label="なぞらえる理由", required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    seal = forms.ChoiceField(label="公印", choices=SealKind.choices, initial=SealKind.OMITTED, required=False)
    paper_route_code = forms.ChoiceField(
        label="紙で決裁する理由",
        required=False,
        choices=[("", "紙では決裁しない（電子で決裁する）"), *((each.value, each.label) for each in PaperReason)],
        help_text="紙で回議し、押印した原本をスキャンして登録します。電子決裁率では、紙の決裁として数えます。",
    )
    paper_route_reason = forms.CharField(
        label="紙で決裁する理由の説明", required=False, max_length=120, help_text="「その他」では、必ず書きます。"
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

    def __init__(
        self,
        *args: Any,
        matters: list[tuple[str, str]],
        posts: list[tuple[str, str]] | None = None,
        may_seal: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("matter", [("", "選んでください"), *matters]),
            ("consults", posts or []),
            ("readers", posts or []),
            ("likened_to", [("", "なぞらえない"), *matters]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        if not may_seal:
            del self.fields["seal"]

    def clean(self) -> dict[str, Any]:
        """A notice has a title, an addressee and a text, or is not there at all."""
        cleaned = super().clean() or {}
        parts = [str(cleaned.get(name) or "").strip() for name in ("notice_title", "notice_addressee", "notice_text")]
        if any(parts) and not all(parts):
            for name, value in zip(("notice_title", "notice_addressee", "notice_text"), parts, strict=True):
                if not value and name not in self.errors:
                    self.add_error(name, "通知を出すときは、題名・宛先・本文のすべてを記入してください。")
        self._clean_route(cleaned)
        return cleaned

    def _clean_route(self, cleaned: dict[str, Any]) -> None:
        """A difference from the rule's route has its reason, and その他 is said in words."""
        is_reading = cleaned.get("purpose") == Purpose.READING
        added = cleaned.get("consults") or cleaned.get("provisional") or (cleaned.get("readers") and not is_reading)
        if added and not str(cleaned.get("route_reason") or "").strip():
            self.add_error("route_reason", "経路に加える理由を記入してください。")
        if is_reading and not cleaned.get("readers"):
            self.add_error("readers", "供覧する職を選んでください。")
        other = cleaned.get("paper_route_code") == PaperReason.OTHER
        if other and not str(cleaned.get("paper_route_reason") or "").strip():
            self.add_error("paper_route_reason", "「その他」の理由を記入してください。")


class MomentField(forms.CharField):
    """When the page was drawn, as it was written into it; None for anything else."""

    def clean(self, value: Any) -> dt.datetime | None:
        """The moment, or None: what somebody typed here decides nothing."""
        try:
            moment = dt.datetime.fromisoformat(str(value or ""))
        except ValueError:
            return None
        return moment if moment.tzinfo is not None else None


class ActForm(forms.Form):
    """What is said with an act, on what was on the screen, and where a return goes."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    shown_at = MomentField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="意見・理由",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="差戻しなど、理由が要る処理では必ず記入します。承認や決裁に添える意見は任意です。",
    )
    back_to = forms.ChoiceField(label="差戻し先", required=False)

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["back_to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "起案者"), *targets]
        if not targets:
            del self.fields["back_to"]


class PaperForm(forms.Form):
    """紙の決裁: the scan of the stamped paper, where the paper lies, and the day on it."""

    location = forms.CharField(
        label="原本の保管場所", required=False, max_length=200, help_text="書庫・棚・簿冊など、紙のある場所。"
    )
    decided_on = forms.DateField(label="紙にある決裁日", widget=forms.DateInput(attrs={"type": "date"}))


class GrantForm(forms.Form):
    """職務代理・事務取扱・委任・補助執行 as it is recorded."""

    kind = forms.ChoiceField(label="種類", choices=[(kind.value, kind.label) for kind in GrantKind])
    post = forms.ChoiceField(label="だれの職務を")
    acting_post = forms.ChoiceField(label="どの職が行うか")
    matter = forms.ChoiceField(label="決裁事項", required=False, help_text="選ばないときは、その職のすべての事項です。")
    clause = forms.CharField(
        label="根拠", max_length=200, help_text="法令・規程の条項や発令番号。例：地方自治法第152条第1項"
    )
    reason = forms.CharField(label="理由", max_length=400, help_text="例：町長が欠けたため、長期の療養のため")
    valid_from = forms.DateField(label="始まる日", widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(
        label="終わる日", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="未定なら空のまま。"
    )

    def __init__(self, *args: Any, posts: list[tuple[str, str]], matters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("post", posts),
            ("acting_post", posts),
            ("matter", [("", "すべての事項"), *matters]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices


class PackRowForm(forms.Form):
    """One row of a table of the rule pack: a field for each of its columns, codes of other tables as choices."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, part: Part, document: PackDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        for column in part.columns:
            self.fields[column.key] = _field_of(part, column, document)

    def clean(self) -> dict[str, Any]:
        """Every column as the pack keeps it, with the same sentences as the spreadsheet's import."""
        cleaned = super().clean() or {}
        row, wrong = read_row(self.part, {column.key: cleaned.get(column.key) for column in self.part.columns})
        for key, message in wrong.items():
            if key not in self.errors:
                self.add_error(key, message)
        return cleaned | {"row": row}

    @staticmethod
    def initial_of(part: Part, row: Row) -> dict[str, Any]:
        """A kept row as the form shows it."""
        return {
            column.key: row[column.key] if column.kind in {Kind.CHOICE, Kind.FLAG} else column.write(row[column.key])
            for column in part.columns
        }


def _field_of(part: Part, column: Column, document: PackDocument) -> forms.Field:
    """The input of a column. Whether it is filled is judged by the pack, so that screen and spreadsheet say the same."""
    options = _options(part, column, document)
    if options is not None:
        return forms.ChoiceField(label=column.label, choices=options, required=column.required, help_text=column.help)
    if column.kind is Kind.FLAG:
        return forms.BooleanField(label=column.label, required=False, help_text=column.help)
    widget: forms.Widget = forms.Textarea(attrs={"rows": 4}) if column.kind is Kind.LONG else forms.TextInput()
    if column.kind in {Kind.MONEY, Kind.WHOLE}:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    limit = 10_000 if column.kind is Kind.LONG else 2_000
    return forms.CharField(
        label=column.label, required=column.required, max_length=limit, widget=widget, help_text=column.help
    )


def _options(part: Part, column: Column, document: PackDocument) -> list[tuple[str, str]] | None:
    """The choices of a column: its own, or the rows of the table its codes come from."""
    if column.choices is not None:
        own = [(key, word or "—") for key, word in column.choices.items()]
        return own if not column.required or "" in column.choices else [("", "選んでください"), *own]
    rows: list[tuple[str, str]]
    if column.key == "matter":
        rows = [(code, f"{row['name']}（{code}）") for code, row in document.matters.items()]
        rows += [("*", "すべての事項（*）")] if part.key == "consults" else []
    elif column.key == "decider":
        rows = [(name, name) for name in document.titles]
    elif column.key == "class_code":
        rows = [(row["code"], f"{row['code']} {row['file']}") for row in document.rows("classes")]
    elif part.key == "classes" and column.key == "retention":
        rows = [(row["code"], row["code"]) for row in document.rows("retention")]
    else:
        return None
    return [("", "選んでください"), *rows]


class WorkbookForm(forms.Form):
    """A workbook in the layout of the export."""

    title = forms.CharField(
        label="下書きの名",
        max_length=120,
        required=False,
        help_text="例：令和9年4月改正。空なら、規程パックの名になります。",
    )
    file = forms.FileField(
        label="規程パックのExcel",
        help_text="書き出したものと同じ形の .xlsx。5MBまで。読み込んでも、施行中の規程は変わりません。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Excelのファイルを選んでください。", "empty": "ファイルが空です。"},
    )


class EnforceForm(forms.Form):
    """制定: from when, by which issue of the regulation, by whom."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    valid_from = forms.DateField(
        label="施行日",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="この日から、この版で決裁します。前の版は前日までです。",
    )
    edition = forms.CharField(
        label="規程の番号・日付", max_length=200, required=False, help_text="例：令和9年3月20日訓令第4号"
    )
    adopted_by = forms.CharField(label="制定した者", max_length=120, required=False, help_text="例：町長")


class SimulateForm(forms.Form):
    """Who would decide: a matter, an amount, a section and a day."""

    matter = forms.ChoiceField(label="決裁事項")
    subject = forms.CharField(label="件名", max_length=200, required=False)
    amount = WholeNumberField(
        label="金額", required=False, min_value=0, max_value=10**13, help_text="円。金額のない事項は空のままにします。"
    )
    department = forms.ChoiceField(label="起案する課")
    on = forms.DateField(label="日", widget=forms.DateInput(attrs={"type": "date"}))
    bars = forms.MultipleChoiceField(
        label="専決によらない事由",
        required=False,
        choices=[(bar.value, bar.label) for bar in Bar],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, matters: list[tuple[str, str]], departments: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("matter", matters), ("department", departments)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "選んでください"), *choices]
