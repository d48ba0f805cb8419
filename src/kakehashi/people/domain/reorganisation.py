"""改組: next April's departments and posts against today's, and what follows whom. Pure functions.

Nothing is guessed in silence: each successor says how it was found (`How`), and a person may choose another.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any
from uuid import UUID

NOBODY = "-"
"""What a person chose when nothing shall follow."""

_ALIKE = 0.5


class How(StrEnum):
    """How the successor of a department or post was found."""

    SAME = "same"
    CHOSEN = "chosen"
    FORMER = "former"
    NAME = "name"
    CODE = "code"
    TITLE = "title"
    RANK = "rank"
    ALIKE = "alike"
    PARENT = "parent"
    NONE = "none"

    @property
    def label(self) -> str:
        """In words for the page."""
        return _HOW[self]


_HOW = {
    How.SAME: "変わりません",
    How.CHOSEN: "人が選びました",
    How.FORMER: "表の旧所属コードによる",
    How.NAME: "名前が同じ",
    How.CODE: "コードが同じ",
    How.TITLE: "職の名が同じ",
    How.RANK: "順位が同じ",
    How.ALIKE: "名前が近い",
    How.PARENT: "上の所属が引き継ぐ見立て",
    How.NONE: "引継ぎ先がありません",
}


@dataclass(frozen=True, slots=True)
class PlannedDepartment:
    """A department of the new organisation. `parent` is a code of the same plan; `former` codes of today's it takes over."""

    code: str
    name: str
    symbol: str = ""
    parent: str = ""
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post of the new organisation, in the department of that code."""

    department: str
    name: str
    rank: int
    is_single: bool = True

    @property
    def key(self) -> str:
        """How a choice on the screen names it."""
        return f"{self.department}/{self.name}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The new organisation as it was loaded or typed. A department without posts of its own takes over its predecessors'."""

    departments: tuple[PlannedDepartment, ...] = ()
    posts: tuple[PlannedPost, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data for keeping."""
        return {
            "departments": [asdict(each) | {"former": list(each.former)} for each in self.departments],
            "posts": [asdict(each) for each in self.posts],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that was kept."""
        return cls(
            tuple(
                PlannedDepartment(**(each | {"former": tuple(each["former"])})) for each in data.get("departments", ())
            ),
            tuple(PlannedPost(**each) for each in data.get("posts", ())),
        )

    @property
    def digest(self) -> str:
        """SHA-256 over the plain data."""
        return hashlib.sha256(json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OldDepartment:
    """A department in force on the eve."""

    id: UUID
    code: str
    name: str
    symbol: str = ""
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class OldPost:
    """A post in force on the eve, in a department; those above all departments are not reorganised here."""

    id: UUID
    department_id: UUID
    name: str
    rank: int
    is_single: bool = True


@dataclass(frozen=True, slots=True)
class Today:
    """The organisation of the eve."""

    departments: Mapping[UUID, OldDepartment]
    posts: Mapping[UUID, OldPost]


@dataclass(frozen=True, slots=True)
class DepartmentFate:
    """What becomes of a department: it stays as it is (`kept`), or ends and `heir` (a code; "" nobody) takes over."""

    old: OldDepartment
    heir: str
    how: How
    kept: bool


@dataclass(frozen=True, slots=True)
class PostFate:
    """What becomes of a post; `heir` is a planned post's key, "" nobody."""

    old: OldPost
    heir: str
    how: How
    kept: bool


@dataclass(slots=True)
class Comparison:
    """Both organisations side by side. It may be applied only while `problems` is empty."""

    departments: list[DepartmentFate] = field(default_factory=list)
    posts: list[PostFate] = field(default_factory=list)
    plan: Plan = field(default_factory=Plan)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def planned(self) -> dict[str, PlannedDepartment]:
        """Departments of the plan by code."""
        return {each.code: each for each in self.plan.departments}

    @property
    def ending(self) -> list[DepartmentFate]:
        """Departments that do not stay as they are."""
        return [fate for fate in self.departments if not fate.kept]

    @property
    def ending_posts(self) -> list[PostFate]:
        """Posts that do not stay as they are."""
        return [fate for fate in self.posts if not fate.kept]

    @property
    def made(self) -> list[PlannedDepartment]:
        """Departments that begin on the day."""
        kept = {fate.heir for fate in self.departments if fate.kept}
        return [each for each in self.plan.departments if each.code not in kept]

    @property
    def made_posts(self) -> list[PlannedPost]:
        """Posts that begin on the day."""
        kept = {fate.heir for fate in self.posts if fate.kept}
        return [each for each in self.plan.posts if each.key not in kept]


def compare(today: Today, plan: Plan, chosen: Mapping[str, str] | None = None) -> Comparison:
    """What stays, what ends and who follows. `chosen` maps ids (as text) of departments and posts to a code, a post's key or NOBODY."""
    choices = chosen or {}
    found = Comparison()
    heirs = {old.id: _heir(old, today, plan, choices) for old in today.departments.values()}
    # A department that nothing resembles is proposed to whoever takes over the one above it.
    for old_id, (_, how) in list(heirs.items()):
        if how is How.NONE and str(old_id) not in choices:
            heirs[old_id] = _through_parent(old_id, today, heirs)
    planned = {each.code: each for each in plan.departments}
    for old in today.departments.values():
        code, how = heirs[old.id]
        kept = code in planned and _is_same(old, planned[code], heirs)
        found.departments.append(DepartmentFate(old, code, How.SAME if kept else how, kept))
    found.plan = Plan(plan.departments, (*plan.posts, *_taken_over(today, plan, heirs)))
    kept_ids = {fate.old.id for fate in found.departments if fate.kept}
    for post in today.posts.values():
        found.posts.append(_post_fate(post, today, found.plan, heirs, kept_ids, choices))
    found.problems = _problems(found)
    found.warnings = _warnings(found, plan)
    return found


def _heir(old: OldDepartment, today: Today, plan: Plan, choices: Mapping[str, str]) -> tuple[str, How]:
    codes = {each.code for each in plan.departments}
    chosen = choices.get(str(old.id))
    if chosen == NOBODY:
        return "", How.NONE
    if chosen in codes:
        return chosen or "", How.CHOSEN
    by_former = next((each.code for each in plan.departments if old.code in each.former), "")
    if by_former:
        return by_former, How.FORMER
    same = [each.code for each in plan.departments if each.name == old.name]
    if old.code in same or len(same) == 1:
        return (old.code if old.code in same else same[0]), How.NAME
    # A code that another department of today carries on by its name was given away: it leads to nobody.
    taken = {each.code for each in plan.departments if any(o.name == each.name for o in today.departments.values())}
    if old.code in codes - taken:
        return old.code, How.CODE
    scored = [(SequenceMatcher(None, old.name, each.name).ratio(), each.code) for each in plan.departments]
    best = max(scored, default=(0.0, ""))
    return (best[1], How.ALIKE) if best[0] >= _ALIKE else ("", How.NONE)


def _through_parent(old_id: UUID, today: Today, heirs: Mapping[UUID, tuple[str, How]]) -> tuple[str, How]:
    seen, current = {old_id}, today.departments[old_id].parent_id
    while current is not None and current in today.departments and current not in seen:
        seen.add(current)
        if heirs[current][0]:
            return heirs[current][0], How.PARENT
        current = today.departments[current].parent_id
    return "", How.NONE


def _is_same(old: OldDepartment, new: PlannedDepartment, heirs: Mapping[UUID, tuple[str, How]]) -> bool:
    """Whether nothing is different: a section whose 部 is only followed by another stays where it is."""
    above = heirs.get(old.parent_id, ("", How.NONE))[0] if old.parent_id else ""
    stands = new.parent == above and (above or old.parent_id is None)
    return bool((old.code, old.name, old.symbol) == (new.code, new.name, new.symbol) and stands)


def renamed(name: str, before: str, after: str) -> str:
    """A post's name in a renamed department: 住民課課長 in 住民生活課 is 住民生活課課長."""
    return after + name.removeprefix(before) if before and name.startswith(before) else name


def _taken_over(today: Today, plan: Plan, heirs: Mapping[UUID, tuple[str, How]]) -> Iterable[PlannedPost]:
    own = {each.department for each in plan.posts}
    planned = {each.code: each for each in plan.departments}
    said: set[str] = set()
    for post in today.posts.values():
        code = heirs[post.department_id][0] if post.department_id in heirs else ""
        if not code or code in own or code not in planned:
            continue
        before = today.departments[post.department_id].name
        made = PlannedPost(code, renamed(post.name, before, planned[code].name), post.rank, post.is_single)
        if made.key not in said:
            said.add(made.key)
            yield made


def _post_fate(
    post: OldPost,
    today: Today,
    plan: Plan,
    heirs: Mapping[UUID, tuple[str, How]],
    kept: set[UUID],
    choices: Mapping[str, str],
) -> PostFate:
    by_key = {each.key: each for each in plan.posts}
    chosen = choices.get(str(post.id))
    if chosen == NOBODY:
        return PostFate(post, "", How.NONE, kept=False)
    if chosen in by_key:
        return PostFate(post, chosen or "", How.CHOSEN, kept=False)
    code = heirs[post.department_id][0] if post.department_id in heirs else ""
    before = today.departments[post.department_id].name if post.department_id in today.departments else ""
    names = {each.code: each.name for each in plan.departments}
    there = [each for each in plan.posts if each.department == code]
    key, how = _find_post(post, there, before, names.get(code, ""))
    same = by_key.get(key)
    stays = (
        same is not None
        and post.department_id in kept
        and (same.name, same.rank, same.is_single) == (post.name, post.rank, post.is_single)
    )
    return PostFate(post, key, How.SAME if stays else how, kept=stays)


def _find_post(post: OldPost, there: Sequence[PlannedPost], before: str, after: str) -> tuple[str, How]:
    title = post.name.removeprefix(before)
    for wanted in (renamed(post.name, before, after), post.name):
        found = next((each for each in there if each.name == wanted), None)
        if found is not None:
            return found.key, How.NAME
    found = next((each for each in there if title and each.name.removeprefix(after) == title), None)
    if found is not None:
        return found.key, How.TITLE
    ranked = [each for each in there if each.rank == post.rank]
    return (ranked[0].key, How.RANK) if len(ranked) == 1 else ("", How.NONE)


def _problems(found: Comparison) -> list[str]:
    plan = found.plan
    problems = [
        f"所属コード{code}の所属が{count}つあります。"
        for code, count in Counter(each.code for each in plan.departments).items()
        if count > 1
    ]
    codes = {each.code: each for each in plan.departments}
    problems += [sentence for each in plan.departments if (sentence := _department_problem(each, codes))]
    problems += [
        f"職「{post.name}」の所属コード{post.department}がありません。"
        for post in plan.posts
        if post.department not in codes
    ]
    problems += [
        f"職「{key.partition('/')[2]}」が、同じ所属に{count}つあります。"
        for key, count in Counter(each.key for each in plan.posts).items()
        if count > 1
    ]
    return problems if plan.departments else ["新しい組織に、所属がひとつもありません。"]


def _department_problem(each: PlannedDepartment, codes: Mapping[str, PlannedDepartment]) -> str:
    if not each.code or not each.name:
        return f"コードか名前のない所属があります（{each.code or each.name}）。"
    if each.parent and each.parent not in codes:
        return f"{each.name}の上の所属コード{each.parent}がありません。"
    return f"{each.name}が、自分の下に置かれています。" if _loops(each.code, codes) else ""


def _loops(code: str, codes: Mapping[str, PlannedDepartment]) -> bool:
    seen, current = {code}, codes[code].parent
    while current in codes:
        if current in seen:
            return True
        seen.add(current)
        current = codes[current].parent
    return False


def _warnings(found: Comparison, plan: Plan) -> list[str]:
    """文書記号 that two departments would share, and departments that would have none."""
    symbols: dict[str, list[str]] = {}
    for each in plan.departments:
        symbols.setdefault(each.symbol, []).append(each.name)
    warnings = [
        f"文書記号「{symbol}」を{'と'.join(names)}が使います。文書番号の列が混ざります。"
        for symbol, names in symbols.items()
        if symbol and len(names) > 1
    ]
    without = [each.name for each in found.made if not each.symbol]
    if without:
        warnings.append(f"{'、'.join(without)}に文書記号がありません。文書番号が記号なしになります。")
    return warnings
