"""Who sees a solved case: nobody outside its circle, whatever is published, revised or taken back, in any order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.desk.domain.case_file import read_bundle
from kakehashi.desk.models import PublishedCase, SolvedCase
from kakehashi.desk.selectors import published_cases, solved_cases_for
from kakehashi.desk.services import (
    check_solved_case,
    feed_bundle,
    publish_solved_case,
    retire_solved_case,
    revise_solved_case,
    submit_solved_case,
)
from kakehashi.desk.testing import published
from kakehashi.governments.models import Government
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.search.selectors import search_shared

SCOPES = ["department", "government", "prefecture", "country"]


@pytest.fixture
def aozora(cast: Cast) -> Government:
    made: Government = Government.objects.create(
        code="990001", name="あおぞら県", kind="prefecture", slug="aozora", is_tenant=True
    )
    Government.objects.filter(id=cast.hibari.id).update(parent=made)
    return made


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(road=st.lists(st.sampled_from([*SCOPES, "retire", "revise"]), min_size=1, max_size=4))
def test_the_circle_holds_on_every_road(cast: Cast, aozora: Government, road: list[str]) -> None:
    town, out = cast.hibari, "country"
    with tenant_scope(town.id):
        PublishedCase.objects.filter(origin_id=town.id).delete()
        case = published(town)
        for step in road:
            out = _step(town, case, step, out)
        case = SolvedCase.objects.get(id=case.id)
        hidden = case.state == "published" and case.scope == "department"
        assert solved_cases_for(town.officer).filter(id=case.id).exists() != hidden
        assert (case.id in {one.id for one in read_bundle(feed_bundle()).cases}) == (out == "country")
    for reader, circles in ((cast.misaki.id, {"country"}), (aozora.id, {"country", "prefecture"})):
        with tenant_scope(reader):
            assert published_cases().filter(id=case.id).exists() == (out in circles), (road, out)
            found = {hit.object_id for hit in search_shared(query="公民館", kinds=["desk.solved_case"])}
            assert (case.id in found) == (out in circles), (road, out)


def _step(town: Any, case: SolvedCase, step: str, out: str) -> str:
    """Do one step and return what is out after it: a scope, or nothing."""
    if step == "retire":
        if out or case.state == "published":
            retire_solved_case(actor=town.officer, case=case, reason="x")
        return ""
    if case.state == "published":
        revise_solved_case(actor=town.officer, case=case)
    if step == "revise":
        return out if out in {"prefecture", "country"} else ""
    submit_solved_case(actor=town.officer, case=case)
    check_solved_case(actor=town.manager, case=case)
    publish_solved_case(actor=town.officer, case=case, scope=step, note="直した")
    return step


def test_another_section_cannot_check(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
        revise_solved_case(actor=cast.hibari.officer, case=case)
        submit_solved_case(actor=cast.hibari.officer, case=case)
        with pytest.raises(DomainError, match="住民課"):
            check_solved_case(actor=cast.hibari.officer, case=case)
        assert check_solved_case(actor=cast.hibari.mayor, case=case).state == "masking_check"
