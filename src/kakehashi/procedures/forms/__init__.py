"""Input shapes of the staff's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kakehashi.kernel import clock
from kakehashi.kernel.fiscal_year import fiscal_year, fiscal_year_label
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.people.models import Department, Person
from kakehashi.people.selectors import departments_on
from kakehashi.procedures.domain.identity import IdentityCheck
from kakehashi.procedures.domain.kinds import Road
from kakehashi.procedures.domain.receipt import normalise_receipt
from kakehashi.procedures.domain.representation import PROOFS, Proof, ProxyKind
from kakehashi.procedures.domain.states import FACES
from kakehashi.procedures.domain.survey import INSTITUTIONS, LIFE_EVENTS
from kakehashi.procedures.domain.weights import QUADRANTS
from kakehashi.procedures.models import Bringer, Channel, ExclusionRule, Manner, Procedure, ProcedureText
from kakehashi.procedures.models.handling import REVIEW_CHOICES
from kakehashi.procedures.models.parties import PROOF_CHOICES, PROXY_CHOICES, CoSigning
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
    target = forms.ChoiceField(label="目標年度", required=False)
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
        for name, choices in (("department", departments), ("rule", rules), ("target", years)):
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


class SheetForm(forms.Form):
    """Any spreadsheet that a municipality keeps of its procedures."""

    file = forms.FileField(
        label="手続の一覧表",
        help_text="Excel（.xlsx・.xls）かCSV。表題の行や、結合した見出しがあってもかまいません。25MBまで。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.tsv"}),
        error_messages={"empty": "ファイルが空です。", "required": "一覧表のファイルを選んでください。"},
    )

    def clean_file(self) -> Any:
        """Refuse a file too large to read at once."""
        file = self.cleaned_data["file"]
        if file.size > 25 * 1024 * 1024:
            raise forms.ValidationError("ファイルは25MBまでです。")
        return file


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
        help_text="オンラインと窓口・郵送を合わせて数えます。取り下げられた分は、自動では戻りません。",
    )


class ImportForm(forms.Form):
    """The survey's file and which place of filing to keep."""

    file = forms.FileField(label="調査のファイル", help_text="CSV（UTF-8 か Shift_JIS、39列）か Parquet。25MBまで。")
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


class ResumeForm(forms.Form):
    """Where the link of a draft is mailed."""

    email = forms.EmailField(label=gettext_lazy("メールアドレス"), max_length=254)


class FindForm(forms.Form):
    """The way back to an application: receipt number and mail address."""

    number = forms.CharField(
        label=gettext_lazy("受付番号"), max_length=60, help_text=gettext_lazy("受付のメールに書いてあります。")
    )
    email = forms.EmailField(label=gettext_lazy("メールアドレス"), max_length=254)

    def clean_number(self) -> str:
        """The number as it is stored; a slip is told apart from a number nobody has."""
        try:
            return normalise_receipt(self.cleaned_data["number"])
        except ValueError:
            message = gettext_lazy("受付番号に打ち間違いがあります。メールの番号をもう一度確かめてください。")
            raise forms.ValidationError(message) from None


