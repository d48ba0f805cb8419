"""Input shapes of the one intake: what came by telephone, chat or mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from kakehashi.desk.forms.consultations import ConsultationForm
from kakehashi.desk.models import Channel
from kakehashi.people.models import Person

MOST_PASTE = 60_000
CHANNELS = {Channel.PHONE: "電話のメモ", Channel.CHAT: "チャットの記録"}


class ReceiveForm(ConsultationForm):
    """A consultation that the desk files for somebody: who asked, where it came from, the words as they came."""

    field_order = ("consultation_id", "asked_by", "window", "came_from", "transcript")

    asked_by = forms.ChoiceField(label="相談した人")
    window = forms.CharField(
        label="はじめに受けた窓口",
        max_length=100,
        required=False,
        help_text="ほかの窓口から回ってきたときだけ書きます。",
    )
    came_from = forms.CharField(label="電話番号やチャットの名前", max_length=200, required=False)
    transcript = forms.CharField(
        label="記録", required=False, max_length=MOST_PASTE, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, *args: Any, people: Sequence[Person], channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.id): person for person in people}
        asked: Any = self.fields["asked_by"]
        asked.choices = [("", "選んでください"), *((key, person.name) for key, person in self.people.items())]
        self.fields["transcript"].label = CHANNELS.get(channel, "本文")
        if channel is Channel.CHAT:
            self.fields[
                "transcript"
            ].help_text = "チャットを選んで、そのまま貼り付けます。話した人と時刻ごとに分けて残します。"
        if channel is Channel.MAIL:
            del self.fields["transcript"], self.fields["came_from"], self.fields["papers"]

    def clean_asked_by(self) -> Person:
        """The person itself."""
        return self.people[self.cleaned_data["asked_by"]]


class MailsForm(forms.Form):
    """A file of mails."""

    mails = forms.FileField(label="メールのファイル（.eml、.mbox）", help_text="メールソフトから保存したファイルです。")


class DismissForm(forms.Form):
    """Why a mail is no consultation."""

    reason = forms.CharField(label="相談にしない理由", max_length=300)


class MailboxForm(forms.Form):
    """Where the desk's mail is read from."""

    host = forms.CharField(label="IMAPサーバー", max_length=200, help_text="例：imap.example.lg.jp")
    port = forms.IntegerField(label="ポート", min_value=1, max_value=65535, initial=993)
    username = forms.CharField(label="利用者名", max_length=200)
    password = forms.CharField(
        label="パスワード", required=False, widget=forms.PasswordInput, max_length=200,
        help_text="空けておくと、前のままです。封をして保存します。",
    )  # fmt: skip
    folder = forms.CharField(label="フォルダー", max_length=100, initial="INBOX")
    is_on = forms.BooleanField(label="5分ごとに取り込む", required=False, initial=True)
