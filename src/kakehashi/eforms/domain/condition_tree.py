"""まとまりの条件: a condition as a tree of groups and sentences that the editor builds up by single acts.

Groups say すべて, どれか or どれでもない of what is in them, groups included; the root is always a group. Pure functions: a tree
comes from a condition or from what a page sent, is changed by one act, and becomes a condition when nothing is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kakehashi.eforms.domain.condition_choices import code_of, compares, leaves_before
from kakehashi.eforms.domain.conditions import DEEPEST, GROUPS, Condition
from kakehashi.eforms.domain.definition import FormDefinition

__all__ = ["MOST_PARTS", "ROOT", "Group", "Leaf", "act_on", "condition_of_tree", "problems_of", "read_tree", "tree_of"]

ROOT = "c"
MOST_PARTS = 20
"""So many parts a group may have, as a stored condition may."""

_MOST_NODES = 120


@dataclass(frozen=True)
class Leaf:
    """A sentence by its code, "" while none is chosen; `number` for those that compare."""

    code: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Group:
    """`op` is all, any or not (none of them)."""

    op: str = "all"
    parts: tuple[Leaf | Group, ...] = ()


def tree_of(condition: Condition | None) -> Group:
    """A condition as a tree; a single sentence stands in a group of its own."""
    if condition is None:
        return Group("all", (Leaf(),))
    node = _node(condition)
    return node if isinstance(node, Group) else Group("all", (node,))


def _node(condition: Condition) -> Leaf | Group:
    if condition.op in GROUPS:
        return Group(condition.op, tuple(_node(part) for part in condition.of))
    number = condition.value if compares(code_of(condition)) and isinstance(condition.value, int) else None
    return Leaf(code_of(condition), number)


def read_tree(data: Mapping[str, str]) -> Group:
    """The tree that a page sent: `<path>.op` and `<path>.parts` for a group, `<path>.code` and `<path>.number` for a sentence."""
    left = [_MOST_NODES]
    found = _read(data, ROOT, 0, left)
    return found if isinstance(found, Group) else Group("all", (found,))


def _read(data: Mapping[str, str], path: str, depth: int, left: list[int]) -> Leaf | Group:
    left[0] -= 1
    op = data.get(f"{path}.op", "")
    if op not in GROUPS or depth >= DEEPEST:
        number = data.get(f"{path}.number", "").strip()
        return Leaf(data.get(f"{path}.code", "")[:200], _whole(number))
    count = _whole(data.get(f"{path}.parts", "")) or 0
    parts = []
    for at in range(min(max(count, 0), MOST_PARTS)):
        if left[0] <= 0:
            break
        parts.append(_read(data, f"{path}.{at}", depth + 1, left))
    return Group(op, tuple(parts))


def _whole(text: str) -> int | None:
    bare = text.replace(",", "").replace("，", "")
    try:
        number = int(bare)
    except ValueError:
        return None
    return number if abs(number) <= 10**12 else None


def act_on(tree: Group, act: str, path: str) -> Group:
    """One act of the editor: `sentence` or `group` adds to the group at `path`, `remove` takes the node at `path` out."""
    places = [int(part) for part in path.split(".")[1:] if part.isascii() and part.isdigit()]
    return _acted(tree, act, places, 0)


def _acted(group: Group, act: str, places: list[int], depth: int) -> Group:
    if not places:
        offers: dict[str, Leaf | Group] = {"sentence": Leaf(), "group": Group("any", (Leaf(), Leaf()))}
        added = offers.get(act)
        fits = len(group.parts) < MOST_PARTS and (act != "group" or depth < DEEPEST - 1)
        return replace(group, parts=(*group.parts, added)) if added is not None and fits else group
    at, rest = places[0], places[1:]
    if at >= len(group.parts):
        return group
    part = group.parts[at]
    changed: tuple[Leaf | Group, ...] = (_acted(part, act, rest, depth + 1),) if isinstance(part, Group) else (part,)
    put = () if act == "remove" and not rest else changed
    return replace(group, parts=(*group.parts[:at], *put, *group.parts[at + 1 :]))


def problems_of(tree: Group, definition: FormDefinition, key: str) -> dict[str, str]:
    """What is missing, by the path of the input; nothing for a tree that can be saved. An empty root means no condition."""
    known = {code_of(leaf) for leaf in leaves_before(definition, key)}
    return dict(_problems(tree, ROOT, known))


def _problems(node: Leaf | Group, path: str, known: set[str]) -> Iterator[tuple[str, str]]:
    if isinstance(node, Leaf):
        if not node.code:
            yield f"{path}.code", "条件を選ぶか、この行を消してください。"
        elif node.code not in known:
            yield f"{path}.code", "この条件は、もう使えません。選びなおしてください。"
        elif compares(node.code) and node.number is None:
            yield f"{path}.number", "「…」に入る数を、整数で入力してください。"
        return
    if not node.parts and path != ROOT:
        yield f"{path}.op", "まとまりの中に条件を足すか、まとまりを消してください。"
    for at, part in enumerate(node.parts):
        yield from _problems(part, f"{path}.{at}", known)


def condition_of_tree(tree: Group, definition: FormDefinition, key: str) -> Condition | None:
    """The condition that a tree without problems means; None for an empty one. A group of one is what is in it, but for 「not」."""
    leaves = {code_of(leaf): leaf for leaf in leaves_before(definition, key)}
    return _condition(tree, leaves)


def _condition(node: Leaf | Group, leaves: Mapping[str, Condition]) -> Condition | None:
    if isinstance(node, Leaf):
        leaf = leaves.get(node.code)
        return replace(leaf, value=node.number) if leaf is not None and compares(node.code) else leaf
    parts = tuple(made for part in node.parts if (made := _condition(part, leaves)) is not None)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 and node.op != "not" else Condition(node.op, of=parts)
