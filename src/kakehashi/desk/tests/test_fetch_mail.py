"""connect_mailbox and fetch_mail against a mailbox on this machine: read once, never changed, trouble said in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kakehashi.desk.models import Arrival, Mailbox
from kakehashi.desk.services import connect_mailbox, fetch_mail
from kakehashi.kernel import mailboxes
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tests.fake_imap import FakeImap, straight
from kakehashi.kernel.tests.mails import mail
from kakehashi.people.testing import Town


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeImap]:
    fake = FakeImap({3: mail(Message_ID="<3@x>").as_bytes(), 5: mail(Message_ID="<5@x>").as_bytes()})
    monkeypatch.setattr(mailboxes, "secured", straight)
    monkeypatch.setattr("kakehashi.desk.services.mailbox.check_address", lambda url: None)
    yield fake
    fake.door.close()


def connected(town: Town, server: FakeImap, **changes: Any) -> Mailbox:
    values = {"host": "127.0.0.1", "port": server.port, "username": "desk", "password": "secret", **changes}
    return connect_mailbox(actor=town.administrator, **values)


def test_new_mails_come_once_and_are_only_looked_at(town: Town, server: FakeImap) -> None:
    connected(town, server)
    assert [fetch_mail(government_id=town.id) for _ in range(2)] == [2, 0]
    server.mails[9] = mail(Message_ID="<9@x>").as_bytes()
    assert fetch_mail(government_id=town.id) == 1
    assert (Arrival.objects.count(), Mailbox.objects.get().last_uid) == (3, 9)
    assert not any(word in command for command in server.asked for word in ("STORE", "EXPUNGE", "SELECT", "MOVE"))


def test_a_rebuilt_mailbox_is_read_anew_without_doubles(town: Town, server: FakeImap) -> None:
    connected(town, server)
    fetch_mail(government_id=town.id)
    server.validity = 8
    server.mails = {1: server.mails[3], 2: mail(Message_ID="<new@x>").as_bytes()}
    assert fetch_mail(government_id=town.id) == 1


@pytest.mark.parametrize(
    ("changes", "words"), [({"password": "wrong"}, "パスワード"), ({"folder": "nowhere"}, "フォルダー")]
)
def test_trouble_is_said_and_nothing_breaks(town: Town, server: FakeImap, changes: dict[str, str], words: str) -> None:
    connected(town, server, **changes)
    assert fetch_mail(government_id=town.id) == 0
    assert words in Mailbox.objects.get().trouble


def test_a_silent_server_is_trouble_too(town: Town, server: FakeImap) -> None:
    connected(town, server)
    server.door.close()
    Mailbox.objects.update(port=1)
    assert fetch_mail(government_id=town.id) == 0
    assert Mailbox.objects.get().trouble == "メールサーバーにつながりませんでした。"


def test_the_password_is_sealed_and_goes_to_no_other_server(town: Town, server: FakeImap) -> None:
    assert "secret" not in connected(town, server).password_sealed
    connected(town, server, password="")
    with pytest.raises(DomainError):
        connected(town, server, password="", host="elsewhere.example.jp")


def test_an_address_inside_the_house_is_refused_until_somebody_names_it(town: Town) -> None:
    with pytest.raises(DomainError) as raised:
        connect_mailbox(actor=town.administrator, host="169.254.169.254", port=993, username="x", password="x")
    assert raised.value.field == "host"


def test_a_japanese_folder_has_its_own_spelling() -> None:
    assert mailboxes._quoted("相談 & 箱") == '"&dviKxw- &- &e7E-"'
