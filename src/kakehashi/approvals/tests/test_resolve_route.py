"""Routes: the rule of the day, the line of posts, consultees, bars, and who may not decide."""

from datetime import date
from uuid import UUID

import pytest

from kakehashi.approvals.domain.deputies import DeputyCandidate, acting_deputy
from kakehashi.approvals.domain.routes import (
    AuthorityRule,
    Bar,
    Basis,
    LinePost,
    NoRoute,
    resolve_route,
    rule_for,
)

SUB, MANAGER, VICE, MAYOR, FINANCE = (UUID(int=n) for n in range(1, 6))
LINE = (
    LinePost(id=SUB, label="総務課 係長"),
    LinePost(id=MANAGER, label="総務課長"),
    LinePost(id=VICE, label="副町長"),
    LinePost(id=MAYOR, label="町長", is_head=True),
)


def rule(**changes: object) -> AuthorityRule:
    values: dict[str, object] = {
        "id": None,
        "matter_code": "grant",
        "decider_title": "課長",
        "clause": "別表第1第3項",
        "valid_from": date(2020, 4, 1),
    }
    return AuthorityRule(**(values | changes))  # type: ignore[arg-type]


def drawn(route_rule: AuthorityRule, **options: object) -> list[tuple[str, str]]:
    route = resolve_route(route_rule, LINE, **options)  # type: ignore[arg-type]
    return [(step.kind.value, step.post_label) for step in route.steps]


def test_the_line_ends_at_the_decider_and_the_rest_is_struck_out() -> None:
    assert drawn(rule()) == [
        ("endorse", "総務課 係長"),
        ("decide", "総務課長"),
        ("above", "副町長"),
        ("above", "町長"),
    ]


def test_1_exactly_one_decider() -> None:
    for title in ("係長", "課長", "副町長", ""):
        kinds = [kind for kind, _ in drawn(rule(decider_title=title))]
        assert kinds.count("decide") == 1


def test_consultees_run_in_parallel_before_the_decider() -> None:
    other = UUID(int=9)
    route = resolve_route(rule(consult_posts=(FINANCE, other)), LINE, consult_labels={FINANCE: "財政課長"})
    orders = [(step.kind.value, step.order) for step in route.steps]
    assert orders[:4] == [("endorse", 1), ("consult", 2), ("consult", 2), ("decide", 3)]


def test_a_bar_raises_the_decision_to_the_head() -> None:
    route = resolve_route(rule(), LINE, bars=[Bar.DISPUTE])
    assert route.decider.post_id == MAYOR
    assert route.basis is Basis.HEAD
    assert "紛争" in route.raised_because


def test_drafter_post_on_the_line_is_passed_over() -> None:
    route = resolve_route(rule(), LINE[1:], drafter_posts=frozenset({MANAGER}))
    assert route.decider.post_id == VICE
    assert "直近上位" in route.raised_because


def test_a_drafter_below_the_decider_does_not_change_the_decider() -> None:
    route = resolve_route(rule(), LINE, drafter_posts=frozenset({SUB}))
    assert [step.post_id for step in route.steps][:1] == [MANAGER]
    assert route.raised_because == ""


def test_the_head_cannot_decide_what_he_drafted_unless_the_rules_say_so() -> None:
    head_rule = rule(decider_title="")
    with pytest.raises(NoRoute):
        resolve_route(head_rule, LINE[3:], drafter_posts=frozenset({MAYOR}))
    allowed = rule(decider_title="", self_decision_allowed=True)
    route = resolve_route(allowed, LINE[3:], drafter_posts=frozenset({MAYOR}))
    assert route.decider.post_id == MAYOR


def test_a_title_names_posts_of_every_section_but_not_the_vice() -> None:
    assert LinePost(id=SUB, label="住民課課長").has_title("課長")
    assert not LinePost(id=SUB, label="副町長").has_title("町長")
    assert LinePost(id=SUB, label="副町長").has_title("副町長")


def test_no_post_or_no_line_is_said_in_words() -> None:
    with pytest.raises(NoRoute):
        resolve_route(rule(decider_title="部長"), LINE)
    with pytest.raises(NoRoute):
        resolve_route(rule(), ())


def test_rules_of_two_generations_are_chosen_by_the_day() -> None:
    old = rule(valid_to=date(2027, 3, 31), clause="旧")
    new = rule(valid_from=date(2027, 4, 1), clause="新", decider_title="")
    assert rule_for([old, new], "grant", None, date(2027, 3, 31)).clause == "旧"
    assert rule_for([old, new], "grant", None, date(2027, 4, 1)).clause == "新"


def test_the_smallest_limit_that_covers_the_amount_wins() -> None:
    rules = [
        rule(amount_limit=500_000, clause="課長"),
        rule(amount_limit=5_000_000, decider_title="副町長", clause="副町長"),
        rule(decider_title="", clause="町長"),
    ]
    found = [rule_for(rules, "grant", a, date(2026, 6, 1)).clause for a in (500_000, 500_001, 10**8)]
    assert found == ["課長", "副町長", "町長"]
    with pytest.raises(NoRoute):
        rule_for(rules, "unknown", None, date(2026, 6, 1))


def candidate(n: int, *, absent: bool = False, vacant: bool = False) -> DeputyCandidate:
    person = None if vacant else UUID(int=100 + n)
    return DeputyCandidate(post_id=UUID(int=n), post_label=f"職{n}", person_id=person, is_absent=absent)


def test_the_first_present_deputy_acts_and_never_the_drafter() -> None:
    order = [candidate(1, absent=True), candidate(2, vacant=True), candidate(3), candidate(4)]
    first = acting_deputy(order, drafter_id=UUID(int=999))
    assert first is not None
    assert first.post_label == "職3"
    second = acting_deputy(order, drafter_id=UUID(int=103))
    assert second is not None
    assert second.post_label == "職4"
    assert acting_deputy(order[:2], drafter_id=UUID(int=999)) is None


def test_without_an_amount_nobody_is_chosen_where_the_decider_depends_on_it() -> None:
    rules = [rule(amount_limit=500_000, clause="課長"), rule(decider_title="", clause="町長")]
    with pytest.raises(NoRoute, match="金額を記入"):
        rule_for(rules, "grant", None, date(2026, 6, 1))
    assert rule_for(rules[:1], "grant", None, date(2026, 6, 1)).clause == "課長"
