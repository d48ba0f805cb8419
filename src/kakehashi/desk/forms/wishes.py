"""Input shapes of wishes and ideas."""

from __future__ import annotations

from django import forms

from kakehashi.desk.forms.consultations import _text
from kakehashi.desk.models import ANSWERS, WishCircle, WishKind, WishState


class WishForm(forms.Form):
    """Two lines and who may read them."""

    kind = forms.ChoiceField(label="種類", choices=WishKind.choices, initial=WishKind.WISH)
    title = forms.CharField(label="ひとことで", max_length=100, help_text="例：会議の資料を、紙で配らないでほしい")
    body = _text("くわしく", "書かなくても構いません。人の名前や番号は書かないでください。")
    circle = forms.ChoiceField(label="読める人", choices=WishCircle.choices, initial=WishCircle.GOVERNMENT)


class WishAnswerForm(forms.Form):
    """What is done with a wish, and why."""

    state = forms.ChoiceField(
        label="どうするか", choices=[(s.value, WishState(s).label) for s in ANSWERS], widget=forms.RadioSelect
    )
    answer = _text("返事", "書いた人と、これを読める人が読みます。", required=True)


class PassUpForm(forms.Form):
    """Why it goes further up."""

    reason = forms.CharField(label="上に上げる理由", max_length=300)
