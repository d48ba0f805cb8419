"""The layout of a logic model: columns, lanes of long arrows, lines of text; and what is weak."""

from datetime import date
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.plans.domain.logic import (
    EVIDENCE_KINDS,
    STAGES,
    Arrow,
    Box,
    Model,
    Proof,
    Stage,
    from_kept,
    kept,
    may_link,
    unlinked,
    unmeasured,
    weak_arrows,
)
from kakehashi.plans.domain.logic_layout import BOX_WIDTH, HEAD, lay_out, wrapped

TODAY = date(2026, 11, 21)


def box(number, stage, text="箱", **more):
    return Box(UUID(int=number), stage, text, number, **more)


def arrow(start, end, *proofs):
    return Arrow(UUID(int=start.order * 100 + end.order), start, end, proofs)


@st.composite
def models(draw):
    stages = draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=14))
    boxes = [box(number, stage, "あ" * (number % 30 + 1)) for number, stage in enumerate(stages, 1)]
    pairs = [(a, b) for a in boxes for b in boxes if may_link(a.stage, b.stage)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=20, unique=True)) if pairs else []
    return Model("図", boxes, [arrow(a, b) for a, b in chosen])


@given(models())
def test_boxes_never_lie_on_each_other_and_arrows_lead_to_the_right(model):
    drawing = lay_out(model)
    by_column = {}
    for one in drawing.boxes:
        assert HEAD <= one.y <= one.y + one.height <= drawing.height
        assert 0 <= one.x <= one.x + BOX_WIDTH <= drawing.width
        by_column.setdefault(one.x, []).append(one)
    for column in by_column.values():
        column.sort(key=lambda one: one.y)
        assert [one.box.order for one in column] == sorted(one.box.order for one in column)
        assert all(a.y + a.height < b.y for a, b in pairwise(column))
    places = {one.box.id: one for one in drawing.boxes}
    assert all(places[one.arrow.start.id].x < places[one.arrow.end.id].x for one in drawing.arrows)
    assert len(drawing.arrows) == len(model.arrows)
    assert lay_out(model) == drawing


def test_an_arrow_that_jumps_passes_between_the_boxes():
    a, b, c, d = box(1, Stage.ACTIVITY), box(2, Stage.OUTPUT), box(3, Stage.OUTPUT), box(4, Stage.IMPACT)
    drawing = lay_out(Model("図", [a, b, c, d], [arrow(a, d), arrow(a, b), arrow(a, c)]))
    long = next(one for one in drawing.arrows if one.arrow.end is d)
    assert not any(one.y <= long.y <= one.y + one.height for one in drawing.boxes if one.box.stage is Stage.OUTPUT)


def test_lines_break_as_japanese_is_set():
    assert wrapped("あいうえお、かき", 14 * 5, 14) == ["あいうえお、", "かき"]
    assert wrapped("", 100, 14) == [""]
    assert "".join(wrapped("窓口の待ち時間が短くなる", 70, 14)) == "窓口の待ち時間が短くなる"


def test_only_to_the_right_so_that_no_cycle_can_be():
    assert may_link(Stage.INPUT, Stage.IMPACT)
    assert not may_link(Stage.OUTPUT, Stage.OUTPUT)
    assert not may_link(Stage.IMPACT, Stage.INPUT)


def test_weak_arrows_come_weakest_first_with_what_would_help():
    a, b, c = box(1, Stage.ACTIVITY), box(2, Stage.OUTPUT, indicator="件数"), box(3, Stage.OUTCOME_SHORT)
    bare, guess = arrow(a, b), arrow(b, c, Proof("experience", "課の話"))
    sure, old = arrow(a, c, Proof("expert"), Proof("research", "論文")), arrow(a, b, Proof("statistics", as_of=date(2020, 1, 1)))  # fmt: skip
    found = weak_arrows([sure, guess, bare, old], TODAY)
    assert [one.arrow for one in found] == [bare, guess, old]
    assert found[0].next == EVIDENCE_KINDS["none"].next
    assert "古" in found[2].why or "前のもの" in found[2].why
    assert sure.grade.label == "研究・論文"
    model = Model("図", [a, b, c, box(4, Stage.IMPACT)], [bare, guess])
    assert unmeasured(model) == [a, c]
    assert [one.order for one in unlinked(model)] == [4]


@given(models())
def test_what_a_version_keeps_comes_back(model):
    again = from_kept("図", kept(model))
    assert kept(again) == kept(model)
