"""Roles: granted for a time, ended by a contract, tied to a department, taken away at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Person, Role, RoleGrant
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors import permission_matrix, staff_actor
from kakehashi.people.services import (
    create_role,
    end_contract,
    grant_role,
    register_contract,
    revoke_grant,
    set_role_permissions,
)
from kakehashi.people.testing import open_power, person_of, powerful

MARCH_LAST, APRIL_FIRST = date(2027, 3, 31), date(2027, 4, 1)


@pytest.fixture
def boss(town):
    return powerful(town.administrator)


@pytest.fixture
def role(boss):
    return create_role(actor=boss, code="transfer", name="人事", permissions=[PeoplePermission.TRANSFER])


def may(town, person, on):
    return staff_actor(person, on=on).can(PeoplePermission.TRANSFER, town.id)


def test_a_role_holds_on_its_first_and_last_day_and_not_beside_them(town, boss, role):
    person = person_of(town.clerk)
    grant_role(actor=boss, person=person, role=role, valid_from=date(2026, 4, 1), valid_to=MARCH_LAST)
    days = [date(2026, 3, 31), date(2026, 4, 1), MARCH_LAST, APRIL_FIRST]
    assert [may(town, person, day) for day in days] == [False, True, True, False]


def test_a_contractors_role_expires_with_the_contract(town, boss, role):
    contractor = Person.objects.create(name="委託 太郎")
    contract = register_contract(
        actor=boss, name="システム保守", company="架空システム", valid_from=date(2026, 4, 1), valid_to=MARCH_LAST
    )
    grant = grant_role(actor=boss, person=contractor, role=role, valid_from=date(2026, 1, 1), contract=contract)
    assert (grant.valid_from, grant.valid_to) == (date(2026, 4, 1), MARCH_LAST)
    assert may(town, contractor, MARCH_LAST)
    assert not may(town, contractor, APRIL_FIRST)


def test_a_grant_that_outlives_its_contract_by_mistake_is_silent_all_the_same(town, boss, role):
    contractor = Person.objects.create(name="委託 太郎")
    contract = register_contract(
        actor=boss, name="保守", company="架空システム", valid_from=date(2026, 4, 1), valid_to=MARCH_LAST
    )
    RoleGrant.objects.create(person=contractor, role=role, valid_from=date(2026, 4, 1), contract=contract)
    assert may(town, contractor, MARCH_LAST)
    assert not may(town, contractor, APRIL_FIRST)


def test_a_contract_ended_early_takes_its_roles_with_it(town, boss, role):
    contractor, today = Person.objects.create(name="委託 太郎"), clock.today()
    contract = register_contract(
        actor=boss,
        name="保守",
        company="架空システム",
        valid_from=today - timedelta(30),
        valid_to=today + timedelta(30),
    )
    grant_role(actor=boss, person=contractor, role=role, valid_from=today, contract=contract)
    assert may(town, contractor, today)
    with pytest.raises(DomainError):
        end_contract(actor=boss, contract=contract, last_day=today + timedelta(31))
    end_contract(actor=boss, contract=contract, last_day=today - timedelta(1))
    assert not may(town, contractor, today)
    assert Event.objects.filter(code="people.contract.ended").count() == 1


def test_a_contract_is_ended_on_the_page_with_power_only(cast, client_for):
    with tenant_scope(cast.hibari.id):
        today = clock.today()
        contract = register_contract(
            actor=powerful(cast.hibari.administrator), name="保守", company="架空", valid_from=today, valid_to=today
        )
    client = client_for(cast.hibari.administrator)
    fields = {"act": "end-contract", "contract": str(contract.id)}
    assert "/administration/" in client.post("/staff/people/roles/", fields).url
    open_power(client, cast.hibari.administrator)
    client.post("/staff/people/roles/", fields)
    with tenant_scope(cast.hibari.id):
        contract.refresh_from_db()
        assert contract.valid_to < today
    neighbour = open_power(client_for(cast.misaki.administrator), cast.misaki.administrator)
    assert neighbour.post("/staff/people/roles/", fields).status_code == 404


def test_a_role_tied_to_a_department_ends_when_the_person_leaves_it(town, boss, role):
    person, today = person_of(town.clerk), clock.today()
    grant_role(actor=boss, person=person, role=role, valid_from=today, department=town.department)
    assert may(town, person, today)
    person.holdings.update(valid_to=today - timedelta(1))
    assert not may(town, person, today)


def test_revoking_takes_it_away_at_once_and_only_once(town, boss, role):
    person, today = person_of(town.clerk), clock.today()
    grant = grant_role(actor=boss, person=person, role=role, valid_from=today - timedelta(9))
    revoke_grant(actor=boss, grant=grant)
    assert not may(town, person, today)
    with pytest.raises(Stale):
        revoke_grant(actor=boss, grant=grant)
    codes = Event.objects.order_by("id").values_list("code", flat=True)
    assert list(codes) == ["people.role.created", "people.role.granted", "people.role.revoked"]


def test_the_same_role_twice_and_reversed_days_are_refused(town, boss, role):
    person, today = person_of(town.clerk), clock.today()
    grant_role(actor=boss, person=person, role=role, valid_from=today)
    with pytest.raises(DomainError):
        grant_role(actor=boss, person=person, role=role, valid_from=today + timedelta(3))
    with pytest.raises(DomainError):
        grant_role(
            actor=boss, person=person_of(town.manager), role=role, valid_from=today, valid_to=today - timedelta(1)
        )


def test_the_permission_without_power_grants_nothing(town, role):
    with pytest.raises(PermissionRefused):
        grant_role(actor=town.administrator, person=person_of(town.clerk), role=role, valid_from=clock.today())


def test_an_unknown_permission_is_refused(boss, role):
    with pytest.raises(DomainError):
        set_role_permissions(actor=boss, role=role, permissions=["people.everything:do"])


def test_the_table_is_drawn_from_the_same_enum(town, boss, role):
    table = permission_matrix(clock.today())
    lines = {line.code: line for _, lines in table.rooms for line in lines}
    column = [each.code for each in table.roles].index("transfer")
    assert {code for code, line in lines.items() if line.allowed[column]} == {PeoplePermission.TRANSFER}
    assert all(permission in lines for permission in PeoplePermission)


def test_the_neighbours_roles_are_not_in_the_table(cast, client_for):
    with tenant_scope(cast.misaki.id):
        Role.objects.create(code="secret", name="みさきだけの役割")
    page = client_for(cast.hibari.clerk).get("/staff/people/matrix/").content.decode()
    assert "みさきだけの役割" not in page
