"""The htmx fragments of a step."""

from collections.abc import Callable
from typing import Any

import pytest

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.testing import BRANCHING, WHOLE, published
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast

Clients = Callable[..., Any]


@pytest.fixture
def whole(cast: Cast) -> FormVersion:
    with tenant_scope(cast.hibari.id):
        return published(cast.hibari.clerk, WHOLE)


@pytest.fixture
def branching(cast: Cast) -> FormVersion:
    with tenant_scope(cast.hibari.id):
        return published(cast.hibari.clerk, BRANCHING)


def test_the_address_comes_with_its_postcode(cast: Cast, client_for: Clients, whole: FormVersion) -> None:
    response = client_for(cast.hibari).post(f"/eforms/{whole.id}/page_1/address/home", {"home.postcode": "100-0001"})
    assert response.status_code == 200
    assert "千代田区" in response.content.decode()


def test_a_postcode_nobody_has_is_said_beside_it(cast: Cast, client_for: Clients, whole: FormVersion) -> None:
    response = client_for(cast.hibari).post(f"/eforms/{whole.id}/page_1/address/home", {"home.postcode": "0000000"})
    assert 'id="id_home.postcode_error"' in response.content.decode()


def test_an_answer_brings_its_questions(cast: Cast, client_for: Clients, branching: FormVersion) -> None:
    response = client_for(cast.hibari).post(f"/eforms/{branching.id}/page_2", {"pet": "dog"})
    html = response.content.decode()
    assert "犬の種類" in html
    assert "dads-form-control-label__error-text" not in html


@pytest.mark.parametrize("path", ["page_1/address/home", "page_1"])
def test_the_neighbour_town_finds_nothing(cast: Cast, client_for: Clients, whole: FormVersion, path: str) -> None:
    assert client_for(cast.misaki).post(f"/eforms/{whole.id}/{path}").status_code == 404
    assert client_for(cast.hibari).get(f"/eforms/{whole.id}/{path}").status_code == 405


@pytest.mark.parametrize("path", ["nothing", "page_1/address/nothing", "page_1/address/phone"])
def test_what_is_not_there_is_404_or_unchanged(cast: Cast, client_for: Clients, whole: FormVersion, path: str) -> None:
    assert client_for(cast.hibari).post(f"/eforms/{whole.id}/{path}").status_code in {200, 404}
