"""Shared cases of other governments, and help for a municipality, where the prefecture's view asks the real desk for them."""

import pytest
from django.conf import settings

from kakehashi.desk.models import Consultation
from kakehashi.desk.services import adopt_case, place_desk
from kakehashi.desk.testing import published
from kakehashi.indicators.domain.published import Answer
from kakehashi.indicators.models import PublishedEdition, PublishedIndicator, PublishedValue
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Department
from kakehashi.people.testing import prefecture_over
from kakehashi.plans.hooks import cases_of_neighbours


@pytest.fixture
def prefecture(cast):
    """みはらし県 above both towns, with a desk of its own."""
    made = prefecture_over(cast, settings.ROOMS)
    with tenant_scope(made.id):
        place_desk(actor=made.administrator, department=Department.objects.order_by("code").first())
    return made


@pytest.fixture
def cell(cast):
    """The path of ひばり町's cell: it has no RPA, みさき市 has."""
    edition = PublishedEdition.objects.create(name="令和5年度調査", source="国の調査")
    row = PublishedIndicator.objects.create(
        edition=edition, scope="municipality", area="業務のDX", label="RPAの導入状況", kind="yes_no", order=1
    )
    for town, answer in ((cast.hibari, Answer.NOT_CARRIED_OUT), (cast.misaki, Answer.CARRIED_OUT)):
        PublishedValue.objects.create(indicator=row, government=town.government, answer=answer)
    return f"/staff/plans/municipalities/{cast.hibari.government.code}/p-{row.id.hex}/"


def client_of(client_for, town, slug="miharashi"):
    client = client_for(town)
    client.slug = slug
    return client


def test_without_a_shared_case_there_is_none(cast):
    with tenant_scope(cast.hibari.id):
        assert cases_of_neighbours("RPA", {cast.misaki.id}) == {}


def test_a_shared_and_an_adopted_case_of_the_real_desk_are_found_with_their_contact(cast):
    with tenant_scope(cast.misaki.id):
        case = published(cast.misaki)
    with tenant_scope(cast.hibari.id):
        adopt_case(actor=cast.hibari.officer, case_id=case.id)
        found = cases_of_neighbours(case.title, {cast.misaki.id, cast.hibari.id})
    (own,), (taken,) = found[cast.misaki.id], found[cast.hibari.id]
    assert (own.title, own.is_adopted) == (case.title, False)
    assert (taken.title, taken.is_adopted) == (case.title, True)
    assert own.contact.startswith("みさき市")
    assert taken.contact == own.contact


def test_the_prefecture_opens_help_from_a_cell_once(cast, prefecture, client_for, cell):
    client = client_of(client_for, prefecture.officer)
    assert "支援の相談を始める" in client.get(cell).content.decode()
    answers = [client.post(f"{cell}support/desk/") for _ in range(2)]
    assert answers[0].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
    with tenant_scope(prefecture.id):
        made = Consultation.objects.get()
        assert made.task == "ひばり町の支援：RPAの導入状況"
        assert "先に進んでいる団体：みさき市" in made.problem
        assert made.case is not None
    assert "支援の相談を開く" in client.get(cell).content.decode()


def test_help_is_refused_where_it_is_not_offered(cast, prefecture, client_for, cell):
    client = client_of(client_for, prefecture.officer)
    assert client.get(f"{cell}support/desk/").status_code == 405
    assert client.post(f"{cell}support/elsewhere/").status_code == 404
    assert client_for(cast.hibari.officer).post(f"{cell}support/desk/").status_code in {403, 404}
