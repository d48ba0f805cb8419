"""Nobody writes another room's table, save through that room's services."""

from __future__ import annotations

import ast

from django.apps import apps

from tests.architecture.floors import PACKAGE, sources

WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "update", "delete", "acreate"}
# Where tables of other rooms may be filled directly: may only shrink.
ALLOWED: set[str] = set()


def room_of(path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def model_homes() -> dict[str, str]:
    return {
        model.__name__: model._meta.app_label
        for model in apps.get_models()
        if model.__module__.startswith("kakehashi.")
    }


def root_name(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def foreign_writes(tree: ast.AST, room: str, homes: dict[str, str]) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
            continue
        name = root_name(node.func.value)
        if name in homes and homes[name] != room:
            found.append(f"{name}.…{node.func.attr}() at line {node.lineno}")
    return found


def test_no_room_writes_another_rooms_model():
    homes, wrong = model_homes(), []
    for path in sources():
        name = str(path.relative_to(PACKAGE))
        if name in ALLOWED:
            continue
        wrong += [f"{name}: {w}" for w in foreign_writes(ast.parse(path.read_text()), room_of(path), homes)]
    assert wrong == []


def test_the_check_can_fail():
    tree = ast.parse("Person.objects.filter(x=1).update(name='y')")
    assert foreign_writes(tree, "cases", {"Person": "people"}) != []
