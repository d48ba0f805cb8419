"""What a drafter may change of the rule's route: ask more sections, ask for a 仮決裁, let others read.

Nothing that the rule asks for can be taken away, and every difference needs a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from kakehashi.approvals.domain.routes import Route, RouteStep
from kakehashi.approvals.domain.states import StepKind


class BadRouteEdit(Exception):
    """The change is not allowed: the text says why, in Japanese."""


@dataclass(frozen=True, kw_only=True)
class NamedPost:
    """A post with its name."""

    id: UUID
    label: str


@dataclass(frozen=True, kw_only=True)
class RouteEdit:
    """The drafter's wishes. `provisional`: 仮決裁 before the other sections are asked (仮決裁→合議→本決裁)."""

    consults: tuple[NamedPost, ...] = ()
    readers: tuple[NamedPost, ...] = ()
    provisional: bool = False
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the route stays the rule's own."""
        return not (self.consults or self.readers or self.provisional)


def edit_route(route: Route, edit: RouteEdit) -> Route:
    """The rule's route with the drafter's additions. Raises `BadRouteEdit`; an empty edit changes nothing."""
    _check(route, edit)
    by_kind = {kind: [step for step in route.steps if step.kind is kind] for kind in StepKind}
    steps = [replace(step, order=place) for place, step in enumerate(by_kind[StepKind.ENDORSE], start=1)]
    order = len(steps) + 1
    if edit.provisional:
        decider = route.decider
        steps.append(replace(decider, order=order, kind=StepKind.PROVISIONAL, is_added=True))
        order += 1
    added = [
        RouteStep(
            order=order,
            kind=StepKind.CONSULT,
            post_id=post.id,
            post_label=post.label,
            is_added=True,
            school=route.rule.default_school,
        )
        for post in edit.consults
    ]
    ruled = by_kind[StepKind.CONSULT]
    first = min((step.order for step in ruled), default=0)
    asked = [replace(step, order=order + step.order - first) for step in ruled] + added
    steps += sorted(asked, key=lambda step: step.order)
    order = max((step.order for step in asked), default=order - 1) + 1
    for offset, step in enumerate([route.decider, *by_kind[StepKind.ABOVE]]):
        steps.append(replace(step, order=order + offset))
    return replace(route, steps=tuple(steps))


def _check(route: Route, edit: RouteEdit) -> None:
    if edit.is_empty:
        return
    if not edit.reason.strip():
        raise BadRouteEdit("規程の経路に加える理由を記入してください。")
    labels = {step.post_id: step.post_label for step in route.steps}
    for post in edit.consults:
        if post.id in labels:
            raise BadRouteEdit(f"{labels[post.id]}は、規程の経路にすでにあります。合議に加える必要はありません。")
    for posts, word in ((edit.consults, "合議"), (edit.readers, "供覧")):
        if len({post.id for post in posts}) < len(posts):
            raise BadRouteEdit(f"同じ職が、{word}に二度あります。")
    asked = {step.post_id for step in route.steps if step.kind is not StepKind.ABOVE} | {p.id for p in edit.consults}
    for post in edit.readers:
        if post.id in asked:
            raise BadRouteEdit(f"{post.label}は経路の途中で内容を見るため、供覧に加える必要はありません。")
    has_consult = bool(edit.consults) or any(step.kind is StepKind.CONSULT for step in route.steps)
    if edit.provisional and not has_consult:
        raise BadRouteEdit("合議のない経路では、仮決裁は要りません。")


def describe_edit(edit: RouteEdit) -> tuple[str, ...]:
    """What differs from the rule's route, a sentence each."""
    lines = [f"合議に{post.label}を加えました。" for post in edit.consults]
    if edit.provisional:
        lines.append("合議の前に仮決裁を受けます。")
    lines += [f"{post.label}に供覧します。" for post in edit.readers]
    return tuple(lines)


def edit_json(edit: RouteEdit) -> dict[str, object]:
    """The edit as it is kept with the proposal: ids with the names of that day."""
    if edit.is_empty:
        return {}
    return {
        "consults": [[str(post.id), post.label] for post in edit.consults],
        "readers": [[str(post.id), post.label] for post in edit.readers],
        "provisional": edit.provisional,
        "reason": edit.reason.strip(),
    }


def edit_from_json(kept: dict[str, object]) -> RouteEdit:
    """The edit a proposal carries; {} is an empty one."""
    return RouteEdit(
        consults=_posts(kept.get("consults")),
        readers=_posts(kept.get("readers")),
        provisional=bool(kept.get("provisional")),
        reason=str(kept.get("reason", "")),
    )


def _posts(rows: object) -> tuple[NamedPost, ...]:
    pairs: Sequence[Sequence[str]] = rows if isinstance(rows, list) else []
    return tuple(NamedPost(id=UUID(post_id), label=label) for post_id, label in pairs)
