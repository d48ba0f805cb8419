"""Input shapes of a logic model."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.plans.domain.logic import DESIGNS, EVIDENCE_KINDS, STAGE_HELP, STAGE_WORDS, STRONGEST, Stage
from kakehashi.plans.forms.plans import DATE_HELP, WarekiDateField
from kakehashi.plans.hooks import evidence_cases
from kakehashi.plans.models import LogicBox, LogicModel, PlanIndicator
from kakehashi.plans.selectors.logic import indicators_for


class BoxForm(forms.Form):
    """A box: its column, its words, and the indicator that shows whether it happens."""

    stage = forms.ChoiceField(
        label="列", choices=[(one.value, f"{word}：{STAGE_HELP[one]}") for one, word in STAGE_WORDS.items()]
    )
    text = forms.CharField(label="言葉", max_length=120, help_text="1つの箱に1つのこと。例：待ち時間が短くなる")
    indicator = forms.ChoiceField(
        label="指標", required=False, help_text="取組に付けた指標から選ぶと、今の値と目標が箱に出ます。"
    )

    def __init__(self, *args: Any, model: LogicModel, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = {str(one.id): one for one in indicators_for(model)}
        self.fields["indicator"].choices = [  # type: ignore[attr-defined]
            ("", "付けない"),
            *(
                (key, one.label or names.get(one.measure_code, one.measure_code))
                for key, one in self.indicators.items()
            ),
        ]

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        found: PlanIndicator | None = self.indicators.get(self.cleaned_data["indicator"])
        return {
            "stage": Stage(self.cleaned_data["stage"]),
            "text": self.cleaned_data["text"],
            "indicator": found,
        }


class ArrowForm(forms.Form):
    """An arrow: from which box to which."""

    start = forms.ChoiceField(label="どの箱から")
    end = forms.ChoiceField(label="どの箱へ", help_text="右の列の箱を選びます。")

    def __init__(self, *args: Any, boxes: list[LogicBox], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.boxes = {str(one.id): one for one in boxes}
        choices = [(str(one.id), f"{one.stage_word}：{one.text}") for one in boxes]
        for name in ("start", "end"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def pair(self) -> tuple[LogicBox, LogicBox]:
        """The two boxes."""
        return self.boxes[self.cleaned_data["start"]], self.boxes[self.cleaned_data["end"]]


class EvidenceForm(forms.Form):
    """A piece of evidence on an arrow."""

    kind = forms.ChoiceField(
        label="根拠の種類",
        choices=[(one.code, f"{one.label}（強さ{one.strength}）") for one in EVIDENCE_KINDS.values()],
    )
    design = forms.ChoiceField(
        label="調べ方", required=False, help_text="選ぶと、種類の強さの代わりに調べ方の強さになります。",
        choices=[("", "分からない・書かない"), *((one.code, f"{one.label}（強さ{one.strength}）") for one in DESIGNS.values())],
    )  # fmt: skip
    strength = forms.TypedChoiceField(
        label="強さ", required=False, coerce=int, empty_value=None,
        choices=[("", "種類と調べ方で決まる強さ"), *((number, f"強さ{number}にする") for number in range(STRONGEST + 1))],
        help_text="自分で決めるときは、理由を「何が分かるか」に書きます。",
    )  # fmt: skip
    source = forms.CharField(
        label="出どころ", max_length=300, required=False, help_text="調査・論文・団体の名前と年。例：○○市 窓口改革の効果測定（令和6年度）"
    )  # fmt: skip
    url = forms.URLField(label="アドレス", max_length=500, required=False, assume_scheme="https")
    case_id = forms.ChoiceField(label="庁内の解決事例", required=False)
    as_of = WarekiDateField(label="いつの時点か", required=False, help_text="調査の基準日や、発行の日。" + DATE_HELP)
    note = forms.CharField(
        label="何が分かるか", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="この矢印について言えること、言えないこと。",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cases = evidence_cases(actor)
        self.fields["case_id"].choices = [("", "選ばない"), *((str(one.id), one.title) for one in cases)]  # type: ignore[attr-defined]
        if not cases:
            del self.fields["case_id"]

    def clean_as_of(self) -> Any:
        """A day that has come."""
        day = self.cleaned_data["as_of"]
        if day is not None and day > clock.today():
            raise forms.ValidationError("今日までの日を書いてください。")
        return day

    @property
    def values(self) -> dict[str, Any]:
        """What the service takes."""
        case = self.cleaned_data.get("case_id") or ""
        return {**self.cleaned_data, "case_id": UUID(case) if case else None}


class FactorsForm(forms.Form):
    """The outside conditions of a model."""

    factors = forms.CharField(
        label="外部要因", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="取組の外で結果を左右するもの。例：スマートフォンの普及、国の制度の変更",
    )  # fmt: skip
