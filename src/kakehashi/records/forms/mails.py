"""Input shapes of mails and mailboxes."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.number_fields import WholeNumberField
from kakehashi.kernel.outbound import OutboundRefused, check_address
from kakehashi.people.selectors import departments_on


class MailFileForm(forms.Form):
    """メールを取り込む: .eml or mbox files."""

    file = forms.FileField(
        label="メールのファイル（.eml、.mbox）",
        widget=forms.ClearableFileInput(attrs={"accept": ".eml,.mbox,.mbx,message/rfc822"}),
        help_text="メールソフトから書き出したファイルです。引いてきて放すこともできます。",
    )


class AsideForm(forms.Form):
    """収受しない: why."""

    reason = forms.CharField(label="収受しない理由", max_length=200)


class MailboxForm(forms.Form):
    """受け口をつなぐ."""

    name = forms.CharField(label="受け口の名前", max_length=60)
    host = forms.CharField(label="IMAPサーバー", max_length=200)
    port = WholeNumberField(label="ポート", min_value=1, max_value=65535, initial=993)
    user = forms.CharField(label="利用者名", max_length=200)
    password = forms.CharField(
        label="パスワード", max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    folder = forms.CharField(label="フォルダー", max_length=60, initial="INBOX")
    department: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        queryset=None, label="担当する課", empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = departments_on(clock.today())  # type: ignore[attr-defined]

    def clean_host(self) -> str:
        """Refuse what can never be reached, such as this machine, while the person is still there."""
        host = str(self.cleaned_data["host"]).strip()
        try:
            check_address(f"https://{host}/")
        except OutboundRefused as error:
            raise forms.ValidationError(str(error)) from error
        return host

    def clean_folder(self) -> str:
        """A folder's name as IMAP takes it between quotes."""
        folder = str(self.cleaned_data["folder"])
        if any(character in folder for character in '"\\\r\n'):
            raise forms.ValidationError("フォルダーの名前に使えない文字があります。")
        return folder
