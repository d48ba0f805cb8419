"""Input shapes of the room's pages."""

from __future__ import annotations

from django import forms

from kakehashi.exchange.domain.envelope import MOST_BYTES
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.models import NumberKind

_MOST_CARD = 10_000
_MOST_TABLE = 10_000_000


class BundleForm(forms.Form):
    """A bundle that was carried here."""

    file = forms.FileField(label="相手側の包み（.kkb）", help_text="相手側で作ったファイルを、そのまま選びます。")

    def clean_file(self) -> object:
        """No larger than a bundle can be."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("包みが大きすぎます。ファイルを確かめてください。")
        return file


class CardForm(forms.Form):
    """The card of this side."""

    side = forms.ChoiceField(
        label="こちらはどちらの側か", choices=[(side.value, side.label) for side in (Side.STAFF, Side.PUBLIC)]
    )


class PairForm(forms.Form):
    """The other side's card and the fingerprint that was read aloud."""

    card = forms.FileField(label="相手側の名乗りのファイル（.json）")
    fingerprint = forms.CharField(
        label="相手側の指紋", max_length=60, help_text="電話などで、相手側の画面の指紋を読み上げてもらって入れます。"
    )
    url = forms.CharField(
        label="公開側の住所",
        required=False,
        max_length=300,
        help_text="回線で受け渡すときだけ。https:// で始めます。ファイルで運ぶときは空のままにします。",
    )

    def clean_card(self) -> str:
        """The card's text; what is no text is no card either."""
        file = self.cleaned_data["card"]
        return str(file.read(_MOST_CARD).decode("utf-8", "replace"))


class TableForm(forms.Form):
    """A table of another system."""

    file = forms.FileField(label="CSVファイル", help_text="UTF-8とShift_JISのどちらも読めます。1行目は見出しにします。")

    def clean_file(self) -> object:
        """No larger than a list can be."""
        file = self.cleaned_data["file"]
        if file.size > _MOST_TABLE:
            raise forms.ValidationError("ファイルが大きすぎます。分けて取り込んでください。")
        return file


class NumbersForm(forms.Form):
    """The numbers another system gave to one thing."""

    dated_on = forms.DateField(label="日付", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, kinds: tuple[str, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for kind in kinds:
            self.fields[kind] = forms.CharField(label=f"外部の{NumberKind(kind).label}", max_length=100, required=False)
        self.order_fields([*kinds, "dated_on"])
