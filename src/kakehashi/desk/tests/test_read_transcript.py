"""A pasted chat becomes turns: who, when, what. No line is lost, whatever is pasted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.desk.domain.transcripts import read_transcript

LINE = "2026/11/20(金)\n10:05\t山田 花子\t鍵の貸出簿の件です\n10:06\t佐藤\tどうしました？\n10:07\t山田 花子\t三回書いています\n表にも"
TEAMS = "[2026/11/20 10:05] 山田 花子: 鍵の貸出簿の件です\n[2026/11/20 10:06] 佐藤: どうしました？\n[2026/11/20 10:07] 山田 花子: 三回書いています\n表にも"
SLACK = (
    "山田 花子 [10:05]\n鍵の貸出簿の件です\n佐藤 [10:06]\nどうしました？\n山田 花子 [10:07]\n三回書いています\n表にも"
)
BARE = "山田 花子：鍵の貸出簿の件です\n佐藤：どうしました？\n山田 花子：三回書いています\n表にも"


@pytest.mark.parametrize("paste", [LINE, TEAMS, SLACK, BARE])
def test_every_common_shape_gives_the_same_turns(paste: str) -> None:
    turns = read_transcript(paste)
    assert [(turn.who, turn.text) for turn in turns] == [
        ("山田 花子", "鍵の貸出簿の件です"),
        ("佐藤", "どうしました？"),
        ("山田 花子", "三回書いています\n表にも"),
    ]


@pytest.mark.parametrize("paste", [LINE, TEAMS])
def test_the_moment_is_known_where_the_paste_says_it(paste: str) -> None:
    moment = read_transcript(paste)[0].moment
    assert moment is not None
    assert moment.isoformat() == "2026-11-20T10:05:00"


def test_a_paste_in_no_known_shape_is_one_turn() -> None:
    assert [(t.who, t.text) for t in read_transcript("困っています\nとても")] == [("", "困っています\nとても")]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["山田: はい", "10:05\t佐藤\t語", "2026/11/20", "x", "", "語: a: b", "http://a/b"]), max_size=12
    )
)
def test_no_word_is_lost(lines: list[str]) -> None:
    kept = "".join(turn.text for turn in read_transcript("\n".join(lines)))
    for word in ("はい", "x", "a: b"):
        assert kept.count(word) >= sum(word in line.replace("2026/11/20", "") for line in lines if word in line)
