"""Every page that a link leads to, from the staff's and the residents' first page: found by following links, so that a page
somebody adds tomorrow is looked at too. At 390 and 1280 px: axe, 400 % zoom, one h1, one primary button at most.
"""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
_FILES = re.compile(r"/sample/$|format=|export|download|template/|\.csv|\.xlsx|\.py|\.zip|/take-home/")
# One call for all of it: the driver's own locators bring a large script to every page.
_TOLD = """() => ({
  'h1': document.querySelectorAll('h1').length,
  'primary button': [...document.querySelectorAll('[data-type=solid-fill]')]
    .filter(one => one.getClientRects().length && one.checkVisibility({visibilityProperty: true})).length,
  'links': [...document.querySelectorAll('a[href]:not([download])')].map(a => a.href.split('#')[0]),
})"""


def shape(url):
    """An address without what differs from one row to the next."""
    parts = urlsplit(url)
    names = sorted(pair.split("=")[0] for pair in parts.query.split("&") if pair)
    return _ID.sub("…", parts.path) + ("?" + "&".join(names) if names else "")


def visit(page, url, look):
    """What is wrong with a page, and where its links lead."""
    answer = page.goto(url)
    if answer is None or answer.status != 200:
        return [f"answers {answer and answer.status}"], []
    wrong = []
    try:
        look(page)
    except AssertionError as error:
        wrong.append(str(error))
    told = page.evaluate(_TOLD)
    if told["h1"] != 1:
        wrong.append(f"{told['h1']} × h1")
    if told["primary button"] > 1:
        wrong.append(f"{told['primary button']} × primary button")
    return wrong, told["links"]


def walk(page, start, inside, look):
    """Follow links breadth first to the last; return what is wrong by address and how many pages were seen."""
    waiting, seen, wrong = deque([start]), set(), {}
    while waiting:
        url = waiting.popleft()
        if shape(url) in seen or not url.startswith(inside) or _FILES.search(url):
            continue
        seen.add(shape(url))
        found, links = visit(page, url, look)
        if found:
            wrong[shape(url)] = found
        waiting += links
    return wrong, len(seen)


def test_every_staff_page(served, page_at, every_width):
    page = page_at(1280, who=served.cast.hibari.administrator)
    wrong, count = walk(page, served.address("/staff/"), served.address("/staff/"), every_width)
    assert wrong == {}
    assert count > 200


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en"])
def test_every_resident_page(served, page_at, every_width, check, language):
    page = page_at(390, language=language)
    wrong, _ = walk(page, served.address("/"), served.address("/"), every_width if language == "ja" else check)
    assert wrong == {}


def test_every_public_page(served, page_at, every_width):
    page = page_at(1280)
    for path in ("/", "/accounts/login/", "/accounts/password/reset/"):
        assert visit(page, served.url + path, every_width)[0] == [], path
