"""Routes of a day: the 専決 table in force, the drafter's line of posts, and what follows from both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import F, QuerySet

from kakehashi.approvals.domain import routes
from kakehashi.approvals.domain.likening import Likening, likened_clause, why_not_likened
from kakehashi.approvals.domain.packs import deciding
from kakehashi.approvals.domain.packs.document import ConsultLine
from kakehashi.approvals.domain.route_edits import NamedPost
from kakehashi.approvals.domain.routes import Bar, LinePost, NoRoute, Route
from kakehashi.approvals.models import AuthorityRule, Matter
from kakehashi.approvals.selectors.packs import deciding_rule, document_of, names_of, pack_on, post_meant
from kakehashi.kernel import clock
from kakehashi.kernel.shared_reads import read_once
from kakehashi.people.models import Department, Person, Post
from kakehashi.people.selectors import posts_of, superiors_of, valid_on


def active_matters() -> QuerySet[Matter]:
    """決裁事項 that can be proposed, in the order of the table."""
    return Matter.objects.filter(is_active=True).order_by("order", "code")


def consults_of(row: AuthorityRule, amount: int | None, on: dt.date) -> tuple[dict[UUID, int], dict[UUID, ConsultLine]]:
    """合議 by the rule's pack for an amount: posts of that day with their place in the order, and the lines behind them.

    A post the organisation does not have is left out; the pack's linter says so.
    """
    if row.pack_id is None or row.pack is None:
        return {}, {}
    lines = deciding.consults_for(document_of(row.pack), row.matter.code, amount)
    posts = list(Post.objects.filter(valid_on(on)).order_by("rank", "name")) if lines else []
    meant = {line.post: post for line in lines if (post := post_meant(document_of(row.pack), line.post, None, posts))}
    places = deciding.consult_places(lines)
    return (
        {meant[line.post].id: places[line.post] for line in lines if line.post in meant},
        {meant[line.post].id: line for line in lines if line.post in meant},
    )


def route_rules(matter_code: str) -> list[routes.AuthorityRule]:
    """All generations of rules of a matter, as the resolver reads them."""
    rows = AuthorityRule.objects.filter(matter__code=matter_code).prefetch_related("consults")
    return [_rule(row, matter_code) for row in rows]


def _rule(row: AuthorityRule, matter_code: str) -> routes.AuthorityRule:
    return routes.AuthorityRule(
        id=row.id,
        matter_code=matter_code,
        decider_title=row.decider_title,
        clause=str(row),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        amount_from=row.amount_from,
        amount_limit=row.amount_limit,
        departments=tuple(row.departments),
        decider_posts=tuple(row.decider_posts),
        consult_posts=tuple(consult.post_id for consult in row.consults.all()),
        deputy_barred=row.deputy_barred,
        self_decision_allowed=row.self_decision_allowed,
    )


def line_of(post: Post, on: dt.date) -> list[LinePost]:
    """A post and those above it on a day, nearest first; the topmost one without a department is the head."""
    line = [post, *superiors_of(post, on)]
    return [LinePost(id=p.id, label=p.name, is_head=p.department_id is None and p is line[-1]) for p in line]


@read_once
def plan_route(
    *,
    drafter: Person,
    drafter_post: Post,
    matter: Matter,
    amount: int | None,
    bars: Sequence[Bar],
    on: dt.date,
    likening: Likening | None = None,
) -> Route:
    """The route a proposal of this drafter would take on that day. Raises `NoRoute` with the reason in Japanese.

    With a `likening` the line of the likened matter decides, and the clause says by which article.
    """
    rule = rule_on(matter, amount, drafter_post, on)
    if likening is not None:
        rule = _likened_rule(matter, likening, amount, drafter_post, on)
    rule = _with_consults(rule, amount, on)
    consult_posts = Post.objects.filter(id__in=rule.consult_posts)
    return routes.resolve_route(
        rule,
        line_of(drafter_post, on),
        drafter_posts=frozenset(post.id for post in posts_of(drafter, on)),
        consult_labels={post.id: post.name for post in consult_posts},
        bars=bars,
    )


def _likened_rule(
    matter: Matter, likening: Likening, amount: int | None, drafter_post: Post, on: dt.date
) -> routes.AuthorityRule:
    """The line of the matter that is likened to, where the rules allow it. Raises `NoRoute`."""
    pack = pack_on(on)
    document = document_of(pack) if pack else None
    refusal = why_not_likened(document, matter.code, likening)
    other = Matter.objects.filter(code=likening.matter_code, is_active=True).first()
    if refusal or document is None or other is None:
        raise NoRoute(refusal or "なぞらえる事項が見つかりません。")
    rule = rule_on(other, amount, drafter_post, on)
    return replace(rule, clause=likened_clause(document, rule.clause, likening))


def rule_on(matter: Matter, amount: int | None, drafter_post: Post, on: dt.date) -> routes.AuthorityRule:
    """The line that decides, by the one computation of the rule pack (`packs.deciding_rule`), as the row of its version.

    Rules without a pack, or of a matter the version does not know, are chosen among themselves. Raises `NoRoute`.
    """
    names = names_of(drafter_post.department)
    pack = pack_on(on)
    document = document_of(pack) if pack else None
    if pack is None or document is None or not deciding.rules_for(document, matter.code, names):
        return routes.rule_for(route_rules(matter.code), matter.code, amount, on, names)
    if amount is None and deciding.needs_amount(document, matter.code, names):
        raise NoRoute("この事項は、金額によって決裁者が変わります。金額を記入してください。")
    found = deciding_rule(matter.code, amount, drafter_post.department, on)
    if found is None:
        raise NoRoute("この事項の決裁区分が、事務決裁規程にひとつに定まっていません。")
    line = found.line
    row = AuthorityRule.objects.filter(
        pack=pack,
        matter=matter,
        clause=line.clause,
        departments=list(line.departments),
        amount_from=line.band.start or None,
        amount_limit=None if line.band.below is None else line.band.below - 1,
        decider_title="" if found.title.is_head else line.decider,
    ).prefetch_related("consults")
    return _rule(row.get(), matter.code)


@read_once
def wants_amount(matter_code: str, department: Department, on: dt.date) -> bool:
    """Whether the rules of a day need an amount to name the decider of a matter for a section."""
    pack = pack_on(on)
    return pack is not None and deciding.needs_amount(document_of(pack), matter_code, names_of(department))


def _with_consults(rule: routes.AuthorityRule, amount: int | None, on: dt.date) -> routes.AuthorityRule:
    """The rule with the posts its pack asks, besides those added by hand."""
    assert rule.id is not None
    row = AuthorityRule.objects.select_related("matter", "pack").defer("pack__document").get(id=rule.id)
    places, lines = consults_of(row, amount, on)
    school = document_of(row.pack).consult_school if row.pack is not None else ""
    rule = replace(
        rule,
        default_school=school,
        consult_schools={post_id: line.school for post_id, line in lines.items()},
    )
    if not places:
        return rule
    added = tuple(post_id for post_id in rule.consult_posts if post_id not in places)
    return replace(rule, consult_posts=(*places, *added), consult_places=places)


def posts_to_choose(on: dt.date) -> list[Post]:
    """Every post that can be asked or shown something, section by section; the head's come first."""
    rows = Post.objects.filter(valid_on(on)).select_related("department")
    return list(rows.order_by(F("department__order").asc(nulls_first=True), "department__code", "rank", "name"))


def named_posts(ids: Collection[str]) -> tuple[NamedPost, ...]:
    """Posts by their ids as chosen on a form, in the order of the organisation."""
    chosen = set(ids)
    found = [post for post in posts_to_choose(clock.today()) if str(post.id) in chosen]
    return tuple(NamedPost(id=post.id, label=post.name) for post in found)


@read_once
def post_of(post_id: UUID | None) -> Post | None:
    """The post an actor acts as, or None."""
    return Post.objects.filter(id=post_id).first() if post_id else None
