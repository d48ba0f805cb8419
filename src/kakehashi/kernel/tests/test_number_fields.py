"""Whole numbers as they are typed."""

import pytest
from django.core.exceptions import ValidationError

from kakehashi.kernel.number_fields import WholeNumberField


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("１，２００円", 1200),
        ("1,200", 1200),
        ("¥ 300", 300),
        ("￥３００", 300),
        ("", None),
        ("0", 0),
        (" ４０ 件", 40),
    ],
)
def test_what_people_type_is_read(typed: str, number: int | None) -> None:
    assert WholeNumberField(required=False).clean(typed) == number


@pytest.mark.parametrize("typed", ["千円", "1.5", "-", "1e3"])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        WholeNumberField(required=False).clean(typed)


def test_the_browser_keeps_what_is_typed() -> None:
    html = WholeNumberField().widget.render("n", "１")
    assert 'type="text"' in html
    assert "１" in html
