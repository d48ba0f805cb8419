"""decide_findings: mask, or keep with a reason."""

from __future__ import annotations

import pytest

from kakehashi.desk.models import PublishedCase, SolvedCase
from kakehashi.desk.selectors import findings_of
from kakehashi.desk.services import (
    check_solved_case,
    decide_findings,
    draft_solved_case,
    edit_solved_case,
    publish_solved_case,
    submit_solved_case,
)
from kakehashi.desk.testing import resolved
from kakehashi.kernel.errors import DomainError
from kakehashi.people.testing import Town


def at_masking(town: Town, **texts: str) -> SolvedCase:
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    edit_solved_case(actor=town.officer, case=case, values=texts)
    submit_solved_case(actor=town.officer, case=case)
    return check_solved_case(actor=town.manager, case=case)


def test_masked_texts_may_leave(town: Town) -> None:
    case = at_masking(town, what_was_done="山田花子さん(0178-12-3456)の入力をやめた。", title="山田さんの入力をやめた")
    decide_findings(actor=town.officer, case=case, decisions={f.key: "mask" for f in findings_of(case)})
    publish_solved_case(actor=town.officer, case=case, scope="country")
    copy = PublishedCase.objects.get()
    assert "山田" not in copy.title + copy.what_was_done
    assert "0178" not in copy.what_was_done


def test_a_number_cannot_be_kept_a_word_can_with_a_reason(town: Town) -> None:
    case = at_masking(town, what_was_done="電話0178-12-3456をやめた。")
    keys = {f.key: "keep" for f in findings_of(case)}
    with pytest.raises(DomainError, match="残せません"):
        decide_findings(actor=town.officer, case=case, decisions=keys, reason="公の番号")
    other = at_masking(town, what_was_done="山田さんの様式。")
    keys = {f.key: "keep" for f in findings_of(other)}
    with pytest.raises(DomainError, match="理由"):
        decide_findings(actor=town.officer, case=other, decisions=keys)
    decide_findings(actor=town.officer, case=other, decisions=keys, reason="様式の名前")
    assert publish_solved_case(actor=town.officer, case=other, scope="country").state == "published"
