"""Installing a rule pack: matters, the 専決 table, classes and the retention schedule, from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kakehashi.approvals.domain.packs import read_pack
from kakehashi.approvals.models import AuthorityConsult, AuthorityRule, Matter
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Post
from kakehashi.people.selectors import valid_on
from kakehashi.records.services import install_schedule


@dataclass(frozen=True)
class InstalledPack:
    """What an installation changed. `unknown_posts` are consultees the organisation does not have yet."""

    name: str
    new_rules: int
    new_classes: int
    unknown_posts: tuple[str, ...]


@service
def install_rule_pack(
    *, actor: Actor, pack: str | Mapping[str, Any] = "town", valid_from: dt.date | None = None
) -> InstalledPack:
    """Install a pack by its code or as data, from `valid_from` (default: the pack's own day).

    Installing the same pack again changes nothing. A changed rule ends the day before and a new
    generation begins; decided proposals keep the rule that justified them. Raises DomainError for a
    rule that would begin before the one it replaces.
    """
    require(actor, ApprovalsPermission.MANAGE_RULES)
    data = read_pack(pack) if isinstance(pack, str) else pack
    day = valid_from or dt.date.fromisoformat(data["valid_from"])
    classes = install_schedule(
        actor=actor, lines=data["classes"], valid_from=day, regulation=data["records_regulation"]
    )
    new_rules, unknown = 0, set[str]()
    for order, entry in enumerate(data["matters"], start=1):
        matter = _matter(entry, order)
        new_rules += _install_rules(matter, entry["rules"], day, data["decision_regulation"], unknown)
    record_event(
        actor=actor,
        code="approvals.rules.installed",
        subject_kind="approvals.rules",
        subject_id=uuid7(),
        payload={"pack": data["name"], "valid_from": day.isoformat(), "new_rules": new_rules, "new_classes": classes},
    )
    return InstalledPack(data["name"], new_rules, classes, tuple(sorted(unknown)))


def _matter(entry: Mapping[str, Any], order: int) -> Matter:
    matter, _ = Matter.objects.update_or_create(
        code=entry["code"],
        defaults={
            "name": entry["name"],
            "class_code": entry["class_code"],
            "notice_title": entry.get("notice_title", ""),
            "order": order,
            "is_active": True,
        },
    )
    return matter


def _install_rules(
    matter: Matter, lines: Sequence[Mapping[str, Any]], day: dt.date, regulation: str, unknown: set[str]
) -> int:
    """Bring the rules of a matter to what the pack says; returns how many are new."""
    current = list(AuthorityRule.objects.filter(matter=matter, valid_to__isnull=True))
    wanted = [_values(line, regulation) for line in lines]
    kept = [rule for rule in current if any(_same(rule, values) for values in wanted)]
    for rule in current:
        if rule not in kept:
            if rule.valid_from >= day:
                raise DomainError(f"「{matter.name}」には、同じ日以降に始まる規定がすでにあります。")
            rule.valid_to = day - dt.timedelta(days=1)
            rule.save(update_fields=["valid_to"])
    new = 0
    for values, line in zip(wanted, lines, strict=True):
        if not any(_same(rule, values) for rule in kept):
            rule = AuthorityRule.objects.create(matter=matter, valid_from=day, **values)
            _add_consults(rule, line.get("consults", ()), day, unknown)
            new += 1
    return new


def _values(line: Mapping[str, Any], regulation: str) -> dict[str, Any]:
    return {
        "decider_title": line["decider"],
        "amount_limit": line.get("amount_limit"),
        "regulation": regulation,
        "clause": line["clause"],
        "text": line.get("text", ""),
        "deputy_barred": bool(line.get("deputy_barred", False)),
        "self_decision_allowed": bool(line.get("self_decision_allowed", False)),
        "proceed_with_opinion": bool(line.get("proceed_with_opinion", True)),
    }


def _same(rule: AuthorityRule, values: Mapping[str, Any]) -> bool:
    return all(getattr(rule, name) == value for name, value in values.items())


def _add_consults(rule: AuthorityRule, titles: Sequence[str], day: dt.date, unknown: set[str]) -> None:
    """Find the consultees' posts by their names; a post that does not exist is reported, never guessed."""
    for title in titles:
        post = Post.objects.filter(valid_on(day), name=title).first()
        if post is None:
            unknown.add(title)
        else:
            AuthorityConsult.objects.get_or_create(rule=rule, post=post)
