"""Mail codes: derived, forgiving to read, limited in tries and in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.kernel.ids import uuid7
from kakehashi.people.domain.mail_codes import (
    DIGITS,
    LIFETIME,
    MAX_ATTEMPTS,
    Challenge,
    CodeOutcome,
    check_code,
    derive_code,
    tidy_code,
)

SECRET = b"secret of the tests"
NOW = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
CHALLENGE = Challenge(UUID(int=7), b"nonce", NOW)
CODE = derive_code(SECRET, CHALLENGE.id, CHALLENGE.nonce)
WRONG = f"{(int(CODE) + 1) % 10**DIGITS:0{DIGITS}}"


def test_the_right_digits_are_right_until_the_last_moment() -> None:
    assert check_code(SECRET, CHALLENGE, CODE, NOW + LIFETIME - timedelta(seconds=1)) is CodeOutcome.RIGHT
    assert check_code(SECRET, CHALLENGE, CODE, NOW + LIFETIME) is CodeOutcome.EXPIRED


def test_a_wrong_code_a_used_one_and_one_try_too_many() -> None:
    assert check_code(SECRET, CHALLENGE, WRONG, NOW) is CodeOutcome.WRONG
    assert check_code(SECRET, replace(CHALLENGE, used_at=NOW), CODE, NOW) is CodeOutcome.USED
    assert check_code(SECRET, replace(CHALLENGE, attempts=MAX_ATTEMPTS), CODE, NOW) is CodeOutcome.TOO_MANY
    assert check_code(SECRET, replace(CHALLENGE, attempts=MAX_ATTEMPTS - 1), CODE, NOW) is CodeOutcome.RIGHT


def test_no_digits_open_a_decoy() -> None:
    assert check_code(SECRET, replace(CHALLENGE, is_decoy=True), CODE, NOW) is CodeOutcome.WRONG


def test_two_challenges_and_two_secrets_have_different_codes() -> None:
    codes = {derive_code(SECRET, uuid7(), b"nonce") for _ in range(50)}
    assert len(codes) > 45
    assert derive_code(b"another", CHALLENGE.id, CHALLENGE.nonce) != CODE


@pytest.mark.parametrize("typed", ["１２３４５６", "123 456", " 123-456 ", "１２３　４５６"])
def test_full_width_spaces_and_hyphens_are_forgiven(typed: str) -> None:
    assert tidy_code(typed) == "123456"


@given(st.uuids(), st.binary(max_size=32))
def test_every_code_has_six_digits(challenge_id: UUID, nonce: bytes) -> None:
    code = derive_code(SECRET, challenge_id, nonce)
    assert len(code) == DIGITS
    assert code.isdigit()


@given(st.text(max_size=100))
def test_nothing_typed_raises(typed: str) -> None:
    check_code(SECRET, CHALLENGE, typed, NOW)
