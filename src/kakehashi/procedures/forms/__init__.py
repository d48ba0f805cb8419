"""Input shapes of the staff's and the residents' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kakehashi.kernel import clock
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.people.models import Department, Person
from kakehashi.people.selectors import departments_on
from kakehashi.procedures.domain.kinds import Road, usual_result
from kakehashi.procedures.domain.receipt import normalise_receipt
from kakehashi.procedures.domain.states import FACES
from kakehashi.procedures.domain.teaching import Basis, law_of_reasons
from kakehashi.procedures.forms.inventory import (
    CHANNELS,
    ExcludeForm,
    ExclusionRuleForm,
    ImportForm,
    InventoryFilterForm,
    LinesField,
    MeasureForm,
    ProcedureForm,
    ReceptionForm,
    SheetForm,
    TextForm,
)
from kakehashi.procedures.forms.parties import (
    CoSignerForm,
    DeclineForm,
    FilingRuleForm,
    ProxyPartyForm,
    WhoForm,
)
from kakehashi.procedures.models import Bringer, Channel, Manner, Procedure
from kakehashi.procedures.models.handling import REVIEW_CHOICES

__all__ = [
    "CHANNELS",
    "AppealRuleForm",
    "ApplicationFilterForm",
    "CoSignerForm",
    "CodeForm",
    "CorrectionForm",
    "CounterForm",
    "CounterRecordForm",
    "CounterStartForm",
    "DeclineForm",
    "ExcludeForm",
    "ExclusionRuleForm",
    "FilingRuleForm",
    "FindForm",
    "ImportForm",
    "InventoryFilterForm",
    "LinesField",
    "MeasureForm",
    "MessageForm",
    "OutsideForm",
    "PaperForm",
    "PeriodRuleForm",
    "ProcedureForm",
    "ProposeForm",
    "ProtectedForm",
    "ProxyPartyForm",
    "ReceptionForm",
    "ResumeForm",
    "RoutingForm",
    "SheetForm",
    "TextForm",
    "WhoForm",
]

_ANY = ("", "すべて")


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
        widget=forms.Textarea(attrs={"rows": 3}),
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

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        road = procedure.road
        law = law_of_reasons(Basis(procedure.basis))
        reason = self.fields["reason"]
        reason.help_text = f"不許可・却下では、通知書に処分の理由として載ります（{law}）。一部だけ認めるとき、条件を付けるときも載ります。"
        self.fields["result"].choices = [(each.value, each.label) for each in road.results]  # type: ignore[attr-defined]
        self.initial.setdefault("result", usual_result(road, procedure.name).value)


class OutsideForm(forms.Form):
    """A decision made in another system."""

    result = forms.ChoiceField(label="結果", widget=forms.RadioSelect)
    number = forms.CharField(label="外部の決裁番号", max_length=100)
    decided_on = forms.DateField(label="決裁日", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label="拒否する理由",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        required=False,
        help_text="不許可・却下・一部許可のときだけ書きます。通知書にある理由と同じ内容です。",
    )
    teaching_confirmed = forms.BooleanField(
        label="不許可・却下・一部許可の通知書に、理由と教示（審査請求・取消訴訟）が書かれていることを確かめた",
        required=False,
        help_text="不許可・却下・一部許可のときだけ、確かめてから選びます。",
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
