"""A mail for the tests of every room that reads mails."""

from __future__ import annotations

from email.message import EmailMessage


def mail(**headers: str) -> EmailMessage:
    """A mail of 山田 花子; a header is named with underscores, as in `Message_ID`."""
    message = EmailMessage()
    for name, value in {"From": "山田 花子 <hanako@hibari.lg.jp>", "Subject": "鍵の貸出簿", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content("鍵の貸出簿を三回書いています。\n")
    return message
