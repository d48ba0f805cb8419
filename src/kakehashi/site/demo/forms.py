"""Input of the demo's pages."""

from __future__ import annotations

from django import forms
from django.contrib.auth.password_validation import validate_password


class StartHereForm(forms.Form):
    """Who begins: the town by its code, and its first administrator."""

    code = forms.RegexField(
        r"^\d{6}$", label="団体コード（6桁）", error_messages={"invalid": "6桁の数字で入力してください。"}
    )
    name = forms.CharField(label="あなたの氏名", max_length=100)
    email = forms.EmailField(label="メールアドレス")
    password = forms.CharField(
        label="パスワード", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text="12文字以上。"
    )

    def clean_password(self) -> str:
        """The installation's rules for passwords."""
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password
