"""Codes by mail: asking reveals nothing, tries are counted, a code works once."""

from __future__ import annotations

import re
import threading

import pytest
from django.conf import settings
from django.db import connection

from kakehashi.kernel import clock
from kakehashi.kernel.sealing import derived_key
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people import tasks
from kakehashi.people.domain.mail_codes import LIFETIME, MAX_ATTEMPTS, derive_code
from kakehashi.people.models import MailCode, MailCodePurpose, Resident
from kakehashi.people.services import confirm_mail_code, confirm_resident, issue_mail_code, send_mail_code
from kakehashi.people.services.residents import SESSION_RESIDENT
from kakehashi.people.testing import two_towns

RETURN = MailCodePurpose.CONFIRM_ADDRESS


def digits_of(code: MailCode) -> str:
    return derive_code(derived_key(settings.SECRET_KEY, "mail-code"), code.id, bytes(code.nonce))


def wrong_for(code: MailCode) -> str:
    return f"{(int(digits_of(code)) + 1) % 1_000_000:06}"


def confirm(code, typed, purpose=RETURN):
    return confirm_mail_code(mail_code_id=code.id, typed=typed, purpose=purpose)


@pytest.fixture
def code(town):
    return issue_mail_code(email="Taro@Example.jp", purpose=RETURN, context="990019-X")


def test_the_mail_holds_the_digits_and_the_database_does_not(code, mailoutbox):
    assert send_mail_code(mail_code_id=code.id)
    assert re.search(r"\d{6}", mailoutbox[0].body).group() == digits_of(code)
    assert mailoutbox[0].to == ["taro@example.jp"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(people_mailcode)::text FROM people_mailcode")
        assert digits_of(code) not in cursor.fetchone()[0]


def test_the_worker_mails_what_was_queued(town, mailoutbox):
    from procrastinate.contrib.django.models import ProcrastinateJob

    code = issue_mail_code(email="taro@example.jp", purpose=RETURN)
    job = ProcrastinateJob.objects.get(task_name="people.send_mail_code")
    assert job.args == {"government_id": str(town.id), "mail_code_id": str(code.id)}
    tasks.send_mail_code(government_id=town.id, mail_code_id=job.args["mail_code_id"])
    assert len(mailoutbox) == 1


def test_a_code_is_mailed_once_and_a_decoy_never(code, town, mailoutbox):
    send_mail_code(mail_code_id=code.id)
    assert not send_mail_code(mail_code_id=code.id)
    decoy = issue_mail_code(email="nobody@example.jp", purpose=RETURN, is_decoy=True)
    assert not send_mail_code(mail_code_id=decoy.id)
    assert len(mailoutbox) == 1


def test_a_right_code_works_once_for_its_own_purpose(code):
    assert confirm(code, digits_of(code), MailCodePurpose.SECOND_FACTOR) is None
    assert confirm(code, digits_of(code)) is not None
    assert confirm(code, digits_of(code)) is None


def test_the_sixth_try_is_refused_even_when_it_is_right(code):
    for _ in range(MAX_ATTEMPTS):
        assert confirm(code, wrong_for(code)) is None
    assert confirm(code, digits_of(code)) is None


def test_a_code_expires(code):
    with clock.frozen(code.created_at + LIFETIME):
        assert confirm(code, digits_of(code)) is None
        assert not send_mail_code(mail_code_id=code.id)


def test_a_mailbox_is_spared_after_five_codes(town):
    with clock.frozen(clock.now()):
        codes = [issue_mail_code(email="taro@example.jp", purpose=RETURN) for _ in range(6)]
    assert [code.is_decoy for code in codes] == [False] * 5 + [True]


@pytest.mark.parametrize("forged", [None, "", "x", "00000000-0000-7000-8000-000000000000"])
def test_a_forged_id_is_nobody(town, forged):
    if forged == "x":
        forged = "00000000-0000-7000-8000-00000000000f"
    assert confirm_mail_code(mail_code_id=forged, typed="123456", purpose=RETURN) is None


def test_a_code_of_the_neighbour_opens_nothing_here(cast):
    with tenant_scope(cast.hibari.id):
        code = issue_mail_code(email="taro@example.jp", purpose=RETURN)
        digits = digits_of(code)
    with tenant_scope(cast.misaki.id):
        assert confirm(code, digits) is None


def test_only_a_confirmed_code_makes_a_resident(code):
    with pytest.raises(ValueError, match="confirmed"):
        confirm_resident(mail_code=code)
    resident = confirm_resident(mail_code=confirm(code, digits_of(code)))
    assert resident.email == "taro@example.jp"


def test_parallel_guesses_share_no_try(swept_database):
    cast = two_towns(settings.ROOMS)
    with tenant_scope(cast.hibari.id):
        code = issue_mail_code(email="taro@example.jp", purpose=RETURN)
        wrong = wrong_for(code)

    def guess() -> None:
        with tenant_scope(cast.hibari.id):
            confirm(code, wrong)
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(cast.hibari.id):
        assert MailCode.objects.get(id=code.id).attempts == 4


def test_an_address_is_confirmed_and_the_resident_signed_in_under_a_new_key(cast, client_for):
    client = client_for(cast.hibari)
    client.post(
        "/people/address/?next=/hibari/people/address/", {"email": "hana@example.jp", "next": "/hibari/people/address/"}
    )
    before = client.session.session_key
    with tenant_scope(cast.hibari.id):
        code = MailCode.objects.get()
    answer = client.post("/people/code/", {"code": digits_of(code)})
    assert answer.url == "/hibari/people/address/"
    assert client.session.session_key != before
    with tenant_scope(cast.hibari.id):
        assert Resident.objects.filter(email="hana@example.jp", confirmed_at__isnull=False).exists()
    client.slug = "misaki"
    assert client.get("/people/code/").status_code == 302


def test_wrong_digits_are_told_and_kept(cast, client_for):
    client = client_for(cast.hibari)
    client.post("/people/address/", {"email": "hana@example.jp"})
    with tenant_scope(cast.hibari.id):
        code = MailCode.objects.get()
    answer = client.post("/people/code/", {"code": wrong_for(code)})
    assert answer.status_code == 422
    assert wrong_for(code) in answer.content.decode()
    assert SESSION_RESIDENT not in client.session


def test_a_next_page_on_another_host_is_not_followed(cast, client_for):
    client = client_for(cast.hibari)
    client.post("/people/address/", {"email": "hana@example.jp", "next": "https://evil.example/"})
    with tenant_scope(cast.hibari.id):
        code = MailCode.objects.get()
    assert "evil" not in client.post("/people/code/", {"code": digits_of(code)}).url
