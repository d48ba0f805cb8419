"""Nothing uploaded is lost: the files of a form that was refused, or that came after the session was over, come back with it."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kakehashi.files.models import StoredFile
from kakehashi.files.testing import PDF
from kakehashi.kernel.kept_files import MOST_BYTES
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import PASSWORD, sign_in

PAGE = "/hibari/staff/records/receipts/new/"
LETTER = {"title": "照会", "sender": "県庁", "received_on": "2026-11-20", "way": "post", "confidentiality": "ordinary"}


@pytest.fixture
def browser(cast):
    return sign_in(Client(headers={"origin": "http://testserver"}), cast.hibari.clerk)


def hidden(page, name):
    return re.findall(rf'name="{name}" value="([^"]+)"', page.content.decode())


def paper(name="照会.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def letter(cast, **changes):
    return LETTER | {"department": str(cast.hibari.department.id)} | changes


def kept_names(cast):
    with tenant_scope(cast.hibari.id):
        return sorted(StoredFile.objects.values_list("name", flat=True))


def refused(cast, browser, **changes):
    page = browser.post(PAGE, letter(cast, sender="", files=paper()) | changes)
    assert page.status_code == 422
    return page


def test_a_refused_form_shows_the_chosen_file_and_takes_it_the_next_time(cast, browser):
    page = refused(cast, browser)
    assert "選択済み：照会.pdf" in page.content.decode()
    assert kept_names(cast) == []
    done = browser.post(PAGE, letter(cast, _kept_files=hidden(page, "_kept_files")))
    assert done.status_code == 302
    assert kept_names(cast) == ["照会.pdf"]
    assert "照会.pdf" in browser.get(done.url).content.decode()


def test_another_choice_takes_its_place_and_a_tick_lets_it_go(cast, browser):
    held = hidden(refused(cast, browser), "_kept_files")
    browser.post(PAGE, letter(cast, _kept_files=held, files=paper("正しい.pdf")))
    assert kept_names(cast) == ["正しい.pdf"]
    assert browser.post(PAGE, letter(cast, title="次の照会", _kept_files=held, _drop_files="files")).status_code == 302
    assert kept_names(cast) == ["正しい.pdf"]


def test_refused_twice_it_is_still_there(cast, browser):
    held = hidden(refused(cast, browser), "_kept_files")
    again = browser.post(PAGE, letter(cast, sender="", _kept_files=held))
    assert "選択済み：照会.pdf" in again.content.decode()


def test_nobody_else_gets_it_and_the_database_cannot_read_it(cast, browser):
    [held] = hidden(refused(cast, browser), "_kept_files")
    assert b"PDF" not in cache.get(f"kept-files:{held}")
    colleague = sign_in(Client(), cast.hibari.manager)
    colleague.cookies["kakehashi_kept"] = browser.cookies["kakehashi_kept"].value
    assert colleague.post(PAGE, letter(cast, _kept_files=held)).status_code == 302
    elsewhere = sign_in(Client(), cast.hibari.clerk)
    assert elsewhere.post(PAGE, letter(cast, title="別の照会", _kept_files=held)).status_code == 302
    assert kept_names(cast) == []


def test_what_comes_back_passes_the_door_like_any_upload(cast, browser):
    page = refused(cast, browser, files=paper("図.pdf", b"<svg onload='alert(1)'/>"))
    again = browser.post(PAGE, letter(cast, _kept_files=hidden(page, "_kept_files")))
    assert (again.status_code, kept_names(cast)) == (422, [])
    assert "error-text" in again.content.decode()


def test_what_is_too_large_to_be_held_is_not_and_only_a_few_forms_of_one_person_are(cast, browser):
    page = refused(cast, browser, files=paper("大.pdf", PDF + bytes(MOST_BYTES)))
    assert hidden(page, "_kept_files") == []
    held = [hidden(refused(cast, browser), "_kept_files")[0] for _ in range(7)]
    assert [cache.get(f"kept-files:{one}") is not None for one in held] == [False] * 2 + [True] * 5


def test_files_that_came_in_parts_stay_in_the_form(cast, browser):
    page = refused(cast, browser, **{"files.uploaded": ["a-receipt"]})
    assert hidden(page, "files.uploaded") == ["a-receipt"]


def test_after_the_session_is_over_the_file_comes_back_with_the_words(cast, browser):
    mark = hidden(browser.get(PAGE), "_typed_by")[0]
    Session.objects.all().delete()
    answer = browser.post(PAGE, letter(cast, _typed_by=mark, files=paper()))
    page = browser.get(answer.url)
    signed = browser.post(
        answer.url.partition("?")[0],
        {"login": "clerk@hibari.example", "password": PASSWORD, "next": hidden(page, "next")[0]},
    )
    while signed.status_code == 302:
        signed = browser.get(signed.url)
    text = signed.content.decode()
    assert "添付ファイルも預かっています" in text
    assert "もう一度選んで" not in text
    assert browser.post(PAGE, letter(cast, _kept_files=hidden(signed, "_kept_files"))).status_code == 302
    assert kept_names(cast) == ["照会.pdf"]
