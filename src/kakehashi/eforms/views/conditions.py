"""まとまりの条件を組み立てる: one page of groups and sentences; every act is one POST, and nothing is kept before 「保存」."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kakehashi.eforms.domain.changes import condition_sentence
from kakehashi.eforms.domain.condition_choices import compares, sentences
from kakehashi.eforms.domain.condition_tree import (
    MOST_PARTS,
    ROOT,
    Group,
    Leaf,
    act_on,
    condition_of_tree,
    problems_of,
    read_tree,
    tree_of,
)
from kakehashi.eforms.domain.conditions import DEEPEST, Condition
from kakehashi.eforms.domain.definition import DefinitionError, Field, FormDefinition, Step, from_json
from kakehashi.eforms.domain.edits import change_field, change_step
from kakehashi.eforms.models import Form
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.services import save_draft
from kakehashi.eforms.views.staff import editable_form
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.requests import Request

OPS = [
    ("all", "すべてに当てはまるとき"),
    ("any", "どれかひとつに当てはまるとき"),
    ("not", "どれにも当てはまらないとき"),
]


@dataclass
class Node:
    """One node as the page shows it."""

    path: str
    name: str
    error: str = ""
    op: str = ""
    code: str = ""
    number: int | None = None
    compares: bool = False
    is_new: bool = False
    may_nest: bool = False
    may_grow: bool = False
    parts: list[Node] = field(default_factory=list)

    @property
    def is_group(self) -> bool:
        """Whether it holds others."""
        return bool(self.op)


@staff(EformsPermission.EDIT)
@require_http_methods(["GET", "POST"])
def condition_page(request: Request, form_id: UUID, key: str) -> HttpResponse:
    """When a page or a question is shown, as nested groups. Acts come back with the page; saving goes back to the editor."""
    form = editable_form(request, form_id)
    definition = from_json(form.draft)
    item = _item(definition, key)
    if request.method == "GET":
        return _page(request, form, definition, item, tree_of(item.condition))
    tree, (act, path) = read_tree(request.POST), _act(request)
    if act != "save":
        changed = act_on(tree, act, path)
        return _page(request, form, definition, item, changed, new=_newest(changed, act, path))
    problems = problems_of(tree, definition, key)
    if problems:
        return _page(request, form, definition, item, tree, problems, status=422)
    try:
        _save(request, form, definition, item, condition_of_tree(tree, definition, key))
    except Stale as stale:
        return _page(request, form, definition, item, tree, {ROOT: stale.message}, status=409)
    except (DomainError, DefinitionError) as error:
        return _page(request, form, definition, item, tree, {ROOT: str(error)}, status=422)
    messages.success(request, "表示する条件を保存しました。")
    return redirect(f"{reverse('eforms-staff:edit', args=[form.id])}?at={key}")


def _item(definition: FormDefinition, key: str) -> Step | Field:
    found: Step | Field | None = next((step for step in definition.steps if step.key == key), None)
    found = found or definition.by_key.get(key)
    if found is None:
        raise Http404
    return found


def _act(request: Request) -> tuple[str, str]:
    act, _, path = request.POST.get("do", "save").partition(":")
    return act, path


def _newest(tree: Group, act: str, path: str) -> str:
    """The path of what was just added: the keyboard goes on there."""
    if act not in ("sentence", "group"):
        return ""
    node: Leaf | Group = tree
    for part in path.split(".")[1:]:
        if not isinstance(node, Group) or not part.isdigit() or int(part) >= len(node.parts):
            return ""
        node = node.parts[int(part)]
    return f"{path}.{len(node.parts) - 1}" if isinstance(node, Group) else ""


def _save(
    request: Request, form: Form, definition: FormDefinition, item: Step | Field, condition: Condition | None
) -> None:
    given = request.POST.get("revision", "")
    revision = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else form.revision
    change = change_step if isinstance(item, Step) else change_field
    name = item.title if isinstance(item, Step) else item.label
    changed = change(definition, item.key, condition=condition)
    save_draft(
        actor=request.actor,
        form=form,
        definition=changed,
        expected_revision=revision,
        act=f"「{name}」の表示する条件を組み立てた",
    )


def _page(
    request: Request,
    form: Form,
    definition: FormDefinition,
    item: Step | Field,
    tree: Group,
    problems: dict[str, str] | None = None,
    *,
    new: str = "",
    status: int = 200,
) -> HttpResponse:
    problems = problems or {}
    lacking, offered = problems_of(tree, definition, item.key), sentences(definition, item.key)
    context: dict[str, Any] = {
        "form": form,
        "item": item,
        "name": item.title if isinstance(item, Step) else item.label,
        "revision": request.POST.get("revision") or form.revision,
        "root": _node(tree, ROOT, "", problems, new, 0),
        "problems": [(path, text) for path, text in problems.items()],
        "ops": OPS,
        "offered": offered,
        "has_numbers": any(compares(code) for code, _ in offered),
        "sentence": "" if lacking else condition_sentence(condition_of_tree(tree, definition, item.key), definition),
        "is_lacking": bool(lacking),
    }
    return render(request, "eforms/staff/condition.html", context, status=status)


def _node(node: Leaf | Group, path: str, name: str, problems: dict[str, str], new: str, depth: int) -> Node:
    shown = Node(path, name, is_new=path == new)
    if isinstance(node, Leaf):
        shown.code, shown.number, shown.compares = node.code, node.number, compares(node.code)
        shown.error = problems.get(f"{path}.code") or problems.get(f"{path}.number", "")
        return shown
    shown.op, shown.error = node.op, problems.get(f"{path}.op", "")
    shown.may_nest, shown.may_grow = depth < DEEPEST - 1, len(node.parts) < MOST_PARTS
    shown.parts = [
        _node(part, f"{path}.{at}", f"{name}-{at + 1}".lstrip("-"), problems, new, depth + 1)
        for at, part in enumerate(node.parts)
    ]
    return shown
