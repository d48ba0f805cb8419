"""Keys of the API: shown once, kept as a digest, made and taken back with open administrator power only."""

from datetime import timedelta

import pytest

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.people.models import ApiToken
from kakehashi.people.services import issue_api_token, revoke_api_token
from kakehashi.people.testing import open_power, powerful

MAY = "procedures.application:read"
PAGE = "/staff/people/tokens/"


def issue(actor, **others):
    values = {"name": "収納", "permissions": [MAY], "valid_to": clock.today() + timedelta(days=30)} | others
    return issue_api_token(actor=actor, **values)


def test_only_a_digest_is_kept(town):
    token, text = issue(powerful(town.administrator))
    assert text.startswith("kkh_")
    assert text not in str(ApiToken.objects.filter(id=token.id).values())
    event = Event.objects.get(code="people.token.issued")
    assert text not in str(event.payload)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"permissions": []}, "permissions"),
        ({"permissions": ["desk.nothing:do"]}, "permissions"),
        ({"valid_to": clock.today() - timedelta(days=1)}, "valid_to"),
        ({"valid_to": clock.today() + timedelta(days=400)}, "valid_to"),
    ],
)
def test_bad_input_is_named(town, wrong, field):
    with pytest.raises(DomainError) as refused:
        issue(powerful(town.administrator), **wrong)
    assert refused.value.field == field


def test_power_must_be_open(town):
    with pytest.raises(PermissionRefused):
        issue(town.administrator)
    with pytest.raises(PermissionRefused):
        issue(powerful(town.clerk))


def test_a_key_is_taken_back_once(town):
    token, _ = issue(powerful(town.administrator))
    revoke_api_token(actor=powerful(town.administrator), token=token)
    with pytest.raises(Stale):
        revoke_api_token(actor=powerful(town.administrator), token=token)


def test_the_page_shows_the_key_once(cast, client_for):
    client = client_for(cast.hibari.administrator)
    open_power(client, cast.hibari.administrator)
    form = {"name": "収納", "permissions": [MAY], "valid_to": (clock.today() + timedelta(days=30)).isoformat()}
    assert "kkh_" in client.post(PAGE, form).content.decode()
    page = client.get(PAGE).content.decode()
    assert "kkh_" not in page
    assert "収納" in page
    # What the service refuses is said before it is refused.
    assert "今日から1年以内です" in page
    assert "申請と手続だけを扱えます" in page
    assert client.post(PAGE, form | {"permissions": []}).status_code == 422


def test_without_power_the_page_asks_for_it(cast, client_for):
    answer = client_for(cast.hibari.administrator).post(PAGE, {"name": "x"})
    assert answer.status_code == 302
    assert "administration" in answer.url
