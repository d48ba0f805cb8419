"""Forms of the sign-in and residents' pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class DirectorySignInForm(forms.Form):
    """Name and password of the staff directory."""

    username = forms.CharField(
        label="利用者名",
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="パスワード",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AddressForm(forms.Form):
    """A mail address to be confirmed."""

    email = forms.EmailField(
        label=gettext_lazy("メールアドレス"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("確認コードを送ります。"),
    )


class ResidentCodeForm(forms.Form):
    """Six digits from a mail."""

    code = forms.CharField(
        label=gettext_lazy("確認コード"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text=gettext_lazy("メールに書かれた6桁の数字です。"),
    )
