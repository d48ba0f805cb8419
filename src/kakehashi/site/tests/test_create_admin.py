"""The first administrator: person, account, role, and an address to choose the password."""

from typing import Any

import pytest
from click import ClickException

from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Person, RoleGrant
from kakehashi.people.selectors import staff_actor
from kakehashi.site.cli.create_admin import create_administrator

WHO = {"name": "管理 太郎", "email": "kanri@hibari.example"}


def test_the_administrator_may_everything(cast: Any) -> None:
    create_administrator(code=cast.hibari.government.code, slug="", **WHO)
    with tenant_scope(cast.hibari.id):
        person = Person.objects.get(email=WHO["email"])
        assert RoleGrant.objects.get(person=person).role.code == "administrator"
        assert staff_actor(person).can("journal.event:read", cast.hibari.id)


def test_the_address_opens_the_password_page(cast: Any, client: Any) -> None:
    address = create_administrator(code=cast.hibari.government.code, slug="", **WHO)
    assert client.get(address.removeprefix("http://localhost:8000"), follow=True).status_code == 200


def test_a_government_that_is_not_open_is_opened(cast: Any, client: Any) -> None:
    create_administrator(code="131016", slug="chiyoda", **WHO)
    assert client.get("/chiyoda/").status_code == 200


@pytest.mark.parametrize(("code", "slug"), [("999999", "nowhere"), ("131016", "")])
def test_what_cannot_be_opened_is_said(cast: Any, code: str, slug: str) -> None:
    with pytest.raises(ClickException):
        create_administrator(code=code, slug=slug, **WHO)
