"""LDAP: the real adapter over a directory in memory."""

from __future__ import annotations

import pytest

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.adapters.directory import DirectoryUnavailable
from kakehashi.people.models import Person, StaffDirectory
from kakehashi.people.selectors import sessions_of
from kakehashi.people.testing.fake_directory import PEOPLE, SETTINGS, FakeDirectory
from kakehashi.people.views import signin

TANAKA = PEOPLE["tanaka"]["userPassword"]


def test_a_right_password_gives_the_person():
    found = FakeDirectory().authenticate("tanaka", TANAKA)
    assert found is not None
    assert (found.email, found.staff_number) == ("clerk@hibari.example", "1001")


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("tanaka", "wrong"),
        ("tanaka", ""),
        ("", TANAKA),
        ("nobody", TANAKA),
        ("*", TANAKA),
        ("tanaka)(uid=*", TANAKA),
        ("tan*", TANAKA),
        ("tanaka\x00", TANAKA),
    ],
)
def test_anything_else_gives_nobody(username, password):
    assert FakeDirectory().authenticate(username, password) is None


def test_a_refused_service_account_is_the_directorys_fault_not_the_persons():
    from dataclasses import replace

    with pytest.raises(DirectoryUnavailable):
        FakeDirectory(replace(SETTINGS, bind_password="old")).authenticate("tanaka", TANAKA)


@pytest.fixture
def registered(cast, monkeypatch):
    with tenant_scope(cast.hibari.id):
        StaffDirectory.objects.create(name="庁内の名簿", url=SETTINGS.url, base_dn=SETTINGS.base_dn)
    monkeypatch.setattr(signin, "directory_of", lambda row: FakeDirectory())


def post(client, username, password):
    return client.post("/accounts/directory/", {"username": username, "password": password})


def test_the_directorys_password_opens_the_staff_pages(cast, client_for, registered):
    client = client_for(cast.hibari)
    assert "庁内の名簿" in client.get("/accounts/login/").content.decode()
    assert post(client, "tanaka", TANAKA).status_code == 302
    assert client.get("/staff/people/").status_code == 200
    # It is listed, so that its owner and an administrator can end it.
    with tenant_scope(cast.hibari.id):
        assert len(sessions_of(Person.objects.get(id=cast.hibari.clerk.id))) == 1


def test_a_wrong_password_keeps_the_name_and_opens_nothing(cast, client_for, registered):
    client = client_for(cast.hibari)
    answer = post(client, "tanaka", "wrong")
    assert answer.status_code == 422
    assert 'value="tanaka"' in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_after_too_many_tries_even_the_right_password_is_refused_in_the_same_words(cast, client_for, registered):
    client = client_for(cast.hibari)
    with clock.frozen(clock.now()):  # tries are counted in windows, and one may end at any moment
        wrong = [post(client, "tanaka", "wrong") for _ in range(8)][-1]
        right = post(client, "tanaka", TANAKA)
    assert right.status_code == 422
    assert "利用者名かパスワードが違います" in wrong.content.decode()
    assert "利用者名かパスワードが違います" in right.content.decode()


def test_a_town_without_a_directory_has_no_such_page(cast, client_for, registered):
    assert client_for(cast.misaki).get("/accounts/directory/").status_code == 404
