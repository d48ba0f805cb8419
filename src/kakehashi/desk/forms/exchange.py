"""Input shapes of the exchange with installations elsewhere."""

from __future__ import annotations

from django import forms


class BundleForm(forms.Form):
    """A signed file."""

    file = forms.FileField(label="解決事例のファイル", help_text="ほかの団体が書き出した .json ファイル。4 MBまで。")


class SignerForm(forms.Form):
    """How the fingerprint was compared."""

    how = forms.CharField(
        label="どうやって確かめたか", max_length=200, help_text="例：先方の課に電話し、指紋を読み合わせた"
    )


class FeedForm(forms.Form):
    """Where cases are fetched from."""

    name = forms.CharField(label="名前", max_length=100, help_text="例：あおぞら県の解決事例")
    url = forms.CharField(
        label="アドレス", max_length=500, help_text="先方の「別のシステムとのやりとり」のページにあります。"
    )
    key = forms.CharField(
        label="APIの鍵", max_length=500, help_text="先方が作った鍵。ここでは封をしてしまい、もう表示しません。",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
