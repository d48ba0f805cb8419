"""What a drafter may add to the rule's route, and what not."""

from datetime import date
from uuid import UUID, uuid5

import pytest

from kakehashi.approvals.domain.authority import Grant, GrantKind, grant_for
from kakehashi.approvals.domain.paper import PaperReason, paper_reason
from kakehashi.approvals.domain.route_edits import (
    BadRouteEdit,
    NamedPost,
    RouteEdit,
    describe_edit,
    edit_from_json,
    edit_json,
    edit_route,
)
from kakehashi.approvals.domain.routes import AuthorityRule, LinePost, Route, resolve_route

DAY = date(2026, 11, 21)


def id_of(name: str) -> UUID:
    return uuid5(UUID(int=0), name)


def post(name: str) -> NamedPost:
    return NamedPost(id=id_of(name), label=name)


def route(*consults: str) -> Route:
    rule = AuthorityRule(
        id=None, matter_code="m", decider_title="課長", clause="第1項", valid_from=DAY,
        consult_posts=tuple(map(id_of, consults)),
    )  # fmt: skip
    line = [LinePost(id=id_of(n), label=n, is_head=n == "町長") for n in ("係長", "課長", "町長")]
    return resolve_route(rule, line, consult_labels={id_of(n): n for n in consults})


def kinds(changed: Route) -> list[tuple[int, str, str]]:
    return [(s.order, s.kind.value, s.post_label) for s in changed.steps]


def test_an_empty_edit_changes_nothing_and_needs_no_reason() -> None:
    assert edit_route(route("財政課長"), RouteEdit()) == route("財政課長")
    assert edit_json(RouteEdit()) == {}
    assert edit_from_json({}).is_empty


def test_added_sections_are_asked_beside_those_of_the_rule() -> None:
    edit = RouteEdit(consults=(post("総務課長"),), readers=(post("町長"),), reason="影響があるため")
    changed = edit_route(route("財政課長"), edit)
    assert kinds(changed) == [
        (1, "endorse", "係長"),
        (2, "consult", "財政課長"),
        (2, "consult", "総務課長"),
        (3, "decide", "課長"),
        (4, "above", "町長"),
    ]
    assert [s.post_label for s in changed.steps if s.is_added] == ["総務課長"]
    assert describe_edit(edit) == ("合議に総務課長を加えました。", "町長に供覧します。")
    assert edit_from_json(edit_json(edit)) == edit


def test_provisional_decision_comes_before_the_other_sections() -> None:
    changed = edit_route(route("財政課長"), RouteEdit(provisional=True, reason="先に方針を"))
    assert [(k, p) for _, k, p in kinds(changed)] == [
        ("endorse", "係長"),
        ("provisional", "課長"),
        ("consult", "財政課長"),
        ("decide", "課長"),
        ("above", "町長"),
    ]
    assert changed.decider.post_label == "課長"


@pytest.mark.parametrize(
    ("edit", "word"),
    [
        (RouteEdit(consults=(post("総務課長"),)), "理由"),
        (RouteEdit(consults=(post("財政課長"),), reason="念のため"), "すでに"),
        (RouteEdit(consults=(post("町長"),), reason="念のため"), "すでに"),
        (RouteEdit(consults=(post("総務課長"),) * 2, reason="念のため"), "二度"),
        (RouteEdit(readers=(post("係長"),), reason="念のため"), "供覧に加える必要はありません"),
    ],
)
def test_what_may_not_be_added(edit: RouteEdit, word: str) -> None:
    with pytest.raises(BadRouteEdit, match=word):
        edit_route(route("財政課長"), edit)


def test_a_provisional_decision_needs_somebody_to_ask() -> None:
    with pytest.raises(BadRouteEdit, match="合議のない"):
        edit_route(route(), RouteEdit(provisional=True, reason="先に"))


def test_a_grant_covers_its_days_and_its_matter() -> None:
    def grant(kind: GrantKind, matter: str = "", valid_to: date | None = None) -> Grant:
        return Grant(
            id=id_of(kind), kind=kind, post_id=id_of("町長"), acting_post_id=id_of("副町長"), clause="c",
            valid_from=DAY, valid_to=valid_to, matter_code=matter,
        )  # fmt: skip

    general, special = grant(GrantKind.STATUTORY_DEPUTY), grant(GrantKind.AUTHORITY_TRANSFER, "m", DAY)
    mine = {id_of("副町長")}
    assert grant_for([general, special], id_of("町長"), mine, "m", DAY) == special
    assert grant_for([general, special], id_of("町長"), mine, "m", date(2026, 11, 22)) == general
    assert grant_for([general], id_of("町長"), mine, "m", date(2026, 11, 20)) is None
    assert grant_for([general], id_of("課長"), mine, "m", DAY) is None
    assert [kind.label for kind in GrantKind] == ["職務代理", "事務取扱", "委任", "補助執行"]


def test_a_paper_reason_is_of_the_list_or_in_words() -> None:
    assert paper_reason("large", "A0の図面") == f"{PaperReason.LARGE.label}（A0の図面）"
    assert paper_reason("other", "理由") == "理由"
    assert paper_reason("", "") == ""
    for code in ("other", "nonsense"):
        with pytest.raises(ValueError, match=r"."):
            paper_reason(code, "")
