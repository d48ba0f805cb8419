"""Mails of every make are read; nothing a mail says can break the reading."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.desk.domain.mails import read_mail, read_mails


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in {"From": "山田 花子 <hanako@hibari.lg.jp>", "Subject": "鍵の貸出簿", **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content("鍵の貸出簿を三回書いています。\n")
    return message


def test_a_mail_in_the_old_japanese_charset_is_read() -> None:
    raw = (
        b"From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@hibari.lg.jp>\r\n"
        b"Subject: =?ISO-2022-JP?B?GyRCNC8bKEI=?=\r\nDate: Fri, 20 Nov 2026 10:00:00 +0900\r\n"
        b"Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\x1b$B80\x1b(B\r\n"
    )
    found = read_mail(raw)
    assert found is not None
    assert (found.sender_name, found.sender_address, found.body) == ("山田", "yamada@hibari.lg.jp", "鍵")
    assert found.sent_at is not None
    assert found.sent_at.isoformat() == "2026-11-20T10:00:00+09:00"
    assert found.message_id.startswith("sha256:")


def test_attachments_and_what_it_answers_come_along() -> None:
    message = mail(Message_ID="<2@x>", In_Reply_To="<1@x>", References="<0@x> <1@x>")
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="台帳.csv")
    found = read_mail(message.as_bytes())
    assert found is not None
    assert (found.files, found.answers) == ((("台帳.csv", b"a,b\n"),), ("<1@x>", "<0@x>"))


def test_only_html_is_read_as_its_words() -> None:
    message = mail()
    message.set_content("<style>p{}</style><p>一行目</p><p>a&amp;b</p><script>x()</script>", subtype="html")
    found = read_mail(message.as_bytes())
    assert found is not None
    assert found.body.split() == ["一行目", "a&b"]


def test_a_mailbox_file_gives_each_of_its_mails_once() -> None:
    one = mail(Message_ID="<1@x>").as_bytes() + b"\n>From here on\n"
    box = b"".join(
        b"From x@y Fri Nov 20 10:00:00 2026\n" + each + b"\n" for each in (one, mail(Message_ID="<2@x>").as_bytes())
    )
    found = read_mails(box)
    assert [each.message_id for each in found] == ["<1@x>", "<2@x>"]


def test_a_file_without_a_mail_is_refused() -> None:
    with pytest.raises(ValueError):
        read_mails(b"%PDF-1.4 nothing of the kind")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(
        [b"", b"From: a@b\n", b"From x\n\nSubject: =?x?B?//?=\nContent-Type: multipart/mixed; boundary=a\n\n--a\n"]
    ),
)
def test_no_bytes_break_the_reading(noise: bytes, start: bytes) -> None:
    read_mail(start + noise)
    try:
        found = read_mails(start + noise)
    except ValueError:
        return
    assert all("\x00" not in each.body + each.subject for each in found)
