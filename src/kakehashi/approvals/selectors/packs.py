"""The rule pack on a day: who decides, who acts for whom, who is asked, how it is numbered, kept and called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from kakehashi.approvals.domain.numbering import ResetPolicy, SeriesKind
from kakehashi.approvals.domain.packs import deciding
from kakehashi.approvals.domain.packs.document import (
    ConsultLine,
    DeputyLine,
    PackDocument,
    RetentionLine,
    RuleLine,
    StageLine,
    TitleLine,
)
from kakehashi.approvals.domain.packs.findings import Finding, Organisation, PostFact
from kakehashi.approvals.domain.packs.lint import lint
from kakehashi.approvals.models import PackState, RulePack
from kakehashi.kernel import clock
from kakehashi.kernel.shared_reads import read_once
from kakehashi.people.models import Department, Post
from kakehashi.people.selectors import department_ancestors, holder_ids, valid_on

DEFAULT_LABELS = {
    "registry": "行政文書ファイル管理簿",
    "record_file": "簿冊",
    "file_manager": "文書管理者",
    "chief_records_officer": "総括文書管理者",
    "archives": "公文書館",
    "disposal_register": "移管・廃棄簿",
    "withdraw": "取下げ",
    "decision": "決裁",
}
"""Words of the state's law, where a body's own pack has no other."""


@dataclass(frozen=True)
class DecidingRule:
    """Who decides and why: the line of the 専決 table, the post it means, the clause and the version it stands in."""

    line: RuleLine
    title: TitleLine
    regulation: str
    pack: RulePack
    article: str

    @property
    def clause(self) -> str:
        """事務決裁規程別表第1第3項."""
        return f"{self.regulation}{self.line.clause}"


@dataclass(frozen=True)
class Series:
    """A number series: its symbol with the department's own put in, and when it begins again."""

    kind: SeriesKind | str
    symbol: str
    reset: ResetPolicy
    clause: str


@read_once
def pack_on(on: dt.date) -> RulePack | None:
    """The version in force on a day, without its document (`document_of` reads it)."""
    packs = RulePack.objects.filter(valid_on(on), state=PackState.IN_FORCE).defer("document")
    return packs.order_by("-valid_from").first()


def packs_newest_first() -> QuerySet[RulePack]:
    """Every version and draft: drafts first, then versions by number."""
    return RulePack.objects.defer("document").order_by("-number", "-created_at")


_documents: dict[tuple[UUID, str], PackDocument] = {}
_KEPT = 16


def document_of(pack: RulePack) -> PackDocument:
    """The document of a version or draft. Equal digests are parsed once per process."""
    key = (pack.id, pack.digest)
    found = _documents.get(key)
    if found is None:
        found = PackDocument.from_json(pack.document)
        while len(_documents) >= _KEPT:
            _documents.pop(next(iter(_documents)), None)
        _documents[key] = found
    return found


@read_once
def names_of(department: Department | None) -> list[str]:
    """Names and codes by which a pack may mean a department, those above it after it."""
    if department is None:
        return []
    return [word for each in [department, *department_ancestors(department)] for word in (each.name, each.code)]


@read_once
def deciding_rule(matter: str, amount: int | None, department: Department | None, on: dt.date) -> DecidingRule | None:
    """The line that decides a matter of this amount and department on a day; None: no version, no line, or two."""
    pack = pack_on(on)
    if pack is None:
        return None
    document = document_of(pack)
    lines = deciding.deciding_lines(document, matter, amount, names_of(department))
    title = document.titles.get(lines[0].decider) if len(lines) == 1 else None
    if title is None:
        return None
    article = document.article("decision", lines[0].clause)
    return DecidingRule(lines[0], title, document.decision_regulation, pack, article["text"] if article else "")


