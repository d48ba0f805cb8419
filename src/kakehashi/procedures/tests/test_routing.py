"""振り分け: the first rule that the answers meet decides, after arrival and once; the linter tells what can never happen."""

import pytest

from kakehashi.cases.models import Case
from kakehashi.eforms.domain.conditions import Condition
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import person_of
from kakehashi.procedures.domain.routing import Rule, first_met, lint
from kakehashi.procedures.models import Routed, RoutingRule
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.routing import form_of
from kakehashi.procedures.services import accept_application, add_routing_rule, route_arrived
from kakehashi.procedures.testing import an_application, an_online_procedure

FIELDS = {"kind": ["new", "again"], "age": [64, 65, 66]}
NEW, AGAIN = Condition("equals", "kind", "new"), Condition("equals", "kind", "again")
EITHER = Condition("any", of=(NEW, AGAIN))
OLD = Condition("at_least", "age", 65)


def rules(*conditions):
    return [Rule(uuid7(), place, condition) for place, condition in enumerate(conditions, start=1)]


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((NEW, AGAIN), []),
        ((EITHER, NEW), [(2, "使われません")]),
        ((NEW, AGAIN, EITHER), [(3, "使われません")]),
        ((NEW, OLD), [(2, "重なる")]),
        ((Condition("all", of=(NEW, AGAIN)),), [(1, "食い違って")]),
        ((Condition("equals", "gone", "x"),), [(1, "様式にない項目")]),
        ((NEW, Condition("not", of=(NEW,))), []),
    ],
)
def test_the_linter(conditions, words):
    found = lint(rules(*conditions), FIELDS)
    assert [each.place for each in found] == [place for place, _ in words]
    assert all(word in each.sentence for each, (_, word) in zip(found, words, strict=True))


def test_the_first_that_is_met():
    both = rules(NEW, OLD)
    assert first_met(both, {"kind": "new", "age": 70}) == both[0]
    assert first_met(both, {"kind": "again", "age": 70}) == both[1]
    assert first_met(both, {"kind": "again", "age": 3}) is None


@pytest.fixture
def procedure(town):
    made = an_online_procedure(town)
    assert "content" in form_of(made).by_key
    return made


def a_rule(town, procedure, **given):
    given = {
        "condition": Condition("answered", "content"),
        "department": town.other_department,
        "handler": None,
    } | given
    return add_routing_rule(actor=town.officer, procedure=procedure, **given)


def test_the_sweep_sends_what_arrived_once(town, procedure):
    a_rule(town, procedure, handler=person_of(town.officer))
    application = an_application(town, procedure)
    assert Case.objects.get(id=application.case_id).department_id == town.department.id
    assert route_arrived(government_id=town.id) == 1
    case = Case.objects.get(id=application.case_id)
    assert (case.department_id, case.handler_id) == (town.other_department.id, town.officer.id)
    assert Routed.objects.get().sentence == "「申請の内容」に記入があるとき"
    assert route_arrived(government_id=town.id) == 0


def test_accepting_routes_what_the_worker_has_not_seen(town, procedure):
    a_rule(town, procedure)
    application = accept_application(actor=town.clerk, application=get_application(an_application(town, procedure).id))
    case = Case.objects.get(id=application.case_id)
    assert (case.department_id, case.handler_id) == (town.other_department.id, None)


def test_met_by_none_stays_with_the_procedures_own_section(town, procedure):
    a_rule(town, procedure, condition=Condition("not", of=(Condition("answered", "content"),)))
    application = an_application(town, procedure)
    assert route_arrived(government_id=town.id) == 1
    assert Case.objects.get(id=application.case_id).department_id == town.department.id
    assert Routed.objects.get().rule_id is None


def test_a_rule_needs_a_condition(town, procedure):
    with pytest.raises(DomainError):
        a_rule(town, procedure, condition=None)


def test_rules_are_written_ordered_and_dropped_on_the_page(town, procedure, client_for):
    client, address = client_for(town.officer), f"/staff/procedures/inventory/{procedure.id}/handling/"
    page = client.get(address).content.decode()
    assert "に記入があるとき" in page
    given = {
        "what": "routing",
        "conditions": ["answered|content|"],
        "joint": "all",
        "department": str(town.other_department.id),
    }
    for _ in range(2):
        assert client.post(address, given).status_code == 302
    assert "この決まりは使われません" in client.get(address).content.decode()
    second = RoutingRule.objects.order_by("-position").first()
    client.post(f"/staff/procedures/routing/{second.id}/raise/")
    second.refresh_from_db()
    assert second.position == 1
    client.post(f"/staff/procedures/routing/{second.id}/drop/")
    assert RoutingRule.objects.count() == 1
