"""The same trouble comes twice, is seen to be one, and goes to a successor before April."""

import re

import pytest
from playwright.sync_api import expect

from kakehashi.approvals.testing import with_rules
from kakehashi.cases.services import assign_case, number_cases
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import person_of
from kakehashi.procedures.services import accept_application
from kakehashi.procedures.testing import an_application, an_online_procedure

pytestmark = pytest.mark.browser


@pytest.fixture
def filed(served, django_db_blocker):
    """Two applications of one person for one procedure; the manager has the first, nobody the second."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        procedure = an_online_procedure(with_rules(town))
        first, second = an_application(town, procedure), an_application(town, procedure)
        accept_application(actor=town.manager, application=first)
        assign_case(actor=town.manager, case=first.case, handler=person_of(town.manager))
        number_cases(government_id=town.id)
        return first, second, person_of(town.clerk)


def test_seen_twice_and_handed_over(served, page_at, check, filed):
    town, (first, second, person) = served.cast.hibari, filed
    clerk = page_at(390, who=town.clerk)
    clerk.goto(served.address(f"/staff/cases/{second.case_id}/"))
    expect(clerk.get_by_text("重複かもしれない申請")).to_be_visible()
    expect(clerk.get_by_role("link", name=first.receipt_label)).to_be_visible()
    expect(clerk.get_by_text(re.compile("さんはどうですか（いま0件）"))).to_be_visible()
    check(clerk)
    manager = page_at(1280, who=town.manager)
    manager.goto(served.address(f"/staff/people/posts/{town.manager.post_id}/"))
    manager.get_by_role("link", name="引継書を見る").click()
    expect(manager.get_by_role("heading", name="担当している案件（1）")).to_be_visible()
    check(manager)
    manager.get_by_role("link", name="案件をまとめて引き継ぐ").click()
    manager.get_by_label("引き継ぐ人").select_option(label=person.name)
    check(manager)
    manager.get_by_role("button", name="1件を引き継ぐ").click()
    expect(manager.get_by_text(f"1件を{person.name}さんに引き継ぎました。")).to_be_visible()
    clerk.goto(served.address("/staff/cases/?tab=mine"))
    expect(clerk.get_by_role("link", name=first.case.subject).first).to_be_visible()
