"""Planning a personnel change: what will be closed, opened and made on the day, and what the change leaves broken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from .departments import DepartmentFact
from .periods import Period
from .personnel_csv import Order, OrderRow, RowProblem
from .posts import HoldingFact, holder_on


@dataclass(frozen=True, slots=True)
class PostFact:
    """One post as the planner sees it. `is_single`: only one person may hold it (課長), unlike 主事."""

    id: UUID
    department_id: UUID
    name: str
    rank: int
    period: Period
    is_single: bool = True


@dataclass(frozen=True, slots=True)
class Staff:
    """One person as the planner sees it."""

    id: UUID
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the planner may look at; all of one government."""

    departments: Sequence[DepartmentFact]
    posts: Sequence[PostFact]
    holdings: Sequence[HoldingFact]
    staff: Sequence[Staff]


@dataclass(frozen=True, slots=True)
class Opening:
    """A holding to make. The person or the post may not exist yet: then `person_id` or `post_id` is None."""

    line: int
    staff_number: str
    person_id: UUID | None
    department_id: UUID
    post_id: UUID | None
    post_name: str
    rank: int
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Closing:
    """A holding that ends on the eve of the day."""

    line: int
    holding: HoldingFact


@dataclass(slots=True)
class ChangePlan:
    """The whole change. It may be applied only while `problems` is empty; `warnings` are for people to judge."""

    effective_on: date
    closings: list[Closing] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    hires: list[OrderRow] = field(default_factory=list)
    leavers: list[UUID] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    vacated: list[UUID] = field(default_factory=list)

    @property
    def touched_posts(self) -> list[UUID]:
        """Posts whose holder changes: each needs a handover pack."""
        found = [closing.holding.post_id for closing in self.closings]
        found += [opening.post_id for opening in self.openings if opening.post_id is not None]
        return list(dict.fromkeys(found))


def plan_change(rows: Iterable[OrderRow], picture: Picture, effective_on: date) -> ChangePlan:
    """What the order means on the day. Nothing is written; the same order always gives the same plan."""
    plan = ChangePlan(effective_on)
    planner = _Planner(picture, plan)
    for row in rows:
        planner.take(row)
    planner.find_conflicts()
    return plan


