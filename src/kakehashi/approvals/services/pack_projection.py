"""A version's lines as rows: what routes, proposals and record files refer to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kakehashi.approvals.domain.packs.document import EVERY_MATTER, PackDocument, RuleLine
from kakehashi.approvals.models import AuthorityRule, Matter, RulePack
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.records.services import install_schedule, take_back_schedule


@dataclass(frozen=True)
class Projection:
    """How many rules and standard files are new."""

    rules: int
    classes: int


def project_pack(*, actor: Actor, pack: RulePack, document: PackDocument) -> Projection:
    """End the rules before this version and write its own, with its classes; matters that are new are made."""
    assert pack.valid_from is not None
    day = pack.valid_from
    AuthorityRule.objects.filter(valid_to__isnull=True, pack__isnull=False).exclude(pack=pack).update(
        valid_to=day - dt.timedelta(days=1)
    )
    matters = _missing_matters(document, is_active=day <= clock.today())
    rows = [_rule(document, line, pack, matters[line.matter], day) for line in document.rules if line.matter in matters]
    AuthorityRule.objects.bulk_create(rows)
    lines = [
        {
            "code": line.code, "large": line.large, "middle": line.middle, "small": line.small, "file": line.file,
            "period_kind": line.period_kind, "years": line.years, "anchor": line.anchor, "clause": line.clause,
            "disposition": line.disposition,
        }
        for line in document.retention.values()
    ]  # fmt: skip
    classes = install_schedule(
        actor=actor, lines=lines, valid_from=day, regulation=document.records_regulation, is_whole=True
    )
    return Projection(len(rows), classes)


def _missing_matters(document: PackDocument, *, is_active: bool) -> dict[str, Matter]:
    """Every matter of the document by code; those nobody has yet are made and stand idle until the version's day."""
    known = {matter.code: matter for matter in Matter.objects.all()}
    fresh = [
        Matter(code=code, order=order, is_active=is_active, **_facts(document, code))
        for order, code in enumerate(document.matters, start=1)
        if code not in known
    ]
    Matter.objects.bulk_create(fresh)
    return known | {matter.code: matter for matter in fresh}


def _facts(document: PackDocument, code: str) -> dict[str, str | bool]:
    row = document.matters[code]
    return {
        "name": row["name"],
        "group": row["group"],
        "class_code": row["class_code"],
        "notice_title": row["notice_title"],
        "batch_allowed": row["batch"],
    }


def project_matters(*, pack: RulePack, document: PackDocument) -> None:
    """Give the matters the names, classes and order of this version; a matter it does not know can no longer be proposed."""
    places = {code: order for order, code in enumerate(document.matters, start=1)}
    changed = []
    for matter in Matter.objects.all():
        wanted: dict[str, str | bool | int] = {"is_active": matter.code in places}
        if matter.code in places:
            wanted |= _facts(document, matter.code)
            wanted["order"] = places[matter.code]
        if any(getattr(matter, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(matter, name, value)
            changed.append(matter)
    fields = ["name", "group", "class_code", "notice_title", "batch_allowed", "order", "is_active"]
    Matter.objects.bulk_update(changed, fields)
    RulePack.objects.filter(id=pack.id).update(is_projected=True)
    pack.is_projected = True


def _rule(document: PackDocument, line: RuleLine, pack: RulePack, matter: Matter, day: dt.date) -> AuthorityRule:
    title = document.titles.get(line.decider)
    is_head = title is not None and title.is_head
    consults = [c for c in document.consults if c.matter in {line.matter, EVERY_MATTER} and c.band.meets(line.band)]
    return AuthorityRule(
        matter=matter,
        pack=pack,
        decider_title="" if is_head else line.decider,
        decider_posts=[] if title is None or is_head else list(title.names),
        departments=list(line.departments),
        amount_from=line.band.start or None,
        amount_limit=None if line.band.below is None else line.band.below - 1,
        regulation=document.decision_regulation,
        clause=line.clause,
        text=line.text,
        deputy_barred=line.restricted,
        self_decision_allowed=line.self_decision or not document.self_approval_barred,
        proceed_with_opinion=all(consult.school == "opinion" for consult in consults),
        valid_from=day,
    )


def take_back_pack(*, actor: Actor, pack: RulePack) -> None:
    """Remove the rows of a version that was called off before its day, and let those before it go on."""
    assert pack.valid_from is not None
    last = pack.valid_from - dt.timedelta(days=1)
    AuthorityRule.objects.filter(pack=pack).delete()
    AuthorityRule.objects.filter(valid_to=last).update(valid_to=None)
    take_back_schedule(actor=actor, valid_from=pack.valid_from)
    Matter.objects.filter(is_active=False, rules__isnull=True, proposals__isnull=True).delete()
