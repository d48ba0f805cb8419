"""Input shapes of the desk's pages."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from kakehashi.desk.domain.assignment import Suggestion, carries_too_much
from kakehashi.desk.domain.effect import FREQUENCY_LABELS
from kakehashi.desk.domain.states import LABELS, WAITING_ON
from kakehashi.desk.models import OodaCycle, ReuseResult, Scope, SolvedCase, Zone
from kakehashi.desk.models.consultations import MOST_COUNT, MOST_MINUTES
from kakehashi.desk.models.solved_cases import COPIED_FIELDS

LONGEST = 2000


def _text(label: str, help_text: str = "", *, rows: int = 3, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=LONGEST, widget=widget)


def _count(label: str, help_text: str = "", most: int = MOST_COUNT) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=help_text, required=False, min_value=0, max_value=most)


def _minutes(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=Decimal(0), max_value=Decimal(MOST_MINUTES), max_digits=8, decimal_places=1
    )  # fmt: skip


class FilesField(forms.FileField):
    """Several files at once."""

    widget = type("FilesInput", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each of the files; an empty list for none."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in chosen if each]


class ConsultationForm(forms.Form):
    """The five questions, in their order. Only task and trouble are needed to file."""

    consultation_id = forms.UUIDField(widget=forms.HiddenInput)
    task = forms.CharField(label="どの業務ですか", help_text="例：公民館の使用受付、会議室の鍵の貸出簿", max_length=100)
    problem = _text(
        "何に困っていますか", "思いつくままで構いません。人の名前や番号は書かないでください。", rows=4, required=True
    )
    purpose = _text("その業務は、何のためですか", "分からなければ空けておいてください。相談員と一緒に考えます。")
    desired_state = _text("どうなったらよいですか", "道具の名前ではなく、どんな様子になればよいかを書きます。")
    frequency = forms.ChoiceField(
        label="どのくらいありますか",
        choices=[(f.value, label) for f, label in FREQUENCY_LABELS.items()],
        initial="monthly",
    )
    count = _count("件数", "だいたいの数で構いません。分からなければ空けておいてください。")
    minutes_each = _minutes("1件にかかる時間（分）")
    rule = forms.CharField(label="関係する規程や様式", max_length=200, required=False)
    manager_knows = forms.BooleanField(label="上司に話してある", required=False)
    boss = forms.CharField(
        label="どの上司が知っていますか", max_length=100, required=False, help_text="例：住民課長、主幹"
    )
    due_wish = forms.DateField(
        label="いつまでにどうにかしたいですか", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    system = forms.CharField(label="いま使っているシステムや道具", max_length=120, required=False)
    zone = forms.ChoiceField(label="業務のデータがあるネットワーク", choices=Zone.choices, required=False)
    has_personal_data = forms.BooleanField(label="個人情報を扱う業務", required=False)
    papers = FilesField(label="様式や画面の写しなど（ファイル）", required=False)


GROUPS = (
    ("業務", ("task",)),
    ("困りごと", ("problem",)),
    ("何のため", ("purpose",)),
    ("どうなりたい", ("desired_state",)),
    ("量", ("frequency", "count", "minutes_each", "rule", "manager_knows")),
)
# What is good to know but asked nobody for: folded away, so that five questions stay five.
WISHES = ("boss", "due_wish", "system", "zone", "has_personal_data", "papers")


class PurposeForm(forms.Form):
    """What the task is for and how it should be."""

    purpose = _text("この業務は何のためですか", required=True)
    desired_state = _text("どうなりたいですか", required=True)


class SupporterForm(forms.Form):
    """Who supports: candidates with their reasons, best first."""

    supporter = forms.ChoiceField(label="支援する人", widget=forms.RadioSelect)

    def __init__(self, *args: Any, suggestions: list[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = {str(s.candidate.person_id): "、".join(s.reasons) for s in suggestions}
        heavy = carries_too_much([s.candidate for s in suggestions])
        if heavy is not None:
            self.fields["supporter"].help_text = (
                f"{heavy.name}さんに、対応中の相談の半分より多くが集中しています（{heavy.open_consultations}件）。"
                "ほかの人に頼めないか確かめてください。"
            )
        self.fields["supporter"].choices = [  # type: ignore[attr-defined]
            (str(s.candidate.person_id), f"{s.candidate.name}({'、'.join(s.reasons)})") for s in suggestions[:12]
        ]


class CycleForm(forms.Form):
    """One line and a decision."""

    line = forms.CharField(label="見たこと・したことを一行で", max_length=300)
    decision = forms.ChoiceField(label="次にどうしますか", choices=OodaCycle.Decision.choices)
    learned = forms.CharField(
        label="分かったこと", max_length=500, required=False, help_text="「やめる」を選んだときは、一行残します。"
    )


class WaitForm(forms.Form):
    """What the work waits for."""

    waiting = forms.ChoiceField(label="何を待ちますか", choices=[(s.value, LABELS[s]) for s in WAITING_ON])
    who = forms.CharField(
        label="だれの返事ですか", max_length=60, required=False, help_text="例：総務課文書係、○○株式会社"
    )
    answer_on = forms.DateField(label="返事の予定", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="メモ（職員だけ）", max_length=300, required=False)


class DeclineForm(forms.Form):
    """Why the desk does not take it."""

    reason = _text("対応しない理由", "相談した人が読みます。", required=True)


class ResolveForm(forms.Form):
    """What was done and what it changed."""

    cause = _text("もとの原因")
    what_was_done = _text("したこと", "一行に一つずつ書くと、ほかの課や町が手順として使えます。", rows=4, required=True)
    what_failed = _text("うまくいかなかったこと", "次に試す人がいちばん知りたいことです。")
    learned = forms.CharField(
        label="分かったこと（一行）", max_length=500, help_text="やってみて初めて分かったこと。次の人への一言です。"
    )
    is_discontinued = forms.BooleanField(label="業務そのものをやめた", required=False)
    after_minutes = _minutes("いま1件にかかる時間（分）")
    after_cases = _count("いまの件数（1年）")
    before_sheets = _count("前の紙（1件あたり枚）", most=10_000)
    after_sheets = _count("いまの紙（1件あたり枚）", most=10_000)
    migration_hours = _minutes("移行の手間（全部で何時間）", "切り替えの間だけ増えた仕事です。")


if TYPE_CHECKING:
    _SolvedCaseBase = forms.ModelForm[SolvedCase]
else:
    _SolvedCaseBase = forms.ModelForm


class SolvedCaseForm(_SolvedCaseBase):
    """Everything a solved case tells."""

    class Meta:
        model = SolvedCase
        fields = [name for name in COPIED_FIELDS if name != "contact"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 4})
            for name in ("problem", "purpose", "cause", "what_was_done", "what_failed", "conditions")
        }


class PublishForm(forms.Form):
    """How far a case may be seen."""

    scope = forms.ChoiceField(label="見せる範囲", choices=Scope.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="前の版から変わったこと",
        max_length=300,
        required=False,
        help_text="はじめて公開するときは空けておきます。",
    )


class ReasonForm(forms.Form):
    """A reason for taking something back."""

    reason = forms.CharField(label="取り下げる理由", max_length=300)


class ReuseForm(forms.Form):
    """What came of a case here."""

    result = forms.ChoiceField(
        label="うちではどうでしたか",
        choices=[(r.value, r.label) for r in (ReuseResult.WORKED, ReuseResult.DID_NOT_FIT)],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="ひとこと", max_length=300, required=False, help_text="当てはまらなかったときは、何が違ったか。"
    )
    hours_released = _minutes("生み出した時間（1年に何時間）")
    is_checked = forms.BooleanField(label="ひとことに、人の名前や住所がないことを確かめた", required=False)
