"""閲覧記録, 本人への開示, 保存期間, 動作の状態 and the sessions of a colleague, with something in them, on a phone and on a PC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from kakehashi.journal.services import record_access
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import sign_in
from kakehashi.procedures.testing import an_application, an_online_procedure

pytestmark = pytest.mark.browser


@pytest.fixture
def read(served: Any, django_db_blocker: Any) -> str:
    """Two colleagues looked at one application, one of another section with a reason; gives its receipt number."""
    town = served.cast.hibari
    with django_db_blocker.unblock(), tenant_scope(town.id):
        application = an_application(town, an_online_procedure(town))
        for actor, purpose, reason in (
            (town.clerk, "審査", ""),
            (town.manager, "照会", "申請者から電話で進み具合を聞かれたため、本人であることを確かめたうえで見た"),
        ):
            record_access(
                actor=actor,
                subjects=[("procedures.application", application.id)],
                purpose=purpose,
                page="cases-staff:case",
                reason=reason,
            )
        sign_in(Client(), town.clerk)
    return str(application.receipt_number)


def test_the_pages_of_privacy_and_of_the_state(
    served: Any, read: str, page_at: Callable[..., Any], check: Callable[..., None], picture: Callable[..., None]
) -> None:
    clerk = served.cast.hibari.clerk
    for width in (390, 1280):
        page = page_at(width, who=served.cast.hibari.administrator)
        for name, path, shown in (
            ("accesses", "/staff/journal/accesses/", "申請者から電話で"),
            ("disclosure", f"/staff/journal/accesses/disclosure/?subject={read}&names=on", "の個人情報を見た記録"),
            ("access-rule", "/staff/journal/accesses/rule/", "閲覧記録"),
            ("retention", "/staff/journal/accesses/retention/", "下書き"),
            ("status", "/staff/status/", "控え"),
            ("take-home", "/staff/take-home/", "持ち帰"),
            ("person", f"/staff/people/people/{clerk.id}/", "サインイン中の端末"),
        ):
            page.goto(served.address(path))
            expect(page.locator("main")).to_contain_text(shown)
            check(page)
            picture(page, f"privacy-{name}")
