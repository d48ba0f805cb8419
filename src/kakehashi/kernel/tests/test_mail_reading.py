"""Mails of every make are read; nothing a mail says can break the reading."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.kernel.mail_reading import NotAMail, cut_mails, read_mail
from kakehashi.kernel.tests.mails import mail


def test_a_mail_in_the_old_japanese_charset_is_read() -> None:
    raw = (
        b"From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@hibari.lg.jp>\r\n"
        b"Subject: =?ISO-2022-JP?B?GyRCNC8bKEI=?=\r\nDate: Fri, 20 Nov 2026 10:00:00 +0900\r\n"
        b"Content-Type: text/plain; charset=ISO-2022-JP\r\n\r\n\x1b$B80\x1b(B\r\n"
    )
    found = read_mail(raw)
    assert (found.sender_name, found.sender_address, found.body) == ("山田", "yamada@hibari.lg.jp", "鍵")
    assert found.sent_at is not None
    assert found.sent_at.isoformat() == "2026-11-20T10:00:00+09:00"
    assert (found.message_id, len(found.digest)) == ("", 64)


def test_attachments_and_what_it_answers_come_along() -> None:
    message = mail(Message_ID="<2@x>", In_Reply_To="<1@x>", References="<0@x> <1@x>")
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="台帳.csv")
    found = read_mail(message.as_bytes())
    assert (found.files, found.answers) == ((("台帳.csv", b"a,b\n"),), ("<1@x>", "<0@x>"))


def test_only_html_is_read_as_its_words() -> None:
    message = mail()
    message.set_content("<style>p{}</style><p>一行目</p><p>a&amp;b</p><script>x()</script>", subtype="html")
    found = read_mail(message.as_bytes())
    assert found.body.split() == ["一行目", "a&b"]


def test_a_mailbox_file_gives_each_of_its_mails_once() -> None:
    one = mail(Message_ID="<1@x>").as_bytes() + b"\n>From here on\n"
    box = b"".join(
        b"From x@y Fri Nov 20 10:00:00 2026\n" + each + b"\n" for each in (one, mail(Message_ID="<2@x>").as_bytes())
    )
    found = [read_mail(each) for each in cut_mails(box)]
    assert [each.message_id for each in found] == ["<1@x>", "<2@x>"]


def test_a_file_without_a_mail_is_refused() -> None:
    with pytest.raises(NotAMail):
        read_mail(b"%PDF-1.4 nothing of the kind")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(
        [b"", b"From: a@b\n", b"From x\n\nSubject: =?x?B?//?=\nContent-Type: multipart/mixed; boundary=a\n\n--a\n"]
    ),
)
def test_no_bytes_break_the_reading(noise: bytes, start: bytes) -> None:
    for raw in (start + noise, *cut_mails(start + noise)):
        try:
            found = read_mail(raw)
        except NotAMail:
            continue
        assert "\x00" not in found.body + found.subject + found.sender


def test_the_makers_own_characters_of_iso_2022_jp_are_read() -> None:
    """① and ㈱ are written by mailers under a name that does not hold them."""
    raw = b"Subject: x\nContent-Type: text/plain; charset=ISO-2022-JP\n\n\x1b$B-!80-j\x1b(B!\n"
    assert read_mail(raw).body == "①鍵㈱!"


def test_a_paragraph_that_begins_with_from_is_no_mail_of_its_own() -> None:
    box = b"From x@y Fri Nov 20 10:00:00 2026\n" + mail().as_bytes() + b"\nFrom here on nobody knows.\n"
    assert len(cut_mails(box)) == 1


def test_a_name_in_an_encoded_word_and_a_mail_in_a_mail_are_attachments() -> None:
    message = mail()
    message.add_attachment(mail(Subject="中"), filename="=?UTF-8?B?54Wn5LyaLnBkZg==?=")
    assert [name for name, _ in read_mail(message.as_bytes()).files] == ["照会.pdf"]


def test_a_declaration_that_the_parser_gives_up_at_leaves_what_came_before() -> None:
    message = mail()
    message.set_content("<p>一行目</p><![nonsense foo]><p>二行目</p>", subtype="html")
    assert "一行目" in read_mail(message.as_bytes()).body