class _Planner:
    def __init__(self, picture: Picture, plan: ChangePlan) -> None:
        self.plan = plan
        self.on = plan.effective_on
        self.picture = picture
        self.staff: Mapping[str, Staff] = {person.number: person for person in picture.staff}
        self.names: dict[UUID, str] = {person.id: person.name for person in picture.staff}
        self.departments: dict[str, DepartmentFact] = {
            fact.code: fact for fact in picture.departments if fact.period.covers(self.on)
        }
        self.posts: dict[tuple[UUID, str], PostFact] = {
            (post.department_id, post.name): post for post in picture.posts if post.period.covers(self.on)
        }
        self.live: defaultdict[UUID, list[HoldingFact]] = defaultdict(list)
        for holding in picture.holdings:
            # A holding that ends on the eve anyway needs no closing; one that begins later is not touched.
            if holding.period.covers(self.on):
                self.live[holding.person_id].append(holding)
        self.primary_orders: Counter[str] = Counter()
        self.hired: set[str] = set()
        self.closed: set[UUID] = set()

    def problem(self, row: OrderRow, message: str) -> None:
        self.plan.problems.append(RowProblem(row.line, message))

    def take(self, row: OrderRow) -> None:
        person = self.staff.get(row.staff_number)
        if row.order is Order.HIRE:
            if person is not None:
                self.problem(row, f"職員番号{row.staff_number}は{person.name}さんが使っています。")
                return
            if row.staff_number in self.hired:
                self.problem(row, f"職員番号{row.staff_number}の採用が2行あります。")
                return
        elif person is None and row.staff_number not in self.hired:
            self.problem(row, f"職員番号{row.staff_number}の職員がいません。採用なら発令を「採用」にしてください。")
            return
        if person is not None and row.name and _squeeze(row.name) != _squeeze(person.name):
            self.plan.warnings.append(RowProblem(row.line, f"氏名「{row.name}」が登録「{person.name}」と違います。"))
        if row.order in (Order.TRANSFER, Order.HIRE, Order.LEAVE):
            self.primary_orders[row.staff_number] += 1
            if self.primary_orders[row.staff_number] > 1:
                self.problem(row, f"職員番号{row.staff_number}の異動・採用・退職が2行以上あります。")
                return
        self._apply(row, person)

    def _apply(self, row: OrderRow, person: Staff | None) -> None:
        if row.order is Order.LEAVE:
            if person is not None:
                self.plan.leavers.append(person.id)
                self._close(row, self.live[person.id])
            return
        department = self.departments.get(row.department_code)
        if department is None:
            self.problem(row, f"所属コード{row.department_code}の所属が{self.on:%Y-%m-%d}にありません。")
            return
        post = self.posts.get((department.id, row.post_name))
        if row.order is Order.RELEASE:
            self._release(row, person, post)
            return
        if row.order is Order.TRANSFER and person is not None:
            self._close(row, [each for each in self.live[person.id] if each.is_primary])
        if row.order is Order.HIRE:
            self.plan.hires.append(row)
            self.hired.add(row.staff_number)
        self._open(row, person, department, post)

    def _open(self, row: OrderRow, person: Staff | None, department: DepartmentFact, post: PostFact | None) -> None:
        if post is None and row.rank is None:
            self.problem(
                row, f"{department.name}に「{row.post_name}」という職がありません。新しい職なら順位を書いてください。"
            )
            return
        if post is None:
            self.plan.warnings.append(
                RowProblem(row.line, f"{department.name}に職「{row.post_name}」を新しく作ります。")
            )
        rank = post.rank if post is not None else (row.rank or 0)
        self.plan.openings.append(
            Opening(
                line=row.line,
                staff_number=row.staff_number,
                person_id=person.id if person else None,
                department_id=department.id,
                post_id=post.id if post else None,
                post_name=row.post_name,
                rank=rank,
                is_primary=row.order is not Order.CONCURRENT,
            )
        )

    def _release(self, row: OrderRow, person: Staff | None, post: PostFact | None) -> None:
        held = [
            each
            for each in (self.live[person.id] if person else [])
            if post is not None and each.post_id == post.id and not each.is_primary
        ]
        if not held:
            self.problem(row, f"「{row.post_name}」を兼務していません。")
            return
        self._close(row, held)

    def _close(self, row: OrderRow, holdings: Iterable[HoldingFact]) -> None:
        for each in holdings:
            if each.id not in self.closed:
                self.closed.add(each.id)
                self.plan.closings.append(Closing(row.line, each))

    def find_conflicts(self) -> None:
        """Posts left vacant, posts with two holders on the day, and people who leave and stay at once."""
        leavers = set(self.plan.leavers)
        for opening in self.plan.openings:
            if opening.person_id is not None and opening.person_id in leavers:
                self.plan.problems.append(RowProblem(opening.line, "退職する職員に新しい職が付いています。"))
        after = [each for holdings in self.live.values() for each in holdings if each.id not in self.closed]
        taken: Counter[UUID] = Counter(each.post_id for each in after)
        taken.update(opening.post_id for opening in self.plan.openings if opening.post_id is not None)
        by_id = {post.id: post for post in self.picture.posts}
        names = {fact.id: fact.name for fact in self.picture.departments}
        for post_id in self.plan.touched_posts:
            post = by_id.get(post_id)
            if post is None:
                continue
            department = names.get(post.department_id, "")
            where = post.name if post.name.startswith(department) else f"{department}{post.name}"
            if taken[post_id] == 0:
                self.plan.vacated.append(post_id)
                self.plan.warnings.append(RowProblem(0, f"{where}が空席になります。"))
            elif taken[post_id] > 1 and post.is_single:
                line = next((each.line for each in self.plan.openings if each.post_id == post_id), 0)
                holder = holder_on(after, post_id, self.on)
                other = f"（{self.names[holder]}さんが在職）" if holder in self.names else ""
                self.plan.warnings.append(RowProblem(line, f"{where}に二人以上が就きます{other}。"))


def _squeeze(name: str) -> str:
    return "".join(name.split())
