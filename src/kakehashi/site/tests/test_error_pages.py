"""Every error page says what happened and what to do, in Japanese, with the security headers."""

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.test import Client, RequestFactory

from kakehashi.kernel.error_pages import ErrorPagesMiddleware, bad_request, error_page
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused, Stale


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500])
def test_page_says_what_to_do(status):
    answer = error_page(RequestFactory().get("/"), status)
    page = answer.content.decode()
    assert answer.status_code == status
    assert "次にすること" in page


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PermissionRefused("a.b:c"), 403),
        (NotFound(), 404),
        (Stale(), 409),
        (DomainError("日付を確かめてください。"), 422),
    ],
)
def test_errors_of_services_become_pages(error, status):
    answer = ErrorPagesMiddleware(lambda request: None).process_exception(RequestFactory().get("/"), error)
    assert answer.status_code == status


def test_a_fault_of_ours_is_not_hidden():
    assert ErrorPagesMiddleware(lambda request: None).process_exception(RequestFactory().get("/"), ValueError()) is None


def test_the_sentence_of_the_rule_is_shown():
    request = RequestFactory().post("/x")
    page = error_page(request, 422, message="日付を確かめてください。").content.decode()
    assert "日付を確かめてください。" in page


def test_a_body_over_the_limit_is_told_apart():
    request = RequestFactory().post("/x")
    assert bad_request(request, RequestDataTooBig()).status_code == 413
    assert bad_request(request, SuspiciousOperation()).status_code == 400


@pytest.mark.django_db
def test_unknown_address_gives_our_page():
    answer = Client().get("/nowhere/at/all/")
    assert answer.status_code == 404
    assert "ページが見つかりません" in answer.content.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_opening_a_button_by_address_is_explained(cast):
    answer = Client().get("/hibari/language/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "このページは直接開けません" in answer.content.decode()
