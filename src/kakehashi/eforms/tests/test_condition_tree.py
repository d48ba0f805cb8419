"""A condition as a tree: any condition survives the way through the page, and hostile trees stay small."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.eforms.domain.condition_tree import (
    ROOT,
    Group,
    Leaf,
    act_on,
    condition_of_tree,
    problems_of,
    read_tree,
    tree_of,
)
from kakehashi.eforms.domain.conditions import Condition, condition_from_json, condition_to_json
from kakehashi.eforms.testing import BRANCHING

LEAVES = st.sampled_from([Condition("equals", "pet", "dog"), Condition("equals", "kind", "stop")])
NESTED = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda op, of: Condition(op, of=tuple(of)), st.sampled_from(["all", "any", "not"]), st.lists(inner, min_size=2, max_size=3)
    ),
    max_leaves=12,
)  # fmt: skip


def as_sent(node: Leaf | Group, path: str = ROOT) -> dict[str, str]:
    if isinstance(node, Leaf):
        return {f"{path}.code": node.code, f"{path}.number": "" if node.number is None else str(node.number)}
    sent = {f"{path}.op": node.op, f"{path}.parts": str(len(node.parts))}
    for at, part in enumerate(node.parts):
        sent |= as_sent(part, f"{path}.{at}")
    return sent


@given(NESTED)
def test_every_condition_survives_the_page(condition: Condition) -> None:
    try:
        condition_from_json(condition_to_json(condition))
    except ValueError:
        return
    tree = tree_of(condition)
    if read_tree(as_sent(tree)) != tree:
        # Deeper than the page goes: nothing of it is saved silently.
        assert problems_of(read_tree(as_sent(tree)), BRANCHING, "why")
        return
    assert problems_of(tree, BRANCHING, "why") == {}
    assert condition_of_tree(tree, BRANCHING, "why") == condition


def test_acts() -> None:
    tree = act_on(tree_of(None), "group", ROOT)
    tree = act_on(tree, "sentence", "c.1")
    assert isinstance(tree.parts[1], Group)
    assert len(tree.parts[1].parts) == 3
    assert act_on(tree, "remove", "c.1").parts == (Leaf(),)
    assert act_on(tree, "remove", "c.9.9") == tree
    assert act_on(tree, "x", "nonsense") == tree


def test_an_endless_tree_is_cut() -> None:
    sent = {f"c{'.0' * n}.op": "all" for n in range(50)} | {f"c{'.0' * n}.parts": "999999" for n in range(50)}
    read_tree(sent)
    assert read_tree({}) == Group("all", (Leaf(),))