class CodeForm(forms.Form):
    """The six digits of the mail."""

    code = forms.CharField(
        label=gettext_lazy("確認コード"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class MessageForm(forms.Form):
    """A message to the office."""

    body = forms.CharField(label=gettext_lazy("メッセージ"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000)


class CorrectionForm(forms.Form):
    """What is missing and until when."""

    message = forms.CharField(
        label="補正していただきたいこと",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=3000,
        help_text="申請者にそのまま届きます。どこを、どう直すかを書きます。",
    )
    deadline = forms.DateField(label="期限", widget=forms.DateInput(attrs={"type": "date"}))


class PeriodRuleForm(forms.Form):
    """What the 標準処理期間 does not count."""

    leaves_out_corrections = forms.BooleanField(label="補正を待つ日は数えない", required=False)
    leaves_out_inquiries = forms.BooleanField(label="ほかの課への照会を待つ日は数えない", required=False)
    closings = LinesField(
        label="数えない期間（毎年）",
        required=False,
        help_text="「08-13/08-16」のように、始まりの月日と終わりの月日を1行に1つ書きます。開庁日で数える手続では、土日・祝日・年末年始はもともと数えません。",
    )


class AppealRuleForm(forms.Form):
    """How one objects to a decision."""

    review = forms.ChoiceField(label="審査請求", choices=REVIEW_CHOICES, widget=forms.RadioSelect)
    office = forms.CharField(
        label="審査請求先の行政庁", max_length=100, required=False, help_text="例：白鷺県知事、白鷺県介護保険審査会"
    )
    months = WholeNumberField(
        label="審査請求の期間（か月）", min_value=1, max_value=12, help_text="行政不服審査法第18条では3か月です。"
    )
    comes_first = forms.BooleanField(
        label="裁決のあとでなければ訴えを起こせない（審査請求前置）",
        required=False,
        help_text="法律に定めのある処分だけです（行政事件訴訟法第8条第1項ただし書）。",
    )


class RoutingForm(forms.Form):
    """A rule: sentences about the answers, and where such an application goes."""

    conditions = forms.MultipleChoiceField(
        label="条件",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="様式の質問と選択肢から作られます。",
    )
    number_field = forms.ChoiceField(label="数を答える質問", required=False)
    number_op = forms.ChoiceField(label="くらべ方", choices=[("at_least", "以上"), ("at_most", "以下")], required=False)
    number_value = WholeNumberField(label="数", min_value=0, max_value=10**12, required=False)
    joint = forms.ChoiceField(
        label="条件が2つ以上あるとき",
        choices=[("all", "すべてに当てはまる"), ("any", "どれかに当てはまる")],
        widget=forms.RadioSelect,
        initial="all",
    )
    is_negated = forms.BooleanField(label="この条件に当てはまらないとき", required=False)
    department = forms.ChoiceField(label="担当課")
    handler = forms.ChoiceField(label="担当", required=False)

    def __init__(
        self,
        *args: Any,
        sentences: list[tuple[str, str]],
        numbers: list[tuple[str, str]],
        people: list[Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {str(each.id): each for each in departments_on(clock.today())}
        self.people = {str(each.id): each for each in people}
        fields: Any = self.fields
        fields["conditions"].choices = sentences
        fields["number_field"].choices = [("", "（なし）"), *numbers]
        fields["department"].choices = [(key, each.name) for key, each in self.departments.items()]
        fields["handler"].choices = [("", "（決めない）"), *((key, each.name) for key, each in self.people.items())]

    def clean_department(self) -> Department:
        """The section."""
        return self.departments[self.cleaned_data["department"]]

    def clean_handler(self) -> Person | None:
        """The person, or nobody in particular."""
        return self.people.get(self.cleaned_data["handler"])


class ProposeForm(forms.Form):
    """What the section proposes."""

    result = forms.ChoiceField(label="起案する結果", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        help_text="不許可・却下では、通知書に処分の理由として載ります（行政手続法第8条）。一部だけ認めるとき、条件を付けるときも載ります。",
    )
    is_partial = forms.BooleanField(
        label="申請の一部を認めない、または減額する",
        required=False,
        help_text="認めない部分は拒否の処分なので、通知書に理由が載ります。",
    )
    conditions = forms.CharField(
        label="条件・内容", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False
    )
    amount = WholeNumberField(label="金額（円）", min_value=0, max_value=10**12, required=False)

    def __init__(self, *args: Any, road: Road, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = [(each.value, each.label) for each in road.results]  # type: ignore[attr-defined]
        self.initial.setdefault("result", road.results[0].value)


class OutsideForm(forms.Form):
    """A decision made in another system."""

    result = forms.ChoiceField(label="結果", widget=forms.RadioSelect)
    number = forms.CharField(label="外部の決裁番号", max_length=100)
    decided_on = forms.DateField(label="決裁日", widget=forms.DateInput(attrs={"type": "date"}))
    teaching_confirmed = forms.BooleanField(
        label="不許可・却下の通知書に、理由と教示（審査請求・取消訴訟）が書かれていることを確かめた",
        required=False,
        help_text="不許可・却下のときだけ、確かめてから選びます。",
    )
    document_number = forms.CharField(label="外部の文書番号", max_length=100, required=False)
    notice = forms.FileField(
        label="通知書（PDF）",
        required=False,
        help_text="今のシステムで作った通知書を選ぶと、申請者のページに届きます。",
    )

    def __init__(self, *args: Any, road: Road, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = [(each.value, each.label) for each in road.results]  # type: ignore[attr-defined]


class CounterStartForm(forms.Form):
    """How and when a paper came, before it is typed into the procedure's form."""

    channel = forms.ChoiceField(
        label="方法",
        choices=[(Channel.COUNTER.value, "窓口"), (Channel.POST.value, "郵送")],
        widget=forms.RadioSelect,
        initial=Channel.COUNTER.value,
    )
    arrived_on = forms.DateField(label="到達日", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label="メモ（紙の置き場所など）", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False
    )
    accepts_electronic_notice = forms.BooleanField(
        label="電子による通知を希望している",
        required=False,
        help_text="紙に書いてあるか、窓口で聞いたときだけ選びます。選ばないときは、通知を郵送と記録します。",
    )


class CounterForm(CounterStartForm):
    """An application that came by counter or post, of a procedure that has no form yet."""

    applicant_name = forms.CharField(label="氏名・名称", max_length=200)
    applicant_email = forms.EmailField(label="メールアドレス", max_length=254, required=False)

    field_order = ("applicant_name", "applicant_email")


class CounterRecordForm(forms.Form):
    """How it came; the name only where the form does not say it. Nobody has to say more than that a paper was typed."""

    applicant_name = forms.CharField(label="氏名・名称", max_length=200)
    manner = forms.ChoiceField(
        label="書いた人", choices=Manner.choices, widget=forms.RadioSelect, initial=Manner.PAPER.value, required=False
    )
    bringer = forms.ChoiceField(label="届けた人", choices=Bringer.choices, widget=forms.RadioSelect, required=False)
    bringer_name = forms.CharField(
        label="届けた人の氏名",
        max_length=100,
        required=False,
        help_text="代理人・使者のときに書きます。委任状は、紙の写しといっしょに付けます。",
    )

    def __init__(self, *args: Any, asks_name: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_name:
            del self.fields["applicant_name"]


class ApplicationFilterForm(forms.Form):
    """Narrows the list of applications."""

    q = forms.CharField(label="受付番号・氏名", max_length=100, required=False)
    state = forms.ChoiceField(
        label="状態", choices=[_ANY, *[(state.value, face.label) for state, face in FACES.items()]], required=False
    )
    channel = forms.ChoiceField(label="方法", choices=[_ANY, *Channel.choices], required=False)


class PaperForm(forms.Form):
    """A paper form to read: a file, or one that was read already."""

    file = forms.FileField(
        label="いまお使いの様式",
        help_text="Word（.docx）・Excel（.xlsx）・PDFを1つ選びます。ファイルは外へ送りません。",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.xlsx,.pdf"}),
        error_messages={"empty": "ファイルが空です。", "required": "様式のファイルを選んでください。"},
    )
    paper = forms.UUIDField(required=False, widget=forms.HiddenInput)
    sample = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The file is asked for unless a draft or the sample was chosen instead."""
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not (self.data.get("paper") or self.data.get("sample"))


class ProtectedForm(forms.Form):
    """Why the protected answers must be seen."""

    reason = forms.CharField(
        label="見る理由",
        min_length=5,
        max_length=300,
        help_text="例：審査で障害の等級を確かめるため。この文は閲覧記録に残り、本人に開示されることがあります。",
        error_messages={
            "required": "見る理由を入力してください。",
            "min_length": "あとで読む人に分かるように、5文字以上で書いてください。",
        },
    )


class FilingRuleForm(forms.Form):
    """Who may file besides the applicant alone."""

    proxies = forms.MultipleChoiceField(
        label="代わりに申請できる人",
        choices=PROXY_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="選ばないときは、本人だけが申請できます。使者は本人の意思を伝えるだけの人で、代理人ではありません。",
    )
    proofs = forms.MultipleChoiceField(
        label="任意代理人の委任の証明",
        choices=[each for each in PROOF_CHOICES if each[0] in {one.value for one in PROOFS[ProxyKind.VOLUNTARY]}],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="法定代理人は書類の添付、使者は本人のメールでの確認に決まっています。",
    )
    co_signing = forms.ChoiceField(
        label="連署（いっしょに申請する人）", choices=CoSigning.choices, widget=forms.RadioSelect, initial="none"
    )
    least_co_signers = WholeNumberField(
        label="連署の最少人数", min_value=0, max_value=10, required=False, help_text="決まりがないときは空にします。"
    )


_WHO = {
    ProxyKind.VOLUNTARY.value: gettext_lazy("たのまれた人（代理人）として、代わりに申請する"),
    ProxyKind.STATUTORY.value: gettext_lazy("親・後見人など（法定代理人）として、代わりに申請する"),
    ProxyKind.MESSENGER.value: gettext_lazy("本人が決めたことを、代わりに入力して伝える（使者）"),
}
_SHOWN_BY = {
    Proof.CONFIRMATION.value: gettext_lazy("本人が、メールのリンクで確かめる"),
    Proof.LETTER.value: gettext_lazy("委任状（本人が書いた紙）の写真かファイルを付ける"),
    Proof.CERTIFICATE.value: gettext_lazy("戸籍・登記事項証明書などの写真かファイルを付ける"),
}


class WhoForm(forms.Form):
    """For whom the application is."""

    who = forms.ChoiceField(label=gettext_lazy("だれの申請ですか"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("self", gettext_lazy("自分の申請をする")), *[(each, _WHO[each]) for each in kinds]]
        self.fields["who"].choices = offered  # type: ignore[attr-defined]


class ProxyPartyForm(forms.Form):
    """Who files for somebody else, and by what that is shown."""

    name = forms.CharField(label=gettext_lazy("あなたの氏名"), max_length=100)
    relationship = forms.CharField(
        label=gettext_lazy("本人との関係"), max_length=100, help_text=gettext_lazy("例：子、母、成年後見人、行政書士")
    )
    phone = forms.CharField(
        label=gettext_lazy("あなたの電話番号"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label=gettext_lazy("あなたのメールアドレス"), max_length=254)
    proof = forms.ChoiceField(label=gettext_lazy("本人からたのまれたことを示す方法"), widget=forms.RadioSelect)
    principal_name = forms.CharField(label=gettext_lazy("本人の氏名"), max_length=100, required=False)
    principal_email = forms.EmailField(
        label=gettext_lazy("本人のメールアドレス"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("本人に、内容を確かめるためのリンクを送ります。"),
    )
    file = forms.FileField(
        label=gettext_lazy("証明する書類"),
        required=False,
        help_text=gettext_lazy("写真かPDFを1つ選びます。20MBまでです。"),
    )

    def __init__(
        self, *args: Any, kind: ProxyKind, proofs: Sequence[str], has_file: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_file = has_file
        self.fields["proof"].choices = [(each, _SHOWN_BY[each]) for each in proofs]  # type: ignore[attr-defined]
        if len(proofs) == 1:
            self.fields["proof"].widget = forms.HiddenInput()
            self.initial["proof"] = proofs[0]
        if Proof.CONFIRMATION.value not in proofs:
            del self.fields["principal_name"], self.fields["principal_email"]
        if list(proofs) == [Proof.CONFIRMATION.value]:
            del self.fields["file"]

    def clean(self) -> dict[str, Any]:
        """What the chosen proof needs."""
        given = super().clean() or {}
        if given.get("proof") == Proof.CONFIRMATION:
            for name in ("principal_name", "principal_email"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, gettext_lazy("本人に確かめてもらうために、入力してください。"))
        elif given.get("proof") and not given.get("file") and not self.has_file and "file" not in self.errors:
            self.add_error("file", gettext_lazy("証明する書類を付けてください。"))
        return given


class CoSignerForm(forms.Form):
    """One more person who signs."""

    name = forms.CharField(label=gettext_lazy("氏名"), max_length=100)
    email = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        max_length=254,
        help_text=gettext_lazy("この人に、内容を読んで同意するためのリンクを送ります。"),
    )


class DeclineForm(forms.Form):
    """Why somebody does not agree."""

    reason = forms.CharField(
        label=gettext_lazy("理由（書かなくてもかまいません）"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
