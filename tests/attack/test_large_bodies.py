"""Bodies that are too large are refused before anything is kept, whatever page they are sent to."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory

from kakehashi.kernel import uploads
from kakehashi.people.testing import sign_in
from tests.architecture.test_urls import fill, our_urls

KIND = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
BODY = PART + b"a" * 2000 + b"\r\n--x--\r\n"
# Its body is no form; it is bounded by itself.
BY_ITSELF = {"exchange:call", "procedures:pay-notice"}


def test_no_page_takes_a_body_that_is_too_large(cast, monkeypatch):
    """The check of the form's token, which no page escapes, is the first to read the body. A part of all pages stands for them."""
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    browser, wrong = sign_in(Client(enforce_csrf_checks=True), cast.hibari.administrator), []
    browser.cookies["csrftoken"] = "a" * 32
    pages = [one for one in our_urls() if one[2].access.surface != "machine" and one[0] not in BY_ITSELF]
    for name, route, view in pages[::9]:
        place = fill(route) if view.access.surface == "public" else f"/hibari{fill(route)}"
        answer = browser.post(place, BODY, content_type=KIND, headers={"origin": "http://testserver"})
        if answer.status_code != 413:
            wrong.append((name, answer.status_code))
    assert wrong == []
    assert "大きすぎます" in answer.content.decode()


@pytest.mark.parametrize("announced", [2000, 900])
def test_what_is_announced_is_believed_when_it_is_too_much_and_counted_when_it_is_not(monkeypatch, announced):
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    request = RequestFactory().generic("POST", "/", BODY, content_type=KIND)
    request.META["CONTENT_LENGTH"] = str(announced)
    with pytest.raises(RequestDataTooBig):
        request.FILES  # noqa: B018 - reading it parses the body
