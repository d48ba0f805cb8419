"""Who follows whom, and what a plan gets wrong."""

from __future__ import annotations

from uuid import UUID

import pytest

from kakehashi.people.domain.reorganisation import (
    NOBODY,
    How,
    OldDepartment,
    OldPost,
    Plan,
    PlannedDepartment,
    PlannedPost,
    Today,
    compare,
    renamed,
)
from kakehashi.people.domain.reorganisation_table import BadTable, propose, read_grid, read_plan

SOUMU, JUMIN, ZEIMU, BU = (UUID(int=n) for n in range(1, 5))
CHIEF, CLERK = UUID(int=11), UUID(int=12)


def today(*, bu: bool = False):
    departments = {
        SOUMU: OldDepartment(SOUMU, "01", "総務課", "総", BU if bu else None),
        JUMIN: OldDepartment(JUMIN, "02", "住民課", "住"),
        ZEIMU: OldDepartment(ZEIMU, "03", "税務課", "税"),
    }
    if bu:
        departments[BU] = OldDepartment(BU, "10", "総務部", "")
    posts = {
        CHIEF: OldPost(CHIEF, JUMIN, "住民課課長", 40),
        CLERK: OldPost(CLERK, JUMIN, "主事", 60, is_single=False),
    }
    return Today(departments, posts)


def plan(*rows, posts=()):
    return Plan(tuple(PlannedDepartment(*row) for row in rows), tuple(PlannedPost(*post) for post in posts))


SAME = (("01", "総務課", "総"), ("02", "住民課", "住"), ("03", "税務課", "税"))


def fates(found):
    return {fate.old.name: (fate.heir, fate.how) for fate in found.departments}


def test_the_same_organisation_changes_nothing():
    found = compare(today(), plan(*SAME))
    assert not found.ending
    assert not found.made
    assert not found.ending_posts
    assert not found.problems


def test_a_renamed_section_is_followed_by_its_code_and_its_posts_by_their_titles():
    found = compare(today(), plan(SAME[0], ("02", "住民生活課", "住"), SAME[2]))
    assert fates(found)["住民課"] == ("02", How.CODE)
    assert [each.name for each in found.made] == ["住民生活課"]
    assert {fate.old.name: fate.heir for fate in found.posts} == {
        "住民課課長": "02/住民生活課課長",
        "主事": "02/主事",
    }


def test_a_code_that_another_section_got_leads_to_nobody():
    found = compare(today(), plan(SAME[0], ("02", "税務課", "税")))
    assert fates(found)["税務課"] == ("02", How.NAME)
    assert fates(found)["住民課"][1] in {How.NONE, How.ALIKE}


def test_the_table_may_say_whom_a_section_takes_over():
    found = compare(today(), plan(SAME[0], ("20", "くらし窓口課", "く", "", ("02", "03"))))
    assert fates(found)["住民課"] == ("20", How.FORMER)
    assert fates(found)["税務課"] == ("20", How.FORMER)


def test_a_person_may_choose_another_or_nobody():
    chosen = {str(JUMIN): "01", str(ZEIMU): NOBODY}
    found = compare(today(), plan(SAME[0]), chosen)
    assert fates(found)["住民課"] == ("01", How.CHOSEN)
    assert fates(found)["税務課"] == ("", How.NONE)


def test_a_section_whose_part_is_only_renamed_stays():
    moved = plan(("11", "企画総務部", "", "", ("10",)), ("01", "総務課", "総", "11"), *SAME[1:])
    found = compare(today(bu=True), moved)
    assert [fate.old.name for fate in found.ending] == ["総務部"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((SAME[0], ("01", "企画課", "企")), "2つ"),
        ((("01", "総務課", "総", "99"),), "上の所属コード99"),
        ((("01", "総務課", "総", "02"), ("02", "住民課", "住", "01")), "自分の下"),
        ((), "ひとつもありません"),
    ],
)
def test_what_is_wrong_is_said(rows, said):
    assert said in " ".join(compare(today(), plan(*rows)).problems)


def test_two_sections_with_one_symbol_are_warned_of():
    assert "総務課と企画課" in compare(today(), plan(*SAME, ("04", "企画課", "総"))).warnings[0]


def test_a_post_keeps_its_title_in_a_renamed_section():
    assert renamed("住民課課長", "住民課", "住民生活課") == "住民生活課課長"
    assert renamed("主事", "住民課", "住民生活課") == "主事"


TABLE = "令和9年度 組織表,,,,,\n課コード,課名,文書記号,旧コード,職名,備考\n01,総務課,総,,課長,\n20,くらし窓口課,く,02、03,課長,新\n20,くらし窓口課,く,,主事,\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_towns_own_table_is_read_by_its_confirmed_columns(encoding):
    grid = read_grid("組織.csv", TABLE.encode(encoding))
    columns = propose(grid, {})
    assert columns == {"code": "課コード", "name": "課名", "symbol": "文書記号", "former": "旧コード", "post": "職名"}
    read, unreadable = read_plan(grid, columns, {"課長": 40, "主事": 60})
    assert not unreadable
    assert [(each.code, each.name, each.former) for each in read.departments] == [
        ("01", "総務課", ()),
        ("20", "くらし窓口課", ("02", "03")),
    ]
    assert [(post.key, post.rank) for post in read.posts] == [("01/課長", 40), ("20/課長", 40), ("20/主事", 60)]


def test_lines_that_cannot_be_read_are_named():
    text = "所属コード,所属,職,順位\n01,総務課,課長,40\n01,企画課,課長,40\n,住民課,,\n03,税務課,参事,\n"
    grid = read_grid("a.csv", text.encode())
    _, unreadable = read_plan(grid, propose(grid, {}), {})
    assert [line.partition("：")[0] for line in unreadable] == ["3行目", "4行目", "5行目"]


def test_a_file_without_our_columns_is_refused():
    with pytest.raises(BadTable, match="見出し"):
        read_grid("a.csv", b"a,b\n1,2\n")
    with pytest.raises(BadTable, match="空"):
        read_grid("a.csv", b"")
