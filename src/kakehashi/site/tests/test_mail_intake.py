"""A mailbox over IMAP with TLS, played by a small server of our own; .eml and mbox files."""

import ssl
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.files.testing import PDF
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.mail_reading import cut_mails, read_mail
from kakehashi.kernel.tests.fake_imap import FakeImap
from kakehashi.records.models import IncomingMail, Mailbox, MailPart, MailState, Receipt
from kakehashi.records.services import connect_mailbox, look_into, set_mail_aside
from kakehashi.records.testing import with_schedule
from kakehashi.site.tests.certificates import make_certificate

JIS = "道路の現況について（照会）".encode("iso-2022-jp")


def eml(number: int = 1, attachment: bytes = PDF) -> bytes:
    """A mail as older Japanese mailers write it: ISO-2022-JP in subject, body and file name."""
    from base64 import b64encode

    subject = b"=?ISO-2022-JP?B?" + b64encode(JIS) + b"?="
    name = b"=?ISO-2022-JP?B?" + b64encode("照会.pdf".encode("iso-2022-jp")) + b"?="
    lines = [
        b"From: =?UTF-8?B?" + b64encode("ひばり県".encode()) + b"?= <road@pref.example.jp>",
        b"Subject: " + subject,
        b"Message-ID: <%d@pref.example.jp>" % number,
        b"Date: Fri, 20 Nov 2026 09:00:00 +0900",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="x"',
        b"",
        b"--x",
        b"Content-Type: text/plain; charset=ISO-2022-JP",
        b"",
        "回答をお願いします。".encode("iso-2022-jp"),
        b"--x",
        b'Content-Type: application/pdf; name="' + name + b'"',
        b'Content-Disposition: attachment; filename="' + name + b'"',
        b"Content-Transfer-Encoding: base64",
        b"",
        b64encode(attachment),
        b"--x--",
        b"",
    ]
    return b"\r\n".join(lines)


@pytest.fixture
def server(tmp_path, socket_enabled, monkeypatch):
    """A mailbox whose certificate this machine trusts."""
    cert, key = make_certificate(tmp_path, "localhost")
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(cert, key)
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, internal_hosts=("localhost", "127.0.0.1", "::1")))
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    fake = FakeImap({3: eml(1), 5: eml(2)}, tls=server_side)
    yield fake
    fake.door.close()


def box_at(town, port: int, password: str = "secret") -> Mailbox:
    return connect_mailbox(
        actor=town.administrator,
        department=town.department,
        password=password,
        name="総合窓口",
        host="localhost",
        port=port,
        user="desk",
        folder="INBOX",
    )


def test_new_mails_are_taken_once_and_left_as_they_are(town, server):
    box = box_at(town, server.port)
    assert "secret" not in box.password_sealed
    assert look_into(mailbox=box) == 2
    assert (box.trouble, box.last_uid, box.uid_validity) == ("", 5, 7)
    assert look_into(mailbox=box) == 0
    server.mails[6] = eml(3)
    assert look_into(mailbox=box) == 1
    mail = IncomingMail.objects.first()
    assert (mail.subject, mail.body) == ("道路の現況について（照会）", "回答をお願いします。")
    assert [part.name for part in MailPart.objects.filter(mail=mail)] == ["照会.pdf", "届いたメール.eml"]
    assert any(command.startswith("EXAMINE") for command in server.asked)
    assert not any("STORE" in command for command in server.asked)


def test_what_cannot_be_read_is_told(town, server, monkeypatch):
    wrong = box_at(town, server.port, password="other")
    assert look_into(mailbox=wrong) == 0
    assert "パスワード" in wrong.trouble
    monkeypatch.delenv("SSL_CERT_FILE")
    untrusted = box_at(town, server.port)
    look_into(mailbox=untrusted)
    assert "つながりません" in untrusted.trouble


def test_a_private_address_is_never_asked(town, monkeypatch):
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, internal_hosts=()))
    box = box_at(town, 993)
    Mailbox.objects.filter(id=box.id).update(host="127.0.0.1")
    box.refresh_from_db()
    look_into(mailbox=box)
    assert "庁内" in box.trouble


def test_an_mbox_holds_many_and_an_eml_one():
    mbox = b"".join(b"From a@b Fri Nov 20 09:00:00 2026\n" + eml(n).replace(b"\r\n", b"\n") + b"\n\n" for n in (1, 2))
    assert [read_mail(raw).message_id for raw in cut_mails(mbox)] == ["<1@pref.example.jp>", "<2@pref.example.jp>"]
    assert cut_mails(eml()) == [eml()]


def test_a_dragged_mail_is_received_with_its_attachments(town, client_for):
    with_schedule(town)
    client, base = client_for(town.clerk), "/staff/records/mails/"
    for _ in range(2):
        assert client.post(base, {"file": SimpleUploadedFile("照会.eml", eml())}).status_code == 302
    assert client.post(base, {"file": SimpleUploadedFile("x.eml", b"no mail")}).status_code == 422
    mail = IncomingMail.objects.get()
    assert "道路の現況" in client.get(base).content.decode()
    page = client.get(f"{base}{mail.id}/").content.decode()
    assert "回答をお願いします。" in page
    form = {
        "title": "道路の照会", "sender": "ひばり県", "received_on": "2026-11-20", "way": "mail", "confidentiality": "ordinary",
        "department": str(town.department.id), "idempotency_key": str(uuid7()),
    }  # fmt: skip
    assert client.post(f"{base}{mail.id}/", form | {"title": ""}).status_code == 422
    assert client.post(f"{base}{mail.id}/", form).status_code == 302
    receipt = Receipt.objects.get()
    assert {file.media_type for file in receipt.files.all()} == {"application/pdf", "message/rfc822"}
    assert client.get(f"{base}{mail.id}/").status_code == 302


def test_a_program_is_left_out_and_advertising_is_set_aside(town, client_for):
    client = client_for(town.clerk)
    client.post(
        "/staff/records/mails/", {"file": SimpleUploadedFile("x.eml", eml(attachment=b"MZ\x90\x00" + b"\x00" * 80))}
    )
    mail = IncomingMail.objects.get()
    assert MailPart.objects.filter(mail=mail).exclude(left_out="").exists()
    assert client.post(f"/staff/records/mails/{mail.id}/aside/", {"reason": ""}).status_code == 302
    set_mail_aside(actor=town.clerk, mail=mail, reason="広告")
    mail.refresh_from_db()
    assert (mail.state, mail.body) == (MailState.SET_ASIDE, "")


def test_the_page_of_mailboxes(town, client_for, monkeypatch):
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, internal_hosts=()))
    client, address = client_for(town.administrator), "/staff/records/mailboxes/"
    form = {
        "name": "窓口", "host": "imap.example.jp", "port": "993", "user": "desk", "password": "secret", "folder": "INBOX",
        "department": str(town.department.id),
    }  # fmt: skip
    assert client.post(address, form | {"host": "127.0.0.1"}).status_code == 422
    assert client.post(address, form | {"folder": 'a"b'}).status_code == 422
    assert client.post(address, form).status_code == 302
    box = Mailbox.objects.get()
    client.post(f"{address}{box.id}/switch/")
    assert "止めている" in client.get(address).content.decode()
