"""Nothing typed is lost: a form of staff that comes after the session is over, or with an old token, waits for its own writer."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kakehashi.approvals.testing import with_rules
from kakehashi.cases.testing import sample_case
from kakehashi.desk.models import Consultation
from kakehashi.eforms.services import create_form
from kakehashi.eforms.testing import WHOLE
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.adapters.kept_forms import COOKIE
from kakehashi.people.models import CacheEntry
from kakehashi.people.testing import PASSWORD, sign_in
from kakehashi.procedures.testing import a_procedure

WORDS = "窓口で同じ書類を三度書いてもらっている"
ORIGIN = {"origin": "http://testserver"}


class Forms(HTMLParser):
    """The forms of a page: where each goes and what its fields hold."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.found.append((given.get("action") or "", {}))
        elif tag in {"input", "textarea"} and self.found and given.get("name") and given.get("type") != "file":
            self.found[-1][1].setdefault(given["name"], given.get("value") or "")


def form_with(page, field):
    return next(form for form in Forms(page.content.decode()).found if field in form[1])


@pytest.fixture
def browser(cast):
    """A browser that sends what browsers send, with the clerk signed in."""
    return sign_in(Client(enforce_csrf_checks=True, headers=ORIGIN), cast.hibari.clerk)


def filled(browser):
    """The form of a new consultation with its five answers, as the page gives it."""
    page = browser.get("/hibari/staff/desk/new/")
    _, fields = form_with(page, "consultation_id")
    del fields["manager_knows"]
    return fields | {
        "task": "公民館の使用受付",
        "problem": WORDS,
        "frequency": "monthly",
        "count": "",
        "minutes_each": "",
    }


def comes_back(browser, answer, email="clerk@hibari.example"):
    """Sign in at the page that the answer leads to, and open what comes after it."""
    page = browser.get(answer.url)
    assert "預かっています" in page.content.decode()
    _, fields = form_with(page, "password")
    page = browser.post(answer.url.partition("?")[0], fields | {"login": email, "password": PASSWORD})
    while page.status_code == 302:  # the client's own following takes a way there and back for a loop
        page = browser.get(page.url)
    return page


def send_again(browser, page):
    path, fields = form_with(page, "consultation_id")
    return browser.post(path, fields)


def filed(cast):
    with tenant_scope(cast.hibari.id):
        return Consultation.objects.filter(filed_at__isnull=False).count()


def test_a_form_that_comes_after_the_session_is_over_is_sent_again_by_its_writer(cast, browser):
    fields = filled(browser)
    Session.objects.all().delete()
    answer = browser.post("/hibari/staff/desk/new/", fields)
    assert (answer.status_code, filed(cast)) == (302, 0)
    page = comes_back(browser, answer)
    assert WORDS in page.content.decode()
    assert send_again(browser, page).status_code == 302
    assert filed(cast) == 1
    send_again(browser, page)
    assert filed(cast) == 1, "a second press files nothing"


def test_somebody_else_who_signs_in_there_sees_nothing_of_it(cast, browser):
    fields = filled(browser)
    Session.objects.all().delete()
    answer = browser.post("/hibari/staff/desk/new/", fields)
    page = comes_back(browser, answer, "manager@hibari.example")
    assert WORDS not in page.content.decode()
    assert "書いた人が" in page.content.decode()


def test_neither_the_database_nor_another_browser_can_read_it(cast, browser):
    fields = filled(browser)
    Session.objects.all().delete()
    where = browser.post("/hibari/staff/desk/new/", fields).url
    kept_id = UUID(re.search(r"kept/([0-9a-f-]{36})", where).group(1))
    assert "三度" not in repr(cache.get(f"kept:{kept_id}"))
    assert WORDS.encode() not in cache.get(f"kept:{kept_id}")
    other = sign_in(Client(), cast.hibari.clerk)
    assert other.get(f"/hibari/staff/people/kept/{kept_id}/").status_code == 302
    cookie = browser.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 3600)
    assert CacheEntry.objects.filter(cache_key__contains="kept:").count() == 1


def test_a_new_token_after_signing_in_elsewhere_shows_the_form_again(cast, browser):
    fields = filled(browser)
    browser.cookies["csrftoken"] = "a" * 32
    page = browser.post("/hibari/staff/desk/new/", fields)
    assert (page.status_code, filed(cast)) == (403, 0)
    assert WORDS in page.content.decode()
    assert send_again(browser, page).status_code == 302
    assert filed(cast) == 1


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"origin": ""}])
def test_a_page_of_a_stranger_cannot_have_its_words_repeated(cast, browser, headers):
    fields = filled(browser)
    browser.cookies["csrftoken"] = "a" * 32
    page = browser.post("/hibari/staff/desk/new/", fields, headers=headers)
    assert page.status_code == 403
    assert WORDS not in page.content.decode()


def test_an_old_page_of_a_colleague_is_not_shown_to_who_sits_there_now(cast, browser):
    fields = filled(browser)
    sign_in(browser, cast.hibari.manager)
    browser.cookies["csrftoken"] = "a" * 32
    assert WORDS not in browser.post("/hibari/staff/desk/new/", fields).content.decode()


