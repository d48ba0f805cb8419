"""Input shapes of the pages of 効果 and of the public page of processing times."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from kakehashi.procedures.models import EffectAssumption
from kakehashi.procedures.models.effect import DEVICE_CHOICES
from kakehashi.procedures.models.procedure import KIND_CHOICES, ProcedureText

if TYPE_CHECKING:
    _AssumptionBase = forms.ModelForm[EffectAssumption]
else:
    _AssumptionBase = forms.ModelForm

_ANY = ("", "すべて")


class EffectFilterForm(forms.Form):
    """Narrows the page of the whole government; a value that does not exist narrows nothing."""

    period = forms.ChoiceField(label="期間", required=False)
    department = forms.ChoiceField(label="所管課", required=False)
    kind = forms.ChoiceField(label="種類", choices=[_ANY, *KIND_CHOICES], required=False)

    def __init__(
        self, *args: Any, periods: Iterable[tuple[str, str]], departments: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = list(periods)  # type: ignore[attr-defined]
        self.fields["department"].choices = [_ANY, *departments]  # type: ignore[attr-defined]


class StepsFilterForm(forms.Form):
    """Narrows the steps of one procedure."""

    period = forms.ChoiceField(label="期間", required=False)
    version = forms.TypedChoiceField(label="様式の版", coerce=int, empty_value=None, required=False)
    language = forms.ChoiceField(label="言語", choices=[_ANY, *ProcedureText.LANGUAGES], required=False)
    device = forms.ChoiceField(label="端末", choices=[_ANY, *DEVICE_CHOICES[1:]], required=False)

    def __init__(self, *args: Any, periods: Iterable[tuple[str, str]], versions: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = list(periods)  # type: ignore[attr-defined]
        self.fields["version"].choices = [_ANY, *((one, f"第{one}版") for one in versions)]  # type: ignore[attr-defined]


class AssumptionForm(_AssumptionBase):
    """What one filing costs on paper and online; what nobody knows stays empty."""

    class Meta:
        model = EffectAssumption
        fields = (
            "minutes_before", "minutes_online", "visits_before", "visits_online", "sheets_before", "sheets_online",
            "source",
        )  # fmt: skip
        help_texts = {
            "minutes_before": "受付から結果を渡すまでに、職員が1件に使う時間。わからないときは空のまま。",
            "visits_before": "申請者が役所に来る回数。結果を受け取りに来る1回も入れます。",
            "visits_online": "結果の受け取りは入れません（窓口で渡した件数は、記録から数えて引きます）。",
            "sheets_before": "申請者の用紙・添付と、役所で印刷する紙の合計。",
            "source": "だれが、いつ、どうやって知った数か。例：令和8年9月に窓口で30件を測った。",
        }
