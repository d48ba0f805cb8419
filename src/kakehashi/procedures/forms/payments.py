"""Input shapes of the pages of fees."""

from __future__ import annotations

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.models.payment import METHODS, PAYMENT_STATES

_ANY = ("", "すべて")


class FeeForm(forms.Form):
    """When the fee of a procedure is paid, and how much."""

    when = forms.ChoiceField(
        label="手数料の納め方",
        widget=forms.RadioSelect,
        choices=[(when.value, when.label) for when in FeeWhen],
        required=False,
    )
    yen = WholeNumberField(
        label="金額（円）",
        min_value=0,
        max_value=10_000_000,
        required=False,
        help_text="様式に「手数料」の決まりがあるときは、様式の金額が使われます。",
    )


class PaymentFilterForm(forms.Form):
    """Narrows the list of payments."""

    text = forms.CharField(label="整理番号・受付番号", max_length=60, required=False)
    state = forms.ChoiceField(label="状態", choices=[_ANY, *PAYMENT_STATES], required=False)
    way = forms.ChoiceField(label="方法", choices=[_ANY, *METHODS], required=False)
    first = forms.DateField(label="依頼した日（から）", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    last = forms.DateField(label="（まで）", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    only_trouble = forms.BooleanField(label="確かめることがあるものだけ", required=False)


class CounterPaidForm(forms.Form):
    """Money taken at the counter."""

    receipt_number = forms.CharField(label="領収書の番号", max_length=60)
    paid_on = forms.DateField(label="受け取った日", widget=forms.DateInput(attrs={"type": "date"}), initial=clock.today)


class ReasonForm(forms.Form):
    """Why a fee is refunded or forgiven."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class RefundForm(forms.Form):
    """How much is given back, and why."""

    amount = WholeNumberField(
        label="返金する額（円）",
        min_value=1,
        max_value=10_000_000,
        required=False,
        help_text="空のままにすると、残りの全額を返します。",
    )
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)
    before = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0, required=False)

    def clean_before(self) -> int:
        """Nothing said is nothing given back before."""
        found: int | None = self.cleaned_data["before"]
        return found or 0


class AccountForm(forms.Form):
    """One contract; which numbers are asked for depends on the provider."""

    key = forms.CharField(label="APIキー", max_length=100, required=False)
    merchant = forms.CharField(label="加盟店ID", max_length=100, required=False)
    shop = forms.CharField(label="ショップID", max_length=100, required=False)
    configuration = forms.CharField(label="設定ID（支払いページの設定）", max_length=100, required=False)
    secret = forms.CharField(
        label="秘密の鍵（シークレット・ショップパスワード）",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="暗号化して保存します。変えないときは空のままにします。",
    )
    is_live = forms.BooleanField(label="本番のサービスを使う（選ばないときは、事業者の試験環境）", required=False)
    is_on = forms.BooleanField(label="この事業者での支払いを受け付ける", required=False)

    def __init__(self, *args: object, provider: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        asked = {
            "paypay": {"key", "merchant", "secret", "is_live"},
            "gmo": {"shop", "configuration", "secret", "is_live"},
        }
        for name in list(self.fields):
            if name not in asked.get(provider, set()) | {"is_on"}:
                del self.fields[name]
