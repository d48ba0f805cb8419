"""What the printers of PDFs do to letters: other dots between words, labels stretched over their cells."""

import pytest

from kakehashi.eforms.domain.papers.pdf_letters import stretched
from kakehashi.eforms.domain.papers.radicals import letter_of


@pytest.mark.parametrize("dot", ["\u2027", "\u2022", "\u2219", "\u22c5", "\uff65", "・"])
def test_every_dot_between_words_is_the_same(dot):
    assert letter_of(dot) == "・"


def letters(*words, size=10.0):
    """Words as (x of the first letter, text, step from letter to letter)."""
    return [
        {"text": letter, "x0": x + step * n, "x1": x + step * n + size, "size": size}
        for x, text, step in words
        for n, letter in enumerate(text)
    ]


def joined_words(line):
    close = stretched(line)
    return "".join(one["text"] + ("" if at in close else " ") for at, one in enumerate(line)).strip()


def test_a_label_stretched_over_its_cell_is_one_word():
    assert joined_words(letters((0, "家屋番号", 30))) == "家屋番号"
    assert joined_words(letters((0, "滅失年月日", 22))) == "滅失年月日"


def test_a_stretched_label_behind_its_number_is_one_word():
    assert joined_words(letters((0, "6", 10), (20, "入場料", 36), (130, "無料", 10))) == "6 入場料 無 料"


@pytest.mark.parametrize(
    "words",
    [
        ((0, "年月日", 30),),
        ((0, "自年月日", 30),),
        ((0, "令和年月日", 25),),
        ((0, "令和", 10), (40, "年月日", 30)),
        ((0, "大昭平", 25),),
        ((0, "月火水木金", 25),),
        ((0, "氏名", 40),),
    ],
)
def test_room_to_write_and_letters_to_circle_stay_apart(words):
    assert stretched(letters(*words)) == set()
