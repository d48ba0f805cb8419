"""Input shapes of the pages of 様式の共有."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from kakehashi.governments.models import Government
from kakehashi.procedures.domain.base_file import MOST_BYTES
from kakehashi.procedures.models import Audience, Procedure


def _choices(government: Government) -> list[tuple[str, str]]:
    """Who can be named: the municipalities of the prefecture, and whoever uses this installation."""
    home = government.id if government.kind == "prefecture" else government.parent_id
    near = Q(parent_id=home) | Q(id=home) | Q(is_tenant=True)
    rows = Government.objects.filter(near).exclude(id=government.id).order_by("code")
    return [(row.code, row.name) for row in rows[:400]]


class OfferForm(forms.Form):
    """To whom a form is offered, what it is, and why a new revision comes."""

    audience = forms.ChoiceField(label="提供する相手", choices=Audience.choices, widget=forms.RadioSelect)
    named = forms.MultipleChoiceField(
        label="名指しする団体",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="「名指しした団体」を選んだときだけ使います。",
    )
    description = forms.CharField(
        label="この様式の説明",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="どんな団体が、何に使う様式かを書きます。一覧に出ます。",
    )
    series = forms.CharField(
        label="セットの名前",
        max_length=100,
        required=False,
        help_text="いくつかの様式をまとめて提供するとき、同じ名前を書きます。例：子育ての手続一式",
    )
    note = forms.CharField(
        label="新しい版の説明（何が、なぜ変わったか）",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="取り入れた団体が、合わせるかどうかを決めるときに読みます。はじめて提供するときは、空でもかまいません。",
    )

    def __init__(self, *args: Any, government: Government, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: Any = self.fields["named"]
        named.choices = _choices(government)


class WithdrawForm(forms.Form):
    """Why an offer ends."""

    reason = forms.CharField(label="取り下げる理由", max_length=300, help_text="取り入れた団体に、このまま伝わります。")


class BaseFileForm(forms.Form):
    """A signed file of a base form."""

    file = forms.FileField(
        label="基本様式のファイル",
        help_text="ほかの団体が書き出したファイル（.kakehashi-base.json、セットは.zip）。2MBまで。",
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.zip"}),
        error_messages={"empty": "ファイルが空です。", "required": "基本様式のファイルを選んでください。"},
    )

    def clean_file(self) -> Any:
        """Refuse a file too large to be one before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("ファイルが大きすぎます（2MBまで）。")
        return file


class ConfirmSignerForm(forms.Form):
    """A person says that the fingerprint was compared."""

    how = forms.CharField(
        label="どうやって確かめたか",
        max_length=200,
        help_text="例：提供した県の情報政策課に電話し、指紋をすべて読み合わせた",
    )
    is_same = forms.BooleanField(label="指紋は、すべて同じでした")


class TakeForm(forms.Form):
    """Where the taken form goes: a new procedure, or one of the inventory that has no form."""

    procedure = forms.ChoiceField(label="どの手続の様式にするか", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: list[Procedure], title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(one.id): one for one in candidates}
        field: Any = self.fields["procedure"]
        field.choices = [("", f"新しい手続「{title}」として台帳に載せる")] + [
            (key, f"台帳の「{one.name}」に付ける（書いてあることは変えません）") for key, one in self.candidates.items()
        ]
        self.initial.setdefault("procedure", "")

    @property
    def chosen(self) -> Procedure | None:
        """The procedure of the inventory that was chosen, None for a new one."""
        return self.candidates.get(self.cleaned_data["procedure"])
