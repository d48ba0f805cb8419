"""Route resolution: from the 専決 table of a day to the posts that endorse, consult and decide.

Posts, not persons: who holds a post is asked only when the proposal reaches it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from kakehashi.approvals.domain.states import StepKind


class Basis(StrEnum):
    """The basis of authority an act rests on. The first three follow from the rule and the day; the
    others are granted by an act of their own (`domain.authority`).
    """

    HEAD = "head"
    STANDING_DELEGATION = "standing_delegation"
    ACTING = "acting"
    STATUTORY_DEPUTY = "statutory_deputy"
    ACTING_APPOINTMENT = "acting_appointment"
    AUTHORITY_TRANSFER = "authority_transfer"
    ASSISTED_EXECUTION = "assisted_execution"

    @property
    def label(self) -> str:
        """The field's word."""
        return BASIS_LABELS[self]


BASIS_LABELS: dict[Basis, str] = {
    Basis.HEAD: "首長決裁",
    Basis.STANDING_DELEGATION: "専決",
    Basis.ACTING: "代決",
    Basis.STATUTORY_DEPUTY: "職務代理",
    Basis.ACTING_APPOINTMENT: "事務取扱",
    Basis.AUTHORITY_TRANSFER: "委任",
    Basis.ASSISTED_EXECUTION: "補助執行",
}


class Bar(StrEnum):
    """Why a matter goes up to the head although the table delegates it."""

    ASSEMBLY = "assembly"
    IMPORTANT = "important"
    UNUSUAL = "unusual"
    PRECEDENT = "precedent"
    DISPUTE = "dispute"

    @property
    def label(self) -> str:
        """The words of the rules."""
        return {
            "assembly": "議会に関するもの",
            "important": "重要なもの",
            "unusual": "異例のもの",
            "precedent": "先例となるもの",
            "dispute": "紛争・論争のあるもの",
        }[self.value]


@dataclass(frozen=True, kw_only=True)
class AuthorityRule:
    """One line of the 専決 table (事務決裁規程 別表).

    `decider_title` is the title of the post that decides (課長); an empty one means the head.
    `decider_posts` are the posts that title stands for (empty: the title itself). Amounts in yen, both inclusive; None: without
    limit. `departments`: whose proposals alone the line is for (empty: all). `consult_posts` are asked in parallel, save
    those with a place in `consult_places`, who come after the lower places; `consult_schools` says of whom consent is asked
    and whose opinion is only heard, `default_school` of those the drafter adds. `valid_to` is the last day (None: still in force).
    """

    id: UUID | None
    matter_code: str
    decider_title: str
    clause: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    amount_from: int | None = None
    amount_limit: int | None = None
    departments: tuple[str, ...] = ()
    decider_posts: tuple[str, ...] = ()
    consult_posts: tuple[UUID, ...] = ()
    consult_places: dict[UUID, int] = field(default_factory=dict)
    consult_schools: dict[UUID, str] = field(default_factory=dict)
    default_school: str = ""
    deputy_barred: bool = False
    self_decision_allowed: bool = False


@dataclass(frozen=True, kw_only=True)
class LinePost:
    """A post on the drafter's line of superiors. `is_head` marks the head of the government."""

    id: UUID
    label: str
    is_head: bool = False

    def has_title(self, title: str, posts: Sequence[str] = ()) -> bool:
        """Whether this is the kind of post a rule names: 住民課課長 is a 課長, 副町長 is no 町長; `posts` are other names of it."""
        if not title:
            return self.is_head
        names = posts or (title,)
        return any(self.label.endswith(name) and not self.label.endswith(f"副{name}") for name in names)


@dataclass(frozen=True, kw_only=True)
class RouteStep:
    """One box: its place in the order (equal places run in parallel), kind and post.

    `is_added`: the drafter put it there, not the rule. `school` of a 合議: consent or opinion.
    """

    order: int
    kind: StepKind
    post_id: UUID
    post_label: str
    is_added: bool = False
    school: str = ""


@dataclass(frozen=True, kw_only=True)
class Route:
    """The resolved route with the rule it rests on and, where it went up, the reason."""

    steps: tuple[RouteStep, ...]
    rule: AuthorityRule
    basis: Basis
    clause: str
    raised_because: str = ""

    @property
    def decider(self) -> RouteStep:
        """The one step that decides."""
        return next(step for step in self.steps if step.kind is StepKind.DECIDE)


class NoRoute(Exception):
    """No rule or no post: the text says which, in Japanese."""


