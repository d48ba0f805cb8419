"""The sign-in library's forms in this product's words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Address and password, without placeholders: a label stays when somebody types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: what to call it, and whether it replaces the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "パスキーの名前"
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = "パスワードなしでサインインできるようにする"
            self.fields["passwordless"].help_text = "指紋・顔・PINで本人を確かめます。"
