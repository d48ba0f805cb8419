"""The API (機械のための窓口): who may call what, answers in JSON, and the OpenAPI document drawn from the same declarations.

A view declares itself once with `@api(...)`: the permission its token must carry, the shape of its query and body, and of its answer.
What is declared is what is checked; the document cannot drift from the code. Errors have one shape:
`{"error": {"code": "…", "message": "…", "fields": {"name": ["…"]}}}`. What writes takes an `Idempotency-Key`: the same call again
gives the first answer and does nothing (the keeper of answers is registered by the room that owns the tokens).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol

import jsonschema_rs
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from kakehashi.kernel.access import Access
from kakehashi.kernel.actor import ActorKind
from kakehashi.kernel.api_faults import said
from kakehashi.kernel.errors import DomainError, NotFound, PermissionRefused, Stale
from kakehashi.kernel.json_text import read_json
from kakehashi.kernel.permissions import check_known, known_permissions
from kakehashi.kernel.personal_data import watched

Schema = Mapping[str, Any]
View = Callable[..., HttpResponseBase]
LARGEST_BODY = 1_000_000
_asked: set[str] = set()
IDEMPOTENCY: Schema = {
    "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$",
    "description": "同じ呼び出しを二度しても一度だけ行うための、呼ぶ側が決める値（UUIDなど）。7日間おぼえています。",
}  # fmt: skip
MATCH: Schema = {
    "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$",
    "description": "読んだときの ETag。その後に変わっていると409になります。",
}  # fmt: skip

ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "fields"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
            },
        }
    },
}


@dataclass(frozen=True)
class Operation:
    """One thing a machine may ask: a method on an address. `permission` None: open data, no token is asked for."""

    summary: str
    method: str
    permission: str | None
    answer: Schema
    status: int = 200
    query: Mapping[str, Schema] = field(default_factory=dict)
    body: Schema | None = None
    media_type: str = "application/json"
    headers: Mapping[str, Schema] = field(default_factory=dict)
    notes: str = ""
    name: str = ""

    @property
    def writes(self) -> bool:
        """Whether it takes an idempotency key."""
        return self.method == "POST"


class AnswerKeeper(Protocol):
    """Gives the answer of a call, made now or kept from the first time. Raises DomainError when the key was used for another call."""

    def __call__(self, request: HttpRequest, key: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase: ...


_keeper: list[AnswerKeeper] = []


def set_answer_keeper(keeper: AnswerKeeper) -> None:
    """Name the one who keeps answers by their idempotency keys; called once, when the program starts."""
    _keeper[:] = [keeper]


def api(
    *,
    summary: str,
    answer: Schema,
    permission: str | None = None,
    method: str = "GET",
    status: int = 200,
    query: Mapping[str, Schema] | None = None,
    body: Schema | None = None,
    media_type: str = "application/json",
    headers: Mapping[str, Schema] | None = None,
    notes: str = "",
) -> Callable[[View], View]:
    """Declare a view of the API. It is called with `query` and `body` already checked, as keyword arguments, where declared.

    `notes` is Japanese for whoever writes the other side: rules that the schemas do not say.
    """
    if permission is not None:
        _asked.add(check_known(permission))
    taken = dict(headers or {}) | ({"Idempotency-Key": IDEMPOTENCY} if method == "POST" else {})
    check_body = jsonschema_rs.validator_for(dict(body), validate_formats=True) if body is not None else None

    def decorate(view: View) -> View:
        operation = Operation(
            summary, method, permission, answer, status, query or {}, body, media_type, taken, notes, view.__name__
        )

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _refusal(request, operation) or _answered(view, operation, check_body, request, args, kwargs)

        guarded.access = Access("machine", permission)  # type: ignore[attr-defined]
        guarded.operation = operation  # type: ignore[attr-defined]
        return csrf_exempt(guarded)

    return decorate


def _answered(
    view: View,
    operation: Operation,
    check_body: Any,
    request: HttpRequest,
    args: tuple[Any, ...],
    given: dict[str, Any],
) -> HttpResponseBase:
    try:
        with transaction.atomic():
            if operation.query:
                given["query"] = _query(request, operation.query)
            _check_headers(request, operation.headers)
            if check_body is not None:
                given["body"] = _body(request, check_body)
            key = request.headers.get("Idempotency-Key", "") if operation.writes else ""
            if key and _keeper:
                return _keeper[0](request, key, lambda: watched(view, request, args, given))
            return watched(view, request, args, given)
    except Stale as problem:
        return error(409, problem.code, problem.message)
    except DomainError as problem:
        return error(422, problem.code, problem.message, field=problem.field)
    except NotFound:
        return error(404, "not_found", "見つかりません。")
    except PermissionRefused as problem:
        return error(403, "forbidden", f"この鍵には権限「{problem.permission}」がありません。")


def asked_permissions() -> list[str]:
    """The permissions that some operation asks for; a key for anything else would open nothing."""
    return sorted(_asked)


def error(status: int, code: str, message: str, *, field: str | None = None) -> HttpResponse:
    """An answer that says what went wrong, in words for a person and in a code for a machine."""
    fields = {field: [message]} if field else {}
    answer = JsonResponse({"error": {"code": code, "message": message, "fields": fields}}, status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


def openapi(title: str, operations: Iterable[tuple[str, Operation]], *, server: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of `(address, operation)` pairs; addresses are written `/applications/{application_id}/`."""
    paths: dict[str, dict[str, Any]] = {}
    tags: dict[str, None] = {}
    for address, operation in operations:
        paths.setdefault(address, {})[operation.method.lower()] = _described(address, operation)
        tags[room_of(address)] = None
    bearer = {"type": "http", "scheme": "bearer", "description": "設定・組織 →「APIの鍵」で作ります。"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": "1",
            "description": "ほかのシステムのための窓口。時刻はUTC、日付は日本の日付。",
        },
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {"securitySchemes": {"token": bearer}, "schemas": {"Error": dict(ERROR)}},
    }


