"""What a reorganisation touches, as the rooms above see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from kakehashi.people.domain.handover import HandoverItem
from kakehashi.people.domain.shares import EVERY, Share, share_of


class Subject(StrEnum):
    """What a row hangs on."""

    DEPARTMENT = "department"
    POST = "post"


@dataclass(frozen=True, slots=True)
class Heir:
    """Who follows: the name on the day, the 文書記号 of a department, and the id once it was made."""

    name: str
    symbol: str = ""
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlannedName:
    """A department or post as it will stand on the day; `department` is a post's department by name."""

    name: str
    code: str = ""
    symbol: str = ""
    department: str = ""
    rank: int = 0
    is_held: bool = True


@dataclass(frozen=True, slots=True)
class Reorganised:
    """What ends on the eve of `on` and who follows (None: nobody), by id; what stays as it is does not appear.

    `labels` are today's names (of departments with `symbols` too), `departments_after` and `posts_after` the whole
    organisation of the day.
    """

    on: date
    departments: Mapping[UUID, Heir | None]
    posts: Mapping[UUID, Heir | None]
    labels: Mapping[UUID, str]
    symbols: Mapping[UUID, str] = field(default_factory=dict)
    departments_after: Sequence[PlannedName] = ()
    posts_after: Sequence[PlannedName] = ()
    shares: Sequence[Share] = ()

    def shares_of(self, code: str, subject_id: UUID) -> list[Share]:
        """The exceptions that speak of a kind's rows of one department or post."""
        return [each for each in self.shares if each.concerns(code, subject_id)]

    def subjects_of(self, code: str, subject: Subject) -> list[UUID]:
        """Whatever rows of a kind may leave: what ends, and what stays but gives a share away."""
        giving = [each.subject_id for each in self.shares if each.code in {code, EVERY}]
        mine = self.ending(subject)
        others = self.ending(Subject.POST if subject is Subject.DEPARTMENT else Subject.DEPARTMENT)
        return list(dict.fromkeys([*mine, *(each for each in giving if each not in others)]))

    def ending(self, subject: Subject) -> Mapping[UUID, Heir | None]:
        """What ends of a kind."""
        return self.departments if subject is Subject.DEPARTMENT else self.posts


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that breaks or moves: a sentence with its count, what is proposed, and where the rows are.

    `stops`: it forbids applying until somebody follows. `code` and `subject_id` name the page of its rows; `items` are the
    rows themselves where they are few and hang on no single department or post.
    """

    sentence: str
    proposal: str
    is_broken: bool
    stops: bool = False
    count: int = 1
    code: str = ""
    subject_id: UUID | None = None
    items: Sequence[HandoverItem] = ()


@dataclass(frozen=True, kw_only=True)
class Affected:
    """A kind of row that hangs on a department or post while it is alive, such as open cases.

    `rows()` are the living ones of the open scope, `path` their column (`department_id`). `item` describes one for the page.
    `moves`: what becomes of them where somebody follows, with {heir}; `breaks`: what happens where nobody does. `stops`: the
    reorganisation waits until somebody follows. `carry(rows, heir_id)` moves them on the day and gives their number; the
    default writes the column, save for rows whose values of `unique` the heir has already. Without `carries` they are left
    to people (`moves` says so).
    """

    label: str
    subject: Subject
    rows: Callable[[], Any]
    path: str
    item: Callable[[Any], HandoverItem]
    moves: str = "当日の朝、{heir}へ移ります。"
    breaks: str = "担当がなくなります。"
    stops: bool = True
    carries: bool = True
    unique: tuple[str, ...] = ()
    carry: Callable[[Any, UUID], int] | None = None

    def of(self, subject_ids: Iterable[UUID]) -> Any:
        """The rows that hang on these departments or posts."""
        return self.rows().filter(**{f"{self.path}__in": list(subject_ids)})

    def counts(self, subject_ids: Iterable[UUID]) -> dict[UUID, int]:
        """How many hang on each of these, in one query."""
        return Counter(self.of(subject_ids).order_by().values_list(self.path, flat=True))

    def take(self, rows: Any, heir_id: UUID) -> int:
        """Move the rows to the heir; those that would stand there twice (`unique`) stay, as the evidence they are."""
        if not self.carries:
            return 0
        if self.carry is not None:
            return self.carry(rows, heir_id)
        if self.unique:
            taken = set(rows.model.objects.filter(**{self.path: heir_id}).values_list(*self.unique))
            free = [
                row_id
                for row_id, *values in rows.order_by().values_list("id", *self.unique)
                if tuple(values) not in taken
            ]
            rows = rows.model.objects.filter(id__in=free)
        return int(rows.update(**{self.path: heir_id}))


def divide(kind: Affected, subject_id: UUID, shares: Sequence[Share]) -> dict[Share, list[UUID]]:
    """The ids of the rows that go to each share; what is named nowhere is left to the default."""
    parts: dict[Share, list[UUID]] = {each: [] for each in shares}
    if not shares or not kind.carries:
        return parts
    rows = kind.of([subject_id])
    if not any(each.words for each in shares):
        rows = rows.filter(id__in=[row_id for each in shares for row_id in each.rows])
    for row in rows.order_by("id").iterator(chunk_size=1000):
        item = kind.item(row)
        share = share_of(row.id, f"{item.label} {item.note}", shares)
        if share is not None:
            parts[share].append(row.id)
    return parts


def findings_of_kind(code: str, kind: Affected, change: Reorganised) -> list[Finding]:
    """A sentence for each ending department or post that rows of a kind hang on, the organisation's order kept."""
    subjects = change.subjects_of(code, kind.subject)
    counts = kind.counts(subjects) if subjects else {}
    return [
        _finding(code, kind, change, subject_id, counts[subject_id])
        for subject_id in subjects
        if counts.get(subject_id)
    ]


def _finding(code: str, kind: Affected, change: Reorganised, subject_id: UUID, count: int) -> Finding:
    ending = change.ending(kind.subject)
    heir, stays = ending.get(subject_id), subject_id not in ending
    parts = divide(kind, subject_id, change.shares_of(code, subject_id))
    rest = count - sum(map(len, parts.values()))
    said = [f"{len(ids)}件は{share.heir_name}へ移ります。" for share, ids in parts.items() if ids]
    lost = heir is None and not stays and rest > 0
    if rest and stays:
        said.append(f"残る{rest}件はそのままです。")
    elif rest:
        words = kind.moves.format(heir=heir.name) if heir else kind.breaks
        said.append(f"残る{rest}件：{words}" if said else words)
    return Finding(
        sentence=f"{change.labels.get(subject_id, '')}の{kind.label}が{count}件あります。",
        proposal="".join(said),
        is_broken=lost,
        stops=lost and kind.stops,
        count=count,
        code=code,
        subject_id=subject_id,
    )
