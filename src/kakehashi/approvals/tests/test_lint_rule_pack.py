"""The linter: both shipped packs are sound; each fault put in is found at its row, with a sentence and a way to mend it."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kakehashi.approvals.domain.packs import SHIPPED, read_pack
from kakehashi.approvals.domain.packs.deciding import deciding_lines
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.findings import Organisation, PostFact
from kakehashi.approvals.domain.packs.lint import errors, lint
from kakehashi.approvals.domain.packs.lint_circles import circles

TOWN = read_pack("town")


def changed(part: str, where: Callable[[Mapping[str, Any]], bool], **values: Any) -> PackDocument:
    rows = [dict(row) | values if where(row) else dict(row) for row in TOWN.rows(part)]
    assert rows != [dict(row) for row in TOWN.rows(part)]
    return TOWN.with_rows(part, rows)


def without(part: str, where: Callable[[Mapping[str, Any]], bool]) -> PackDocument:
    return TOWN.with_rows(part, [row for row in TOWN.rows(part) if not where(row)])


def added(part: str, **values: Any) -> PackDocument:
    return TOWN.with_rows(part, [*TOWN.rows(part), values])


def is_grant(decider: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda row: row["matter"] == "disposition.grant" and row["decider"] == decider


@pytest.mark.parametrize("code", SHIPPED)
def test_the_shipped_packs_have_no_error(code: str) -> None:
    assert errors(read_pack(code)) == []


@pytest.mark.parametrize(("code", "matters", "files"), [("town", 60, 60), ("prefecture", 120, 150)])
def test_the_shipped_packs_are_complete(code: str, matters: int, files: int) -> None:
    document = read_pack(code)
    assert len(document.matters) >= matters
    assert len(document.retention) >= files
    for part in ("consults", "deputies", "numbering", "retention", "stages", "labels", "articles"):
        assert document.rows(part), part
    assert all(row["clause"] for row in document.rows("rules"))


@pytest.mark.parametrize("code", SHIPPED)
@pytest.mark.parametrize("amount", [0, 1, 500_000, 500_001, 3_000_000, 10_000_000, 10**9])
def test_exactly_one_decider_for_every_matter_and_amount(code: str, amount: int) -> None:
    document = read_pack(code)
    assert {len(deciding_lines(document, matter, amount)) for matter in document.matters} == {1}


FAULTS = {
    "two_deciders": changed("rules", is_grant("課長"), high=600_000),
    "no_decider": changed("rules", is_grant("課長"), high=400_000),
    "empty_band": changed("rules", is_grant("副町長"), low=9_000_000),
    "unknown_title": changed("rules", is_grant("課長"), decider="部長"),
    "unknown_matter": changed("rules", is_grant("課長"), matter="nothing"),
    "unknown_class": changed("matters", lambda row: row["code"] == "disposition.grant", class_code="Z-99"),
    "decided_under_one_year": changed("matters", lambda row: row["code"] == "general.reply", class_code="A-04"),
    "deputy_cycle": added("deputies", post="総務課長", order=2, deputy="町長", clause="第6条"),
    "deputy_order": added("deputies", post="課長", order=1, deputy="主査", clause="第6条"),
    "consult_loop": changed(
        "consults", lambda row: row["matter"] == "disposition.grant" and row["post"] == "財政課長", after=["総務課長"]
    ),
    "period": changed("classes", lambda row: row["code"] == "C-03", period="10年"),
    "unknown_retention": changed("classes", lambda row: row["code"] == "C-03", retention="第9種"),
    "destiny": changed("classes", lambda row: row["code"] == "A-04", disposition="transfer"),
    "class_period": changed("classes", lambda row: row["code"] == "A-14", middle="庶務", small="台帳", retention="第1種", period="30年"),
    "years": changed("retention", lambda row: row["code"] == "第3種", years=None),
    "anchor": changed("retention", lambda row: row["code"] == "第6種", anchor="event"),
    "no_stage": without("stages", lambda row: row["scope"] == "transfer"),
    "one_stage": changed("stages", lambda row: row["scope"] == "destroy", post="課長"),
    "no_series": without("numbering", lambda row: row["kind"] == "document"),
    "series_symbol": changed("numbering", lambda row: row["kind"] == "receipt", symbol="{課}"),
    "series_twice": TOWN.with_rows("numbering", [*TOWN.rows("numbering"), *(
        {"kind": "document", "departments": names, "symbol": symbol, "reset": "fiscal", "clause": "第12条"}
        for names, symbol in ((["住民課"], "住"), (["住民課", "総務課"], "総"))
    )]),
    "double": added("matters", code="general.reply", name="二つ目", class_code="A-02"),
    "empty": changed("rules", is_grant("課長"), clause=""),
    "setting": changed("settings", lambda row: row["key"] == "self_approval", value="ときどき"),
    "self_and_restricted": changed("rules", is_grant("町長"), self_decision=True),
    "no_article": changed("rules", is_grant("町長"), clause="第99条第1項"),
    "rank_order": changed("rules", is_grant("町長"), decider="課長"),
    "consult_decider": changed("consults", lambda row: row["matter"] == "disposition.grant", post="副町長", after=[]),
}  # fmt: skip


@pytest.mark.parametrize("code", FAULTS)
def test_each_fault_is_found_with_its_place_and_a_way_to_mend_it(code: str) -> None:
    found = [finding for finding in lint(FAULTS[code]) if finding.code == code]
    assert found
    assert all(finding.sentence.endswith("。") and finding.mend for finding in found)
    assert code not in {finding.code for finding in lint(TOWN)}


def test_a_gap_and_an_overlap_are_named_to_the_yen() -> None:
    gap = next(finding for finding in lint(FAULTS["no_decider"]) if finding.code == "no_decider")
    assert "400,001円以上500,001円未満のとき、決裁する者がいません" in gap.sentence
    overlap = next(finding for finding in lint(FAULTS["two_deciders"]) if finding.code == "two_deciders")
    assert "500,001円以上600,001円未満のとき、課長（別表第1第4項(1)）と副町長" in overlap.sentence


def test_a_section_with_lines_of_its_own_is_judged_by_them() -> None:
    document = added(
        "rules", matter="general.reply", departments=["住民課"], decider="係長", high=10, high_word="le", clause="備考"
    )
    assert "（住民課）は、11円以上のとき" in " ".join(finding.sentence for finding in errors(document))
    assert [line.decider for line in deciding_lines(document, "general.reply", 5, ["住民課", "02"])] == ["係長"]
    assert [line.decider for line in deciding_lines(document, "general.reply", 5, ["総務課"])] == ["課長"]


def test_posts_that_are_not_there_or_not_held_are_warned_of() -> None:
    posts = (
        PostFact("町長", "", 10, True), PostFact("副町長", "", 20, False), PostFact("住民課長", "住民課", 40, True),
    )  # fmt: skip
    found = lint(TOWN, Organisation(posts, frozenset({"住民課", "02"})))
    codes = {finding.code for finding in found}
    assert {"no_post", "vacant_post", "self_approval", "no_department"} <= codes
    assert not [finding for finding in found if finding.level == "error"]


def test_circles_are_found_once_each() -> None:
    arrows = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["d"], "e": ["a"]}
    assert circles(arrows) == [["a", "b", "c"], ["d"]]


@pytest.mark.parametrize("name", ["town", "prefecture"])
def test_a_pack_that_ships_has_nothing_to_mend(name: str) -> None:
    assert [finding.sentence for finding in lint(read_pack(name))] == []


def test_a_finding_names_the_matter_in_words() -> None:
    found = next(finding for finding in lint(FAULTS["consult_decider"]) if finding.code == "consult_decider")
    assert "「補助金等の交付決定」では" in found.sentence
