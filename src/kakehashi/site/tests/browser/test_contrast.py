"""A text that hardly stands out is found, however many of its kind were weighed before it."""

import pytest

pytestmark = pytest.mark.browser

_WORDS = "document.querySelector('main').insertAdjacentHTML('beforeend', '<p id=\"told\"><b>お知らせ</b></p>')"
_LETTER = "document.querySelector('main').insertAdjacentHTML('beforeend', '<p id=\"one\"><b>人</b></p>')"


@pytest.mark.parametrize(
    "change",
    [
        "document.querySelector('#told b').style.color = '#bbb'",
        "document.querySelector('#told').style.backgroundColor = '#555'",
        "document.querySelector('#told').style.opacity = '0.3'",
    ],
)
def test_what_changed_since_it_passed_is_weighed_again(served, page_at, axe, change):
    page = page_at(390)
    page.goto(served.address("/"))
    page.evaluate(_WORDS)
    axe(page)
    page.evaluate(change)
    with pytest.raises(AssertionError, match="color-contrast"):
        axe(page)


def test_one_letter_does_not_answer_for_a_word(served, page_at, axe):
    page = page_at(390)
    page.goto(served.address("/"))
    page.evaluate(_LETTER)
    page.evaluate("document.querySelector('#one b').style.color = '#bbb'")
    axe(page)
    page.evaluate(_WORDS)
    page.evaluate("document.querySelector('#told b').style.color = '#bbb'")
    with pytest.raises(AssertionError, match="color-contrast"):
        axe(page)