def test_a_form_nobody_drew_is_not_kept(cast):
    stranger = Client(headers=ORIGIN)
    for mark in ("", "forged", "W10:1:x"):
        answer = stranger.post("/hibari/staff/desk/new/", {"_typed_by": mark, "title": WORDS})
        assert answer.url == "/hibari/accounts/login/?next=/hibari/staff/desk/new/"
    assert COOKIE not in stranger.cookies


def test_files_too_large_to_be_held_are_named_and_asked_for_again_and_passwords_are_left_out(
    cast, browser, monkeypatch
):
    _, fields = form_with(browser.get("/hibari/staff/desk/new/"), "consultation_id")
    Session.objects.all().delete()
    file = SimpleUploadedFile("見取図.pdf", b"%PDF-1.7", "application/pdf")
    monkeypatch.setattr("kakehashi.kernel.kept_files.MOST_BYTES", 4)
    answer = browser.post("/hibari/staff/desk/new/", fields | {"password": "hunter2hunter2", "files": file, "a": WORDS})
    page = comes_back(browser, answer).content.decode()
    assert "見取図.pdf" in page
    assert "添付ファイルは残っていません" in page
    assert 'type="file" name="files"' in page
    assert 'enctype="multipart/form-data"' in page
    assert "hunter2hunter2" not in page
    assert "パスワードや確認コードは残していません" in page


def test_it_can_be_thrown_away_and_is_gone_after_an_hour(cast, browser):
    fields = filled(browser)
    Session.objects.all().delete()
    page = comes_back(browser, browser.post("/hibari/staff/desk/new/", fields))
    where = page.request["PATH_INFO"]
    _, hidden = Forms(page.content.decode()).found[-1]
    browser.post(where, hidden)
    assert browser.get(where).status_code == 302


def test_a_refused_page_shows_what_was_typed(cast, browser):
    fields = filled(browser)
    page = browser.post("/hibari/staff/people/roles/", fields)
    assert page.status_code == 403
    assert WORDS in page.content.decode()


def test_a_part_of_a_page_never_becomes_the_sign_in(cast, browser):
    fields = filled(browser)
    Session.objects.all().delete()
    part = browser.post("/hibari/staff/desk/similar/", fields, headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "<form" not in part.content.decode()


def test_when_the_network_changed_the_form_waits_behind_the_second_factor(cast, browser):
    fields = filled(browser)
    answer = browser.post("/hibari/staff/desk/new/", fields, REMOTE_ADDR="203.0.113.9")
    assert answer.url.startswith("/hibari/staff/people/second-factor/?next=%2Fhibari%2Fstaff%2Fpeople%2Fkept%2F")
    assert COOKIE in browser.cookies


EVERY = ("/desk/new/", "/approvals/new/", "/procedures/inventory/new/", "/people/absence/", "/cases/")


@pytest.mark.parametrize("path", EVERY)
def test_every_form_of_staff_carries_the_mark_of_its_writer(cast, client_for, path):
    page = client_for(cast.hibari.administrator).get(f"/staff{path}")
    forms = [fields for _, fields in Forms(page.content.decode()).found if "csrfmiddlewaretoken" in fields]
    assert page.status_code == 200
    assert [fields for fields in forms if "_typed_by" not in fields] == []
    assert forms


def case_page(town):
    return f"/cases/{sample_case(town).id}/", "body"


def procedure_page(town):
    return f"/procedures/inventory/{a_procedure(town.officer).id}/edit/", "name"


def editor_page(town):
    form = create_form(
        actor=town.officer, title="試しの様式", owner_kind="eforms.test", owner_id=uuid7(), definition=WHOLE
    )
    return f"/eforms/{form.id}/", "words"


def proposal_page(town):
    with_rules(town)
    return "/approvals/new/", "subject"


PAGES = [(case_page, "clerk"), (procedure_page, "officer"), (editor_page, "officer"), (proposal_page, "clerk")]


@pytest.mark.parametrize(("place", "who"), PAGES)
def test_the_long_forms_of_staff_wait_and_are_sent_again(cast, place, who):
    browser = sign_in(Client(enforce_csrf_checks=True, headers=ORIGIN), getattr(cast.hibari, who))
    with tenant_scope(cast.hibari.id):
        path, field = place(cast.hibari)
    page = browser.get(f"/hibari/staff{path}")
    action, fields = form_with(page, field)
    Session.objects.all().delete()
    answer = browser.post(action or f"/hibari/staff{path}", fields | {field: WORDS, "type": "text"})
    back = comes_back(browser, answer, f"{who}@hibari.example")
    assert WORDS in back.content.decode()
    again, kept = form_with(back, field)
    assert again == (action or f"/hibari/staff{path}")
    done = browser.post(again, kept)
    assert done.status_code in {302, 422}
    assert done.status_code == 302 or WORDS in done.content.decode()
