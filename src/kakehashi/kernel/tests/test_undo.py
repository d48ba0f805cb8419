"""「元に戻す」 only ever leads to a page of this site."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from kakehashi.kernel.undo import confirm_with_undo


@pytest.fixture
def request_with_messages():
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)
    return request


def test_the_way_back_travels_with_the_words(request_with_messages):
    confirm_with_undo(request_with_messages, "担当を変えました。", "/hibari/staff/cases/undo/")
    [message] = list(get_messages(request_with_messages))
    assert message.extra_tags == "undo:/hibari/staff/cases/undo/"


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", ""])
def test_another_site_is_refused(request_with_messages, path):
    with pytest.raises(ValueError, match="path of this site"):
        confirm_with_undo(request_with_messages, "x", path)
