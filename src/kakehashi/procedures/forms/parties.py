"""Input shapes of who files: the rule of a procedure, proxies, co-signers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.procedures.domain.representation import PROOFS, Proof, ProxyKind
from kakehashi.procedures.models.parties import PROOF_CHOICES, PROXY_CHOICES, CoSigning


class FilingRuleForm(forms.Form):
    """Who may file besides the applicant alone."""

    proxies = forms.MultipleChoiceField(
        label="代わりに申請できる人",
        choices=PROXY_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="選ばないときは、本人だけが申請できます。使者は本人の意思を伝えるだけの人で、代理人ではありません。",
    )
    proofs = forms.MultipleChoiceField(
        label="任意代理人の委任の証明",
        choices=[each for each in PROOF_CHOICES if each[0] in {one.value for one in PROOFS[ProxyKind.VOLUNTARY]}],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="法定代理人は書類の添付、使者は本人のメールでの確認に決まっています。",
    )
    co_signing = forms.ChoiceField(
        label="連署（いっしょに申請する人）", choices=CoSigning.choices, widget=forms.RadioSelect, initial="none"
    )
    least_co_signers = WholeNumberField(
        label="連署の最少人数", min_value=0, max_value=10, required=False, help_text="決まりがないときは空にします。"
    )


_WHO = {
    ProxyKind.VOLUNTARY.value: gettext_lazy("たのまれた人（代理人）として、代わりに申請する"),
    ProxyKind.STATUTORY.value: gettext_lazy("親・後見人など（法定代理人）として、代わりに申請する"),
    ProxyKind.MESSENGER.value: gettext_lazy("本人が決めたことを、代わりに入力して伝える（使者）"),
}
_SHOWN_BY = {
    Proof.CONFIRMATION.value: gettext_lazy("本人が、メールのリンクで確かめる"),
    Proof.LETTER.value: gettext_lazy("委任状（本人が書いた紙）の写真かファイルを付ける"),
    Proof.CERTIFICATE.value: gettext_lazy("戸籍・登記事項証明書などの写真かファイルを付ける"),
}


class WhoForm(forms.Form):
    """For whom the application is."""

    who = forms.ChoiceField(label=gettext_lazy("だれの申請ですか"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("self", gettext_lazy("自分の申請をする")), *[(each, _WHO[each]) for each in kinds]]
        self.fields["who"].choices = offered  # type: ignore[attr-defined]


class ProxyPartyForm(forms.Form):
    """Who files for somebody else, and by what that is shown."""

    name = forms.CharField(label=gettext_lazy("あなたの氏名"), max_length=100)
    relationship = forms.CharField(
        label=gettext_lazy("本人との関係"), max_length=100, help_text=gettext_lazy("例：子、母、成年後見人、行政書士")
    )
    phone = forms.CharField(
        label=gettext_lazy("あなたの電話番号"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label=gettext_lazy("あなたのメールアドレス"), max_length=254)
    proof = forms.ChoiceField(label=gettext_lazy("本人からたのまれたことを示す方法"), widget=forms.RadioSelect)
    principal_name = forms.CharField(label=gettext_lazy("本人の氏名"), max_length=100, required=False)
    principal_email = forms.EmailField(
        label=gettext_lazy("本人のメールアドレス"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("本人に、内容を確かめるためのリンクを送ります。"),
    )
    file = forms.FileField(
        label=gettext_lazy("証明する書類"),
        required=False,
        help_text=gettext_lazy("写真かPDFを1つ選びます。200MBまでです。"),
    )

    def __init__(
        self, *args: Any, kind: ProxyKind, proofs: Sequence[str], has_file: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_file = has_file
        self.fields["proof"].choices = [(each, _SHOWN_BY[each]) for each in proofs]  # type: ignore[attr-defined]
        if len(proofs) == 1:
            self.fields["proof"].widget = forms.HiddenInput()
            self.initial["proof"] = proofs[0]
        if Proof.CONFIRMATION.value not in proofs:
            del self.fields["principal_name"], self.fields["principal_email"]
        if list(proofs) == [Proof.CONFIRMATION.value]:
            del self.fields["file"]

    def clean(self) -> dict[str, Any]:
        """What the chosen proof needs."""
        given = super().clean() or {}
        if given.get("proof") == Proof.CONFIRMATION:
            for name in ("principal_name", "principal_email"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, gettext_lazy("本人に確かめてもらうために、入力してください。"))
        elif given.get("proof") and not given.get("file") and not self.has_file and "file" not in self.errors:
            self.add_error("file", gettext_lazy("証明する書類を付けてください。"))
        return given


class CoSignerForm(forms.Form):
    """One more person who signs."""

    name = forms.CharField(label=gettext_lazy("氏名"), max_length=100)
    email = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        max_length=254,
        help_text=gettext_lazy("この人に、内容を読んで同意するためのリンクを送ります。"),
    )


class DeclineForm(forms.Form):
    """Why somebody does not agree."""

    reason = forms.CharField(
        label=gettext_lazy("理由（書かなくてもかまいません）"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