def consult_policy(matter: str, amount: int | None, on: dt.date) -> tuple[ConsultLine, ...]:
    """合議 of a matter: the posts in the order of the table, each with consent or opinion, and whom it waits for."""
    pack = pack_on(on)
    return deciding.consults_for(document_of(pack), matter, amount) if pack else ()


def deputies_for(post: Post, matter: str, on: dt.date) -> list[tuple[Post, DeputyLine]]:
    """Who may act for a post in a matter, in order, as posts of that day; a title is looked for in the post's own section first."""
    pack = pack_on(on)
    if pack is None:
        return []
    document = document_of(pack)
    lines = deciding.deputies_of(document, post.name, matter, is_head=post.department_id is None and post.rank <= 10)
    posts = list(Post.objects.filter(valid_on(on)).order_by("rank", "name")) if lines else []
    found = []
    for line in lines:
        meant = post_meant(document, line.deputy, post, posts)
        if meant is not None and meant.id != post.id:
            found.append((meant, line))
    return found


def post_meant(document: PackDocument, name: str, near: Post | None, posts: Sequence[Post]) -> Post | None:
    """The post a line names: the very name, else the title's post in the same section, else the only one above sections."""
    exact = next((post for post in posts if post.name == name), None)
    if exact is not None:
        return exact
    title = document.titles.get(name)
    fitting = [post for post in posts if (title.fits(post.name) if title else post.name.endswith(name))]
    near_id = near.department_id if near else None
    own = next((post for post in fitting if near_id is not None and post.department_id == near_id), None)
    return own or next((post for post in fitting if post.department_id is None), None)


@read_once
def number_series(kind: SeriesKind | str, department: Department, on: dt.date) -> Series | None:
    """The series a department's documents of a kind are numbered in on a day; None: the pack has none."""
    pack = pack_on(on)
    line = deciding.series_of(document_of(pack), str(kind), names_of(department)) if pack else None
    if line is None:
        return None
    return Series(kind, line.symbol.replace("{課}", department.symbol), ResetPolicy(line.reset), line.clause)


def retention_of(class_code: str, on: dt.date) -> RetentionLine | None:
    """The classification line of a code on a day with its retention."""
    pack = pack_on(on)
    return document_of(pack).retention.get(class_code) if pack else None


def disposal_stages(scope: str, on: dt.date) -> tuple[StageLine, ...]:
    """The stages of disposal for destroy, transfer or extend, in order."""
    pack = pack_on(on)
    stages = document_of(pack).stages if pack else ()
    return tuple(stage for stage in stages if stage.scope in {scope, "all"})


def label(word: str, on: dt.date | None = None) -> str:
    """The body's own word for a thing, such as `registry`; the law's word where the pack has none."""
    pack = pack_on(on or clock.today())
    own = document_of(pack).labels.get(word) if pack else None
    return own or DEFAULT_LABELS.get(word, word)


def organisation_on(on: dt.date) -> Organisation:
    """Posts with whether somebody holds them, and departments, as the linter looks at them. Three queries."""
    posts = list(Post.objects.filter(valid_on(on)).select_related("department"))
    held = holder_ids([post.id for post in posts], on)
    facts = [PostFact(p.name, p.department.name if p.department else "", p.rank, p.id in held) for p in posts]
    departments = Department.objects.filter(valid_on(on)).values_list("name", "code")
    return Organisation(tuple(facts), frozenset(word for pair in departments for word in pair))


def findings_of(document: PackDocument, on: dt.date) -> list[Finding]:
    """What the linter says about a document, seen against the organisation of a day."""
    return lint(document, organisation_on(on))


def version_before(pack: RulePack) -> RulePack | None:
    """The version a draft or version is compared with: the last one in force before it, or for a draft the last one."""
    versions = RulePack.objects.filter(state=PackState.IN_FORCE).exclude(id=pack.id)
    if pack.valid_from is not None:
        versions = versions.filter(valid_from__lt=pack.valid_from)
    return versions.order_by("-valid_from").first()
