"""adopt_case and tick_step: our own work, with provenance."""

from __future__ import annotations

import pytest

from kakehashi.desk.selectors import published_cases
from kakehashi.desk.selectors.solved_cases import reuse_of, reuses_of_ours
from kakehashi.desk.services import (
    adopt_case,
    report_reuse,
    tick_step,
)
from kakehashi.desk.testing import published
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast


def test_another_town_adopts_and_the_origin_sees_it(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
    with tenant_scope(cast.misaki.id):
        mine = adopt_case(actor=cast.misaki.officer, case_id=case.id)
        assert adopt_case(actor=cast.misaki.officer, case_id=case.id).id == mine.id
        steps = list(mine.steps.all())
        assert [step.text for step in steps] == ["申込みをオンラインにした。", "受付の一覧を台帳とした。"]
        assert tick_step(actor=cast.misaki.officer, step_id=steps[0].id, is_done=True).done_at
        assert (mine.purpose, mine.adopted_case_id) == (case.purpose, case.id)
        report_reuse(actor=cast.misaki.officer, case_id=case.id, result="worked", note="同じ様式で済んだ")
    with tenant_scope(cast.hibari.id):
        (reuse,) = reuses_of_ours()
        assert (reuse.adopter_name, reuse.result) == ("みさき市", "worked")
        assert reuse_of(case.id).count() == 1
        assert not published_cases().exists(), "one's own copies are not others'"


def test_what_was_not_published_to_us_is_not_there(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari, scope="government")
    with tenant_scope(cast.misaki.id):
        with pytest.raises(NotFound):
            adopt_case(actor=cast.misaki.officer, case_id=case.id)