def rule_for(
    rules: Sequence[AuthorityRule],
    matter_code: str,
    amount: int | None,
    as_of: dt.date,
    departments: Sequence[str] = (),
) -> AuthorityRule:
    """The rule in force on the day: the one with the smallest limit that covers the amount.

    Rules of two generations may stand side by side; the day decides. `departments` are names and codes of the drafter's
    department and those above it, nearest first: the first that has lines of its own is judged by them.
    Raises `NoRoute`, also for an amount that is not known where the decider depends on it.
    """
    of_the_day = [
        rule
        for rule in rules
        if rule.matter_code == matter_code
        and rule.valid_from <= as_of
        and (rule.valid_to is None or as_of <= rule.valid_to)
    ]
    in_force = [
        rule
        for rule in _of_department(of_the_day, departments)
        if (rule.amount_limit is None or amount is None or amount <= rule.amount_limit)
        and (rule.amount_from is None or amount is None or amount >= rule.amount_from)
    ]
    if not in_force:
        raise NoRoute("この事項の決裁区分が、事務決裁規程に定められていません。")
    if amount is None and len({rule.amount_limit for rule in in_force}) > 1:
        raise NoRoute("この事項は、金額によって決裁者が変わります。金額を記入してください。")
    return min(
        in_force,
        key=lambda r: (r.amount_limit is None, r.amount_limit or 0, -r.valid_from.toordinal()),
    )


def _of_department(rules: Sequence[AuthorityRule], departments: Sequence[str]) -> list[AuthorityRule]:
    for name in departments:
        own = [rule for rule in rules if name in rule.departments]
        if own:
            return own
    return [rule for rule in rules if not rule.departments]


def resolve_route(
    rule: AuthorityRule,
    line: Sequence[LinePost],
    *,
    drafter_posts: frozenset[UUID] = frozenset(),
    consult_labels: dict[UUID, str] | None = None,
    bars: Sequence[Bar] = (),
) -> Route:
    """Posts from the drafter to the decider, consultees in parallel, and those above struck out.

    `line` is the drafter's own post and those above, nearest first, the head last. Posts the
    drafter holds neither endorse nor decide; the next one above does. Raises `NoRoute` when the line lacks the deciding post.
    """
    own = [post for post in line if post.id in drafter_posts and not rule.self_decision_allowed]
    open_line = [post for post in line if post not in own]
    drafter_would_decide = any(post.has_title(rule.decider_title, rule.decider_posts) for post in own)
    place, raised = _decider_place(rule, open_line, drafter_would_decide, bars)
    labels = consult_labels or {}
    steps: list[RouteStep] = []
    for post in open_line[:place]:
        steps.append(_step(len(steps) + 1, StepKind.ENDORSE, post.id, post.label))
    order = len(steps) + 1
    taken = {step.post_id for step in steps} | {open_line[place].id}
    consultees = [post_id for post_id in rule.consult_posts if post_id not in taken]
    places = sorted({rule.consult_places.get(post_id, 0) for post_id in consultees})
    for post_id in sorted(consultees, key=lambda each: rule.consult_places.get(each, 0)):
        turn = places.index(rule.consult_places.get(post_id, 0))
        school = rule.consult_schools.get(post_id, rule.default_school)
        step = _step(order + turn, StepKind.CONSULT, post_id, labels.get(post_id, ""))
        steps.append(replace(step, school=school))
    order += len(places)
    for offset, post in enumerate(open_line[place:]):
        kind = StepKind.ABOVE if offset else StepKind.DECIDE
        steps.append(_step(order + offset, kind, post.id, post.label))
    decider = open_line[place]
    return Route(
        steps=tuple(steps),
        rule=rule,
        basis=Basis.HEAD if decider.is_head else Basis.STANDING_DELEGATION,
        clause=rule.clause,
        raised_because=raised,
    )


def _decider_place(
    rule: AuthorityRule, line: list[LinePost], drafter_would_decide: bool, bars: Sequence[Bar]
) -> tuple[int, str]:
    """Where on the line the decision falls, and why it went higher than the table says."""
    if not line:
        raise NoRoute("起案者の上に、決裁する職がありません。")
    if (bars or not rule.decider_title) and not line[-1].is_head:
        raise NoRoute("首長の職が登録されていません。組織の設定を確かめてください。")
    if bars:
        words = "、".join(bar.label for bar in bars)
        return len(line) - 1, f"{words}であるため、専決によらず首長の決裁とします。"
    if not rule.decider_title:
        return len(line) - 1, ""
    if drafter_would_decide:
        return 0, "起案者が専決権者であるため、直近上位の職の決裁とします。"
    for place, post in enumerate(line):
        if post.has_title(rule.decider_title, rule.decider_posts):
            return place, ""
    raise NoRoute(f"起案者の系列に「{rule.decider_title}」の職がありません。")


def _step(order: int, kind: StepKind, post_id: UUID, label: str) -> RouteStep:
    return RouteStep(order=order, kind=kind, post_id=post_id, post_label=label)
