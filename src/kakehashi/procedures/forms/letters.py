"""Input shapes of the pages of 通知書のひな形 and 証明書."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.procedures.domain.letters import LetterText


class LetterForm(forms.Form):
    """The words of a letter."""

    title = forms.CharField(label="題名", max_length=100)
    text = forms.CharField(
        label="本文",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text="【申請者の氏名】のように書いたところに、案件の内容が入ります。",
    )
    rows = forms.CharField(
        label="記（表）",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        required=False,
        help_text="1行に1つ、「見出し：内容」の形で書きます。受付番号と手続の名前は、いつも入ります。",
    )
    remark = forms.CharField(label="備考", widget=forms.Textarea(attrs={"rows": 3}), max_length=2000, required=False)
    is_certificate = forms.BooleanField(
        label="二次元コードで検証できる証明書にする",
        required=False,
        help_text="受け取った人から見せられた人が、二次元コードで有効かどうかを確かめられます。",
    )
    valid_days = WholeNumberField(
        label="証明書の有効期間（日）",
        min_value=1,
        max_value=3650,
        required=False,
        help_text="空なら期限はありません。",
    )

    def __init__(self, *args: Any, may_certify: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_certify:
            del self.fields["is_certificate"], self.fields["valid_days"]

    @property
    def letter(self) -> LetterText:
        """The cleaned words; line ends as the database keeps them."""
        given = {
            name: self.cleaned_data[name].replace("\r\n", "\n").strip() for name in ("title", "text", "rows", "remark")
        }
        return LetterText(**given)


class RevokeForm(forms.Form):
    """Why a certificate is revoked or reissued."""

    reason = forms.CharField(label="理由", max_length=300)


class VerifyForm(forms.Form):
    """The token of a certificate, typed from the paper."""

    token = forms.CharField(label=gettext_lazy("検証の符号"), max_length=60)
