"""三者の比較: what always holds of a merge, and the sentences people choose by."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kakehashi.eforms.domain.conditions import Condition, fields_of
from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, Step, from_json, to_json
from kakehashi.eforms.domain.edits import add_step
from kakehashi.eforms.domain.merging import BASE, BOTH, OWN, Merge, Told, merge_forms, tell
from kakehashi.eforms.domain.whole_form import Fee, ScreeningQuestion

KINDS = (Option("new", "新規"), Option("change", "変更"))


def a_form(pages: int = 3, fields: int = 3) -> FormDefinition:
    steps, number = [], 1
    for page in range(pages):
        made = []
        for _ in range(fields):
            options = KINDS if number % 3 == 0 else ()
            made.append(Field(f"text_{number}", "choice" if options else "text", f"項目{number}", options=options))
            number += 1
        steps.append(Step(f"page_{100 + page}", f"ページ{page + 1}", tuple(made)))
    return from_json(to_json(FormDefinition(steps=tuple(steps), next_number=200)))


FORM = a_form()
ONE = st.tuples(st.integers(0, 11), st.integers(0, 30), st.integers(0, 30))
EDITS = st.lists(ONE, max_size=6)
FEW = settings(max_examples=40)


def with_fields(form: FormDefinition, page: int, fields: list[Field]) -> FormDefinition:
    steps = list(form.steps)
    steps[page] = replace(steps[page], fields=tuple(fields))
    return replace(form, steps=tuple(steps))


def edited(form: FormDefinition, edits: list[tuple[int, int, int]], who: str) -> FormDefinition:
    """The form after random acts of one side; new keys are numbered apart as they are in real life."""
    start = 5_001 if who == "own" else 201
    form = replace(form, next_number=max(form.next_number, start))
    for edit in edits:
        form = _one(form, edit, who)
    return from_json(to_json(form))


def _one(form: FormDefinition, edit: tuple[int, int, int], who: str) -> FormDefinition:
    act, at, by = edit
    if not form.steps:
        return form
    page = at % len(form.steps)
    fields = list(form.steps[page].fields)
    if act == 0 or not fields:
        added = Field(f"text_{form.next_number}", "text", f"{who}の項目{form.next_number}")
        fields.insert(by % (len(fields) + 1), added)
        return replace(with_fields(form, page, fields), next_number=form.next_number + 1)
    if act == 1:
        return replace(form, steps=form.steps[:page] + form.steps[page + 1 :])
    if act == 2:
        return add_step(form, f"{who}のページ")[0]
    if act == 3:
        return replace(form, steps=tuple(sorted(form.steps, key=lambda step: (by * 7 + len(step.title)) % 5)))
    place = by % len(fields)
    if act == 4:
        return with_fields(form, page, [*fields[:place], *fields[place + 1 :]])
    if act == 5:
        moved = fields.pop(place)
        form = with_fields(form, page, fields)
        other = (page + 1) % len(form.steps)
        return with_fields(form, other, [moved, *form.steps[other].fields])
    if act == 6:
        fields.insert(0, fields.pop(place))
        return with_fields(form, page, fields)
    fields[place] = _changed(fields[place], act, by, who, form)
    return with_fields(form, page, fields)


def _changed(field: Field, act: int, by: int, who: str, form: FormDefinition) -> Field:
    if act == 7:
        return replace(field, label=f"{who}{by % 3}")
    if act == 8:
        return replace(field, required=not field.required, help=f"{who}の説明")
    if act == 9:
        looked_at = form.steps[0].fields[0].key if form.steps[0].fields else field.key
        return replace(field, condition=Condition("answered", looked_at) if looked_at != field.key else None)
    if act == 10:
        return replace(field, translations={"en": {"label": f"{who} {by}"}}, settings={"max_length": by})
    if field.options and all(option.value != f"{who}{by}" for option in field.options):
        return replace(field, options=(*field.options, Option(f"{who}{by}", f"{who}の選択肢{by}"))[by % 2 :])
    return replace(field, protected=not field.protected)


def whole(merge: Merge) -> FormDefinition:
    assert merge.definition is not None, merge.refused
    return merge.definition


@FEW
@given(EDITS)
def test_without_changes_of_ones_own_the_new_base_comes(edits: list[tuple[int, int, int]]) -> None:
    new = edited(FORM, edits, "base")
    merge = merge_forms(FORM, new, FORM)
    assert to_json(whole(merge)) == to_json(new)
    assert merge.open_points == []


@FEW
@given(EDITS)
def test_without_changes_of_the_base_ones_own_stays(edits: list[tuple[int, int, int]]) -> None:
    own = edited(FORM, edits, "own")
    merge = merge_forms(FORM, FORM, own)
    assert to_json(whole(merge)) == to_json(own)
    assert merge.points == []


@FEW
@given(EDITS, EDITS)
def test_twice_is_once_and_the_result_can_be_read(
    base: list[tuple[int, int, int]], mine: list[tuple[int, int, int]]
) -> None:
    new, own = edited(FORM, base, "base"), edited(FORM, mine, "own")
    merge = merge_forms(FORM, new, own)
    made = whole(merge)
    assert from_json(to_json(made)) == made
    assert to_json(whole(merge_forms(FORM, new, made))) == to_json(made)
    assert to_json(whole(merge_forms(new, new, made))) == to_json(made)
    dangling = {key for _, one in made.walk() for key in fields_of(one.condition)} - set(made.by_key)
    ours = {key for _, one in own.walk() for key in fields_of(one.condition)} - set(own.by_key)
    theirs = {key for _, one in new.walk() for key in fields_of(one.condition)} - set(new.by_key)
    assert merge.problems or not dangling - ours - theirs
    assert all(told.about and told.change and len(told.choices) >= 2 for told in tell(merge.points, FORM, new, own))


@FEW
@given(EDITS, EDITS)
def test_every_choice_gives_a_form_or_says_why(
    base: list[tuple[int, int, int]], mine: list[tuple[int, int, int]]
) -> None:
    new, own = edited(FORM, base, "base"), edited(FORM, mine, "own")
    points = merge_forms(FORM, new, own).points
    for choice in (OWN, BASE):
        merge = merge_forms(FORM, new, own, {point.id: choice for point in points})
        assert merge.definition is not None or merge.refused
        assert [point.path for point in merge.points if point.is_open] == []
    kept = merge_forms(FORM, new, own, {point.id: OWN for point in points})
    assert {one.key for _, one in whole(kept).walk()} == {one.key for _, one in own.walk()}


@FEW
@given(st.lists(st.tuples(st.integers(7, 10), st.just(0), st.integers(0, 2)), max_size=5),
       st.lists(st.tuples(st.integers(7, 10), st.just(2), st.integers(0, 2)), max_size=5))  # fmt: skip
def test_changes_in_different_places_commute(
    first: list[tuple[int, int, int]], second: list[tuple[int, int, int]]
) -> None:
    one, other = edited(FORM, first, "one"), edited(FORM, second, "one")
    assert to_json(whole(merge_forms(FORM, one, other))) == to_json(whole(merge_forms(FORM, other, one)))


def told_of(old: FormDefinition, new: FormDefinition, own: FormDefinition) -> dict[str, Told]:
    return {told.about: told for told in tell(merge_forms(old, new, own).points, old, new, own)}


def changed(form: FormDefinition, key: str, **changes: object) -> FormDefinition:
    steps = tuple(
        replace(step, fields=tuple(replace(one, **changes) if one.key == key else one for one in step.fields))  # type: ignore[arg-type]
        for step in form.steps
    )
    return from_json(to_json(replace(form, steps=steps)))


def test_a_conflict_is_asked_and_both_texts_can_stand() -> None:
    new, own = changed(FORM, "text_1", help="国の説明"), changed(FORM, "text_1", help="町の説明")
    told = told_of(FORM, new, own)["「項目1」の説明"]
    assert (told.is_open, told.change, told.here) == (
        True, "基本様式が変わりました：なし → 「国の説明」", "この団体では：「町の説明」",
    )  # fmt: skip
    both = merge_forms(FORM, new, own, {told.id: BOTH})
    assert whole(both).by_key["text_1"].help == "町の説明\n国の説明"


def test_an_option_of_each_side_stands_beside_the_other() -> None:
    new = changed(FORM, "text_3", options=(*KINDS, Option("stop", "廃止")))
    own = changed(FORM, "text_3", options=(Option("new", "あたらしく"), KINDS[1], Option("town", "町だけ")))
    merge = merge_forms(FORM, new, own)
    assert [option.label for option in whole(merge).by_key["text_3"].options] == [
        "あたらしく",
        "変更",
        "廃止",
        "町だけ",
    ]
    assert [told.about for told in tell(merge.points, FORM, new, own)] == ["「項目3」の選択肢「廃止」"]


def without(form: FormDefinition, key: str) -> FormDefinition:
    steps = tuple(replace(step, fields=tuple(one for one in step.fields if one.key != key)) for step in form.steps)
    return replace(form, steps=steps)


def test_a_dropped_field_that_is_used_here_is_asked_about_and_named() -> None:
    own = changed(FORM, "text_2", condition=Condition("answered", "text_1"))
    new = without(FORM, "text_1")
    told = told_of(FORM, new, own)["「項目1」（ページ「ページ1」）"]
    assert told.is_open
    assert whole(merge_forms(FORM, new, own)).by_key["text_1"]
    dropped = merge_forms(FORM, new, own, {told.id: BASE})
    assert dropped.problems == ["「項目2」の条件が、なくなる「項目1」を見ています。"]


def test_what_was_dropped_here_and_changed_there_is_asked_about() -> None:
    new, own = changed(FORM, "text_1", label="新しい文"), without(FORM, "text_1")
    told = told_of(FORM, new, own)["「新しい文」（ページ「ページ1」）"]
    assert (told.is_open, [choice.label for choice in told.choices]) == (
        True, ["基本様式のものを入れる", "消したままにする"],
    )  # fmt: skip
    assert whole(merge_forms(FORM, new, own, {told.id: BASE})).by_key["text_1"].label == "新しい文"


def test_a_dropped_page_with_questions_of_ones_own() -> None:
    new = replace(FORM, steps=FORM.steps[1:])
    own = edited(FORM, [(0, 0, 0)], "own")
    told = told_of(FORM, new, own)
    assert told["ページ「ページ1」"].is_open
    merge = merge_forms(FORM, new, own, {told["ページ「ページ1」"].id: BASE})
    assert merge.notes == ["ページ「ページ1」がないので、「ownの項目5001」はページ「ページ2」に入れます。"]
    assert "text_5001" in [one.key for one in whole(merge).steps[0].fields]


def test_moved_there_and_renamed_here() -> None:
    new = edited(FORM, [(5, 0, 0)], "base")
    own = changed(FORM, "text_1", label="町の名前")
    merge = merge_forms(FORM, new, own)
    assert [(step.key, one.label) for step, one in whole(merge).walk() if one.key == "text_1"] == [
        ("page_101", "町の名前")
    ]
    told = tell(merge.points, FORM, new, own)
    assert [one.change for one in told] == ["基本様式が変わりました：「ページ1」 → 「ページ2」"]


def test_the_fee_and_the_questions_before_starting() -> None:
    question = ScreeningQuestion("check_1", "町民ですか", why="対象外です")
    old = replace(FORM, fee=Fee(yen=300), screening=(question,))
    new = replace(old, fee=Fee(yen=400), screening=(replace(question, why="県民だけです"),))
    told = told_of(old, new, replace(old, fee=Fee(yen=200)))
    assert told["手数料"].change == "基本様式が変わりました：300円 → 400円"
    assert "はじめる前の質問「町民ですか」の進めない理由" in told


def test_a_new_page_keeps_the_fee_and_the_blocks() -> None:
    assert add_step(replace(FORM, fee=Fee(yen=300)), "次")[0].fee == Fee(yen=300)


def test_a_hundred_fields_take_little_time() -> None:
    old = a_form(10, 10)
    new = own = old
    for number in range(1, 101, 2):
        new, own = changed(new, f"text_{number}", help="国"), changed(own, f"text_{number}", help="町")
    began = time.perf_counter()
    merge = merge_forms(old, new, own)
    tell(merge.points, old, new, own)
    assert (len(merge.open_points), time.perf_counter() - began < 0.5) == (50, True)
