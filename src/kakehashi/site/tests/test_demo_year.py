"""The year of work of the demo, where chance puts an application close to this moment."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from django.conf import settings

from kakehashi.approvals.models import Proposal
from kakehashi.governments.models import Government
from kakehashi.governments.selectors import switchable_rooms
from kakehashi.governments.services import open_demo_tenant
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.procedures.models import Application
from kakehashi.site.demo.furnish import furnish
from kakehashi.site.demo.organisation import make_organisation
from kakehashi.site.demo.year import _walk


def test_what_was_filed_today_is_decided_and_then_issued_before_now(db, monkeypatch):
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, demo=True))
    village = Government(code="990035", name="こもれび村", kana="こもれびむら", kind="village")
    government = open_demo_tenant(government=village, slug="komorebi-sample", rooms=switchable_rooms())
    with tenant_scope(government.id):
        body = make_organisation(government)
        _walk(body, furnish(body)["akiya"], 0, Random(3), stop="issue")
        filed, proposal = Application.objects.get().arrived_at, Proposal.objects.get()
    assert filed < proposal.decided_at < proposal.issued_at < clock.now()
