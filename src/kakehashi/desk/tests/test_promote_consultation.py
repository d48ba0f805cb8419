"""promote_consultation: one thing of another room."""

from __future__ import annotations

import pytest

from kakehashi.desk.hooks import Promotion, register_promotion
from kakehashi.desk.services import (
    promote_consultation,
)
from kakehashi.desk.testing import ANSWERS, with_purpose
from kakehashi.kernel.registry import DuplicateKey
from kakehashi.people.testing import Town


def test_a_promotion_makes_one_thing(town: Town) -> None:
    made: list[str] = []
    try:
        register_promotion(
            "desk.test",
            Promotion("試験", "試す", "desk.consultation:support", lambda _actor, c: made.append(c.task) or "/x/"),
        )
    except DuplicateKey:
        pytest.skip("registered by an earlier test of this process")
    consultation = with_purpose(town)
    for _ in range(2):
        assert promote_consultation(actor=town.officer, consultation=consultation, kind="desk.test") == "/x/"
    assert made == [ANSWERS["task"]]