def _described(address: str, operation: Operation) -> dict[str, Any]:
    names = [part[1:-1] for part in address.split("/") if part.startswith("{")]
    in_path = [_parameter("path", name, {"type": "string", "format": "uuid"}, required=True) for name in names]
    in_query = [_parameter("query", name, dict(schema)) for name, schema in operation.query.items()]
    failing = [404] if names else []
    failing += [401, 403, 429] if operation.permission else []
    failing += [400, 422] if operation.body is not None or operation.query or operation.headers else []
    failing += [409, 413] if operation.body is not None else []
    content = {operation.media_type: {"schema": dict(operation.answer)}} if operation.status != 204 else None
    good = {"description": operation.summary} | ({"content": content} if content else {})
    wrong = {
        "description": "error",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    in_header = [_parameter("header", name, dict(schema)) for name, schema in operation.headers.items()]
    described: dict[str, Any] = {
        "operationId": f"{room_of(address)}_{operation.name}",
        "tags": [room_of(address)],
        "summary": operation.summary,
        "parameters": in_path + in_query + in_header,
        "responses": {str(operation.status): good} | {str(status): wrong for status in sorted(failing)},
        "security": [{"token": []}] if operation.permission else [],
    }
    said = [operation.notes] if operation.notes else []
    if operation.permission:
        said.append(f"権限：{known_permissions()[operation.permission]}（{operation.permission}）")
    if said:
        described["description"] = "\n\n".join(said)
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": dict(operation.body)}}}
    return described


def room_of(address: str) -> str:
    """The room of an address: `/api/v1/procedures/…` is of procedures."""
    return address.split("/")[3]


def _parameter(place: str, name: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _refusal(request: HttpRequest, operation: Operation) -> HttpResponse | None:
    if request.government is None:  # type: ignore[attr-defined]
        return error(404, "not_found", "見つかりません。")
    if request.method not in {operation.method, "HEAD" if operation.method == "GET" else operation.method}:
        answer = error(405, "method_not_allowed", f"{operation.method} で呼んでください。")
        answer["Allow"] = operation.method
        return answer
    if operation.permission is None:
        return None
    return _too_many(request) or _unknown(request, operation.permission)


def _too_many(request: HttpRequest) -> HttpResponse | None:
    # The actor is found when it is first asked for, and its calls are counted then.
    _ = request.actor.kind  # type: ignore[attr-defined]
    wait = getattr(request, "api_wait", 0)
    if not wait:
        return None
    answer = error(429, "too_many", "呼び出しが多すぎます。Retry-After の秒数だけ待ってから、もう一度呼んでください。")
    answer["Retry-After"] = str(wait)
    return answer


def _unknown(request: HttpRequest, permission: str) -> HttpResponse | None:
    actor, government = request.actor, request.government  # type: ignore[attr-defined]
    if actor.kind is not ActorKind.MACHINE:
        return error(401, "unauthorized", "有効な鍵がありません。Authorization: Bearer … を付けてください。")
    if not actor.can(permission, government.id):
        return error(403, "forbidden", f"この鍵には権限「{permission}」がありません。")
    return None


def _query(request: HttpRequest, declared: Mapping[str, Schema]) -> dict[str, str]:
    """The declared parameters that were given, as text, each checked against its schema. Raises DomainError."""
    found = {}
    for name, schema in declared.items():
        if name not in request.GET:
            continue
        text = request.GET[name]
        value: Any = text
        if schema.get("type") == "integer":
            value = int(text) if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 19 else text
        if not jsonschema_rs.is_valid(dict(schema), value, validate_formats=True):
            raise DomainError("この値は使えません。", field=name, code="invalid")
        found[name] = text
    return found


def _check_headers(request: HttpRequest, declared: Mapping[str, Schema]) -> None:
    """Headers that were given, each checked against its schema. Raises DomainError."""
    for name, schema in declared.items():
        text = request.headers.get(name)
        if text is not None and not jsonschema_rs.is_valid(dict(schema), text):
            raise DomainError("この値は使えません。", field=name, code="invalid")


def _body(request: HttpRequest, check: Any) -> dict[str, Any]:
    """The JSON body, checked. Raises DomainError naming the first field at fault."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        raise DomainError("本文が大きすぎます。", code="too_large")
    try:
        body = read_json(request.body)
    except ValueError as problem:
        raise DomainError("本文がJSONではありません。", code="not_json") from problem
    for fault in check.iter_errors(body):
        where = [str(part) for part in fault.instance_path]
        raise DomainError(said(fault), field=where[0] if where else None, code="invalid")
    if "\\u0000" in json.dumps(body):
        raise DomainError("使えない文字（NUL）があります。", code="invalid")
    return dict(body)
