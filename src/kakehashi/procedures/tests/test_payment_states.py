"""What a provider's word changes: in every order, however often."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.procedures.domain.payments import PaymentState, Told, after_told, make_reference

WORDS = st.lists(st.sampled_from(list(Told)), max_size=8)


def told(words: list[Told], state: PaymentState = PaymentState.REQUESTED) -> PaymentState:
    for word in words:
        state = after_told(state, word)
    return state


@given(WORDS, WORDS)
def test_money_that_came_is_never_forgotten(before: list[Told], after: list[Told]) -> None:
    assert told([*before, Told.PAID, *after]) in {PaymentState.PAID, PaymentState.REFUNDED}


@given(WORDS)
def test_nothing_is_given_back_that_never_came(words: list[Told]) -> None:
    if Told.PAID not in words:
        assert told(words) not in {PaymentState.PAID, PaymentState.REFUNDED}


@given(WORDS)
def test_a_repeated_word_says_nothing_new(words: list[Told]) -> None:
    for word in words:
        once = after_told(told(words), word)
        assert after_told(once, word) is once


def test_references_differ_and_fit_every_provider() -> None:
    first, second = make_reference(), make_reference()
    assert first != second
    assert len(first) <= 27
    assert first.isalnum()
