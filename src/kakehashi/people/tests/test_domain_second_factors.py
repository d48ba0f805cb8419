"""Which factor a network asks for."""

from __future__ import annotations

import pytest

from kakehashi.people.domain.second_factors import (
    DEFAULT_FACTORS,
    Factor,
    NetworkRule,
    factors_for,
    is_satisfied,
    parse_network,
)

RULES = [
    NetworkRule("10.0.0.0/8", frozenset({Factor.MAIL_CODE, Factor.TOTP})),
    NetworkRule("10.20.0.0/16", frozenset()),
    NetworkRule("2001:db8::/32", frozenset({Factor.PASSKEY})),
]


@pytest.mark.parametrize(
    ("address", "factors"),
    [
        ("10.20.3.4", frozenset()),
        ("::ffff:10.20.3.4", frozenset()),
        ("10.9.9.9", frozenset({Factor.MAIL_CODE, Factor.TOTP})),
        ("2001:db8::1", frozenset({Factor.PASSKEY})),
        ("203.0.113.5", DEFAULT_FACTORS),
        ("127.0.0.1", frozenset()),
        ("192.168.1.9", frozenset()),
        ("::1", frozenset()),
        ("", DEFAULT_FACTORS),
        ("not an address", DEFAULT_FACTORS),
    ],
)
def test_the_narrowest_network_speaks(address: str, factors: frozenset[Factor]) -> None:
    assert factors_for(RULES, address) == factors


def test_one_of_the_required_factors_is_enough() -> None:
    assert is_satisfied(frozenset(), [])
    assert is_satisfied(frozenset({Factor.TOTP, Factor.PASSKEY}), [Factor.PASSKEY])
    assert not is_satisfied(frozenset({Factor.PASSKEY}), [Factor.MAIL_CODE])


def test_a_network_is_written_in_one_form() -> None:
    assert parse_network(" 10.20.3.4/16 ") == "10.20.0.0/16"
    with pytest.raises(ValueError, match="does not appear"):
        parse_network("庁内")
