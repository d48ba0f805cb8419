"""Escaping for LDAP: typed text never becomes syntax."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.people.adapters.directory import load_ldap3
from kakehashi.people.domain.ldap_names import escape_dn, escape_filter, search_filter

LDAP = load_ldap3()


def test_the_injection_of_the_textbook_finds_nothing() -> None:
    found = search_filter("(&(objectClass=user)(sAMAccountName={username}))", "*)(uid=*))(|(uid=*")
    assert found == r"(&(objectClass=user)(sAMAccountName=\2a\29\28uid=\2a\29\29\28|\28uid=\2a))"


def test_japanese_names_are_written_as_bytes() -> None:
    assert escape_filter("田") == r"\e7\94\b0"


def test_a_filter_without_its_placeholder_is_refused() -> None:
    with pytest.raises(ValueError, match="username"):
        search_filter("(uid=*)", "tanaka")


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_ascii_agrees_with_the_library(value: str) -> None:
    assert escape_filter(value) == LDAP.utils.conv.escape_filter_chars(value)


@given(st.text(max_size=60))
def test_no_special_character_survives(value: str) -> None:
    escaped = escape_filter(value)
    assert escaped.isascii()
    assert not set(escaped) & set("*()\x00")


@given(st.text(alphabet=st.sampled_from('ab ,+"\\<>;=#'), min_size=1, max_size=20))
def test_an_escaped_value_stays_one_value(value: str) -> None:
    assert len(LDAP.utils.dn.parse_dn(f"cn={escape_dn(value)},dc=example")) == 2
