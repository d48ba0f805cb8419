"""Who came in, who did not, and what was refused stands in the log, by ids."""

import pytest
from django.core.exceptions import ValidationError

from kakehashi.kernel.security_log import digest_of
from kakehashi.people.adapters.passwords import ContextWordsValidator
from kakehashi.people.models import User
from kakehashi.people.testing import PASSWORD


@pytest.fixture
def told(caplog):
    """The lines of the security log: (event, facts)."""
    caplog.set_level("INFO", logger="kakehashi.security")
    return lambda: [(one.message, one.facts) for one in caplog.records if one.name == "kakehashi.security"]


def test_a_sign_in_and_a_sign_out_are_lines(cast, client, told):
    client.post("/accounts/login/", {"login": "clerk@hibari.example", "password": PASSWORD})
    client.post("/accounts/logout/")
    user = str(User.objects.get(email="clerk@hibari.example").pk)
    assert [(event, facts["user"], facts["address"]) for event, facts in told()] == [
        ("signed in", user, "127.0.0.1"),
        ("signed out", user, "127.0.0.1"),
    ]


def test_a_failed_try_names_nobody_and_can_be_counted(cast, client, told):
    for login in ("clerk@hibari.example", "CLERK@hibari.example "):
        client.post("/accounts/login/", {"login": login, "password": "wrong"})
    events = told()
    assert {event for event, _ in events} == {"sign-in failed"}
    assert {facts["account"] for _, facts in events} == {digest_of("clerk@hibari.example")}
    assert "clerk" not in repr(events)


def test_a_refusal_is_a_line_with_page_and_person(cast, client_for, told):
    client = client_for(cast.hibari.clerk)
    assert client.get("/staff/people/roles/").status_code == 403
    event, facts = told()[-1]
    assert (event, facts["page"], facts["status"]) == ("refused", "people-staff:roles", "403")
    assert facts["user"] == str(User.objects.get(email="clerk@hibari.example").pk)


def test_what_no_page_of_ours_sends_is_a_line(cast, client_for, told):
    client = client_for(cast.hibari.clerk)
    assert (
        client.post("/staff/people/absence/", {f"field_{number}": "金糸雀" for number in range(5000)}).status_code
        == 400
    )
    event, facts = told()[-1]
    assert (event, facts["status"]) == ("refused", "400")
    assert "金糸雀" not in str(facts)


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("kakehashi-2026!", False),
        ("ＨＩＢＡＲＩ町役場１２３４", False),
        ("Password123456", False),
        ("架け橋・令和8年・管理者", False),
        ("kawa-no-soko-no-ishi", True),
        ("kakehashi wo wataru neko", True),
        ("桜の咲くころに裏の山で会おう", True),
    ],
)
def test_words_of_the_house_do_not_count(cast, password, is_good):
    if is_good:
        ContextWordsValidator().validate(password)
        return
    with pytest.raises(ValidationError):
        ContextWordsValidator().validate(password)
