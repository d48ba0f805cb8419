"""publish_solved_case: nothing leaves unmasked."""

from __future__ import annotations

import pytest

from kakehashi.desk.models import PublishedCase, SolvedCase
from kakehashi.desk.selectors import get_solved_case, published_cases
from kakehashi.desk.services import (
    check_solved_case,
    draft_solved_case,
    edit_solved_case,
    publish_solved_case,
    submit_solved_case,
)
from kakehashi.desk.testing import published, resolved
from kakehashi.governments.models import Government
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town


def at_masking(town: Town, **texts: str) -> SolvedCase:
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    edit_solved_case(actor=town.officer, case=case, values=texts)
    submit_solved_case(actor=town.officer, case=case)
    return check_solved_case(actor=town.manager, case=case)


def test_nothing_is_published_before_both_checks(town: Town) -> None:
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    with pytest.raises(Stale):
        publish_solved_case(actor=town.officer, case=case, scope="country")
    submit_solved_case(actor=town.officer, case=case)
    with pytest.raises(Stale):
        publish_solved_case(actor=town.officer, case=case, scope="country")


@pytest.mark.parametrize(
    "leak", ["電話は0178-12-3456", "a.b@example.jp に送る", "山田花子さんが入力", "内丸1丁目1番1号の方"]
)
@pytest.mark.parametrize("scope", ["government", "country"])
def test_what_names_a_person_stays_inside(town: Town, leak: str, scope: str) -> None:
    case = at_masking(town, what_was_done=f"申込みをまとめた。{leak}。")
    with pytest.raises(DomainError) as raised:
        publish_solved_case(actor=town.officer, case=case, scope=scope)
    assert raised.value.code == "unmasked"
    assert not PublishedCase.objects.exists()


def test_the_scope_of_a_section_hides_it_from_others(town: Town) -> None:
    case = published(town, scope="department")
    assert get_solved_case(town.clerk, case.id).id == case.id
    with pytest.raises(NotFound):
        get_solved_case(town.officer, case.id)


def test_the_prefectures_audience(cast: Cast) -> None:
    prefecture = Government.objects.create(
        code="990001", name="あおぞら県", kind="prefecture", slug="aozora", is_tenant=True
    )
    Government.objects.filter(id=cast.hibari.id).update(parent=prefecture)
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari, scope="prefecture")
    with tenant_scope(cast.misaki.id):
        assert not published_cases().exists(), "not in the prefecture"
    with tenant_scope(prefecture.id):
        assert published_cases().get().id == case.id
