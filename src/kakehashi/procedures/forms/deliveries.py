"""Input shapes of the pages of 交付: the list of letters, labels, and what became of one of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kakehashi.kernel import clock
from kakehashi.procedures.domain.deliveries import Basis, Way
from kakehashi.procedures.domain.labels import SHEETS
from kakehashi.procedures.models.delivery import STANDING_CHOICES, WAY_CHOICES
from kakehashi.procedures.services.delivering import MAIL_KINDS

_ANY = ("", "すべて")


def _day(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), initial=clock.today, **more)


class PostFilterForm(forms.Form):
    """Narrows the list; a value that does not exist narrows nothing."""

    q = forms.CharField(label="宛名・文書番号", max_length=100, required=False)
    standing = forms.ChoiceField(label="状態", choices=[*STANDING_CHOICES, _ANY], required=False)
    way = forms.ChoiceField(label="方法", choices=[_ANY, *WAY_CHOICES], required=False)


class LabelForm(forms.Form):
    """Which label sheet lies in the printer, and from which label of it printing begins."""

    sheet = forms.ChoiceField(
        label="ラベル用紙", choices=[(code, sheet.label) for code, sheet in SHEETS.items()], required=False
    )
    start = forms.IntegerField(
        label="始めるラベルの位置",
        min_value=1,
        max_value=24,
        initial=1,
        required=False,
        help_text="使いかけの用紙は、次の位置から。",
    )


class PostedForm(forms.Form):
    """The day the chosen letters were really posted."""

    posted_on = _day("発送日")
    mail_kind = forms.ChoiceField(label="郵便の種類", choices=[(each, each) for each in MAIL_KINDS])


class AddressForm(forms.Form):
    """What stands on the label."""

    addressee = forms.CharField(label="宛名", max_length=200)
    postcode = forms.CharField(label="郵便番号", max_length=10, required=False)
    address = forms.CharField(label="住所", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)


class HandedForm(forms.Form):
    """Handing over at the counter."""

    handed_on = _day("渡した日")
    note = forms.CharField(
        label="本人を確かめた方法", max_length=300, required=False, help_text="例：運転免許証を見た。番号は書きません。"
    )


class ArrivedForm(forms.Form):
    """When a posted letter arrived, and how that is known."""

    arrived_on = _day("到達日")
    basis = forms.ChoiceField(
        label="到達がわかった理由",
        choices=[(each.value, each.label) for each in (Basis.TRACKED, Basis.CERTIFIED, Basis.SAID)],
    )
    tracking_number = forms.CharField(label="追跡番号・書留番号", max_length=40, required=False)


class ReturnedForm(forms.Form):
    """A letter that came back."""

    returned_on = _day("戻った日")
    note = forms.CharField(label="戻ってきた理由", max_length=1000, help_text="例：あて所に尋ねあたりません。")


class AgainForm(forms.Form):
    """Sending anew after a return."""

    way = forms.ChoiceField(
        label="方法", choices=[(Way.POST.value, "郵送"), (Way.COUNTER.value, "窓口で渡す")], initial=Way.POST.value
    )
    postcode = forms.CharField(label="郵便番号", max_length=10, required=False)
    address = forms.CharField(
        label="新しい住所",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
        required=False,
        help_text="郵送のときは、わかった住所を書きます。窓口で渡すときは、空けておきます。",
    )


class PublishedForm(forms.Form):
    """公示送達."""

    published_on = _day("掲示を始めた日")
    arrived_on = forms.DateField(
        label="到達したとみなす日",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="民法第98条では、掲示を始めた日から2週間を経過した時です。個別の法律に定めがあるときは、それに従います。",
    )
    note = forms.CharField(label="掲示した場所と根拠", max_length=500)


class WayForm(forms.Form):
    """How the applicant wants the result."""

    way = forms.ChoiceField(
        label=gettext_lazy("結果の通知の受け取り方"),
        widget=forms.RadioSelect,
        choices=[
            (Way.ELECTRONIC.value, gettext_lazy("電子による通知を希望する（このサイトの「あなたの申請」で受け取る）")),
            (Way.POST.value, gettext_lazy("郵送で受け取る")),
            (Way.COUNTER.value, gettext_lazy("窓口で受け取る")),
        ],
    )
