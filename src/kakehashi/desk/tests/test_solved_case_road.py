"""draft, edit, submit, check, decide_findings, publish, retire: nothing leaves unmasked."""

from __future__ import annotations

import pytest

from kakehashi.desk.models import PublishedCase, SolvedCase
from kakehashi.desk.selectors import find_similar, findings_of, get_solved_case, published_cases
from kakehashi.desk.selectors.solved_cases import reuse_of, reuses_of_ours
from kakehashi.desk.services import (
    adopt_case,
    check_solved_case,
    decide_findings,
    draft_solved_case,
    edit_solved_case,
    publish_solved_case,
    report_reuse,
    retire_solved_case,
    submit_solved_case,
    tick_step,
)
from kakehashi.desk.testing import filed, published, resolved
from kakehashi.governments.models import Government
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast, Town
from kakehashi.search.services import index_pending


def at_masking(town: Town, **texts: str) -> SolvedCase:
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    edit_solved_case(actor=town.officer, case=case, values=texts)
    submit_solved_case(actor=town.officer, case=case)
    return check_solved_case(actor=town.manager, case=case)


def test_a_draft_carries_what_is_known(town: Town) -> None:
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    assert case.effect.hours_released > 0  # type: ignore[union-attr]
    assert case.contact == "ひばり町 住民課"
    assert draft_solved_case(actor=town.officer, consultation=case.consultation).id == case.id


def test_only_solved_consultations_become_cases(town: Town) -> None:
    with pytest.raises(DomainError):
        draft_solved_case(actor=town.officer, consultation=filed(town))


def test_the_section_must_know_what_failed(town: Town) -> None:
    case = draft_solved_case(actor=town.officer, consultation=resolved(town))
    edit_solved_case(actor=town.officer, case=case, values={"what_failed": ""})
    with pytest.raises(DomainError) as raised:
        submit_solved_case(actor=town.officer, case=case)
    assert raised.value.field == "what_failed"


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


def test_a_published_case_cannot_be_edited_and_can_be_taken_back(town: Town) -> None:
    case = published(town)
    with pytest.raises(DomainError):
        edit_solved_case(actor=town.officer, case=case, values={"title": "x"})
    retire_solved_case(actor=town.officer, case=case, reason="数字の誤り")
    assert not PublishedCase.objects.exists()
    assert case.state == "draft"


def test_the_scope_of_a_section_hides_it_from_others(town: Town) -> None:
    case = published(town, scope="department")
    assert get_solved_case(town.clerk, case.id).id == case.id
    with pytest.raises(NotFound):
        get_solved_case(town.officer, case.id)


def test_a_published_case_is_found_while_writing(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari, population=3400)
        index_pending()
        (hit,) = find_similar(
            cast.hibari.clerk, task="公民館の予約", problem="台帳に書き写す", purpose="", desired_state=""
        )
        assert (hit.is_ours, hit.url) == (True, f"/staff/desk/cases/{case.id}/")
    Government.objects.filter(id=cast.misaki.id).update(population=180_000)
    with tenant_scope(cast.misaki.id):
        (hit,) = find_similar(
            cast.misaki.clerk, task="公民館の予約", problem="台帳に書き写す", purpose="", desired_state=""
        )
        assert not hit.is_ours
        assert "「公民館」" in hit.matched
        assert "人口が約50分の1の団体の事例です。" in hit.differences


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


def test_a_misfit_says_what_was_different(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari)
    with tenant_scope(cast.misaki.id):
        with pytest.raises(DomainError):
            report_reuse(actor=cast.misaki.officer, case_id=case.id, result="did_not_fit")
        report_reuse(actor=cast.misaki.officer, case_id=case.id, result="did_not_fit", note="部屋が100室ある")
    with tenant_scope(cast.hibari.id):
        assert reuses_of_ours().get().note == "部屋が100室ある"


def test_what_was_not_published_to_us_is_not_there(cast: Cast) -> None:
    with tenant_scope(cast.hibari.id):
        case = published(cast.hibari, scope="government")
    with tenant_scope(cast.misaki.id):
        with pytest.raises(NotFound):
            adopt_case(actor=cast.misaki.officer, case_id=case.id)


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
