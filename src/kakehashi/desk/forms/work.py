"""Input shapes of the work on a consultation."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from kakehashi.desk.domain import causes, themes
from kakehashi.desk.models import Consultation, CrossIssue, SolutionOption, Tool, Zone
from kakehashi.desk.models.consultations import MOST_MINUTES
from kakehashi.desk.selectors.work import Rung
from kakehashi.people.models import Department, Person

LEVELS = [("0", "—"), *((str(level), label) for level, label in themes.LEVELS.items())]


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


def _lines(label: str, help_text: str = "", *, rows: int = 3, longest: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=longest, widget=widget)


class _Choosing(forms.Form):
    """A form some of whose fields choose among rows: the answer is the row itself, or None."""

    def _offer(self, name: str, rows: Sequence[Any], words: Any, *, empty: str = "選んでください") -> None:
        field: Any = self.fields[name]
        field.rows = {str(row.id): row for row in rows}
        field.choices = [("", empty), *((key, words(row)) for key, row in field.rows.items())]

    def clean(self) -> dict[str, Any]:
        """Put rows in the place of their keys."""
        given: dict[str, Any] = super().clean() or {}
        for name, field in self.fields.items():
            rows = getattr(field, "rows", None)
            if rows is not None and name in given:
                given[name] = rows.get(given[name])
        return given


class TriageForm(forms.Form):
    """What it is about."""

    theme = forms.ChoiceField(
        label="テーマ",
        choices=[(t.value, label) for t, label in themes.LABELS.items()],
        initial=themes.Theme.OTHER.value,
        help_text="支援担当を選ぶ目安と、確認事項（やること）になります。",
    )
    note = forms.CharField(label="見立て（一行）", max_length=300, required=False)


class CauseForm(_Choosing):
    """The five whys and the cause they end in."""

    why1 = forms.CharField(
        label="なぜ？ 1回目", max_length=300, required=False, help_text="困りごとは、なぜ起きていますか。"
    )
    why2 = forms.CharField(label="なぜ？ 2回目", max_length=300, required=False)
    why3 = forms.CharField(label="なぜ？ 3回目", max_length=300, required=False)
    why4 = forms.CharField(label="なぜ？ 4回目", max_length=300, required=False)
    why5 = forms.CharField(label="なぜ？ 5回目", max_length=300, required=False, help_text="五つ埋めなくて構いません。")
    category = forms.ChoiceField(label="原因の種類", choices=[(c.value, label) for c, label in causes.LABELS.items()])
    text = forms.CharField(label="もとの原因（一行）", max_length=500)
    regulation = forms.CharField(label="ぶつかっている規程", max_length=200, required=False)
    article = forms.CharField(label="何条", max_length=60, required=False)
    owner = forms.ChoiceField(
        label="その決まりを変えられる課", required=False, help_text="規程や慣習との衝突のときに選びます。"
    )

    def __init__(self, *args: Any, departments: Sequence[Department], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("owner", departments, lambda row: row.name)

    def clean(self) -> dict[str, Any]:
        """The whys as one list."""
        given = super().clean()
        given["whys"] = [given.pop(f"why{n}", "") or "" for n in range(1, 6)]
        return given


class OptionForm(_Choosing):
    """One option of a step, or why the step has nothing."""

    step = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(label="案、又は当てはまらない理由（一行）", max_length=500)
    migration_hours = forms.DecimalField(
        label="移行の手間（全部で何時間）", required=False, min_value=Decimal(0), max_value=Decimal(MOST_MINUTES),
        max_digits=8, decimal_places=1, help_text="切り替えの間だけ増える仕事です。なければ0。",
    )  # fmt: skip
    migration_note = forms.CharField(label="移行ですること", max_length=300, required=False)
    tool = forms.ChoiceField(label="使う道具", required=False)

    def __init__(
        self, *args: Any, tools: Sequence[tuple[Tool, bool | None]], takes_tool: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        runs = {tool.id: fits for tool, fits in tools}

        def words(tool: Tool) -> str:
            where = {True: "このネットワークで使える", False: "このネットワークでは使えない", None: ""}[runs[tool.id]]
            facts = "・".join(fact for fact in ("あり" if tool.is_owned else "持っていない", tool.cost, where) if fact)
            return f"{tool.name}（{facts}）"

        self._offer("tool", [tool for tool, _ in tools], words, empty="使わない")
        if not takes_tool:
            del self.fields["tool"]


class DecideForm(forms.Form):
    """What becomes of an option."""

    choice = forms.ChoiceField(
        label="決めたこと",
        choices=[(c.value, c.label) for c in (SolutionOption.Choice.CHOSEN, SolutionOption.Choice.DROPPED)],
    )
    reason = forms.CharField(label="理由（一行）", max_length=300)


class TaskForm(_Choosing):
    """Something to do."""

    text = forms.CharField(label="やること", max_length=300)
    assignee = forms.ChoiceField(label="だれが", required=False)
    due_on = _day("いつまで")

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("assignee", people, lambda row: row.name, empty="まだ決めない")


class EscalateForm(_Choosing):
    """To whom a question is handed up, and why."""

    to = forms.ChoiceField(label="だれに")
    reason = _lines("理由", "相手が読みます。何を決めてほしいかを書きます。", longest=500)

    def __init__(self, *args: Any, line: Sequence[Rung], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {rung.person.id: f"{rung.post_name} {rung.person.name}" for rung in line}
        self._offer("to", [rung.person for rung in line], lambda row: names[row.id])


class EscalationAnswerForm(forms.Form):
    """The answer of who was asked."""

    answer = _lines("返事", longest=500)


class MergeForm(_Choosing):
    """Into which consultation this one goes."""

    joins = forms.ChoiceField(label="いっしょに進める相談")
    reason = forms.CharField(label="理由", max_length=300)

    def __init__(self, *args: Any, others: Sequence[Consultation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("joins", others, lambda row: f"{row.task}（{row.department.name if row.department else '—'}）")


class SplitForm(forms.Form):
    """What is taken out into a consultation of its own."""

    part_id = forms.UUIDField(widget=forms.HiddenInput)
    task = forms.CharField(label="分ける相談の業務", max_length=100)
    problem = _lines("分ける困りごと")
    reason = forms.CharField(label="分ける理由", max_length=300)
    messages = forms.MultipleChoiceField(
        label="いっしょに見せる連絡", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="選んだ連絡は、分けた相談にも出ます。もとの相談からは消えません。",
    )  # fmt: skip

    def __init__(self, *args: Any, shown: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["messages"].choices = list(shown)  # type: ignore[attr-defined]


class IssueForm(_Choosing):
    """A new cross-section issue of several consultations."""

    title = forms.CharField(label="課題の名前", max_length=120)
    summary = _lines("どんな困りごとか")
    owner = forms.ChoiceField(label="取りまとめる課", required=False)
    consultations = forms.MultipleChoiceField(label="まとめる相談", widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *args: Any, departments: Sequence[Department], others: Sequence[Consultation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.others = {str(row.id): row for row in others}
        self._offer("owner", departments, lambda row: row.name, empty="まだ決めない")
        self.fields["summary"].required = False
        self.fields["consultations"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.task}（{row.department.name if row.department else '—'}）") for key, row in self.others.items()
        ]

    def clean_consultations(self) -> list[Consultation]:
        """The rows themselves."""
        return [self.others[key] for key in self.cleaned_data["consultations"]]


class JoinForm(_Choosing):
    """Which issue a consultation joins."""

    issue = forms.ChoiceField(label="全庁課題")

    def __init__(self, *args: Any, issues: Sequence[CrossIssue], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("issue", issues, lambda row: row.title)


class CloseIssueForm(forms.Form):
    """How an issue ended."""

    state = forms.ChoiceField(
        label="終わり方",
        choices=[(s.value, s.label) for s in (CrossIssue.State.SOLVED, CrossIssue.State.DROPPED)],
    )
    result = _lines("結果", "相談した人みんなに知らせます。")


class ToolForm(forms.Form):
    """A tool of the catalogue."""

    name = forms.CharField(label="名前", max_length=100)
    use = forms.CharField(label="できること（一行）", max_length=300)
    is_owned = forms.BooleanField(label="団体が持っている", required=False, initial=True)
    cost = forms.CharField(
        label="費用", max_length=200, required=False, help_text="例：年12万円（10人分）、契約は令和9年3月まで"
    )
    zones = forms.MultipleChoiceField(
        label="使えるネットワーク", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(value, label) for value, label in Zone.choices if value],
    )  # fmt: skip
    note = forms.CharField(
        label="注意すること", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class KnowForm(_Choosing):
    """Who knows a tool."""

    person = forms.ChoiceField(label="だれが")
    level = forms.TypedChoiceField(label="どのくらい", choices=LEVELS, coerce=int)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("person", people, lambda row: row.name)


class SkillForm(KnowForm):
    """What a supporter can do in a theme."""

    field_order = ("person", "theme", "level")
    theme = forms.ChoiceField(label="テーマ", choices=[(t.value, label) for t, label in themes.LABELS.items()])
