import pytest

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.governments.services import open_demo_tenant
from kakehashi.kernel.errors import DomainError


def test_a_fictional_government_is_made_and_marked(db):
    fictional = Government(code="993018", name="ひばり町", kind=GovernmentKind.TOWN)
    opened = open_demo_tenant(government=fictional, slug="hibari", rooms=["procedures"])
    assert opened.is_demo
    assert opened.is_tenant


def test_a_government_at_work_is_never_turned_into_a_demo(cast):
    with pytest.raises(DomainError):
        open_demo_tenant(government=cast.hibari.government, slug="hibari")
