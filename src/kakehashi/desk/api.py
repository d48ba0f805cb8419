"""The API of solved cases: what is published to the whole country, signed, and what came of it elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse

from kakehashi.desk import services
from kakehashi.desk.domain.case_file import KIND
from kakehashi.desk.models import CaseSigner
from kakehashi.desk.permissions import DeskPermission
from kakehashi.kernel.api import api, error
from kakehashi.kernel.requests import Request

_TEXT = {"type": "string"}
_BUNDLE: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "format", "origin", "made_at", "current", "cases", "results", "digest", "signature", "signer"],
    "properties": {
        "kind": {"type": "string", "const": KIND},
        "format": {"type": "integer"},
        "origin": {"type": "object", "required": ["code", "name"], "properties": {"code": _TEXT, "name": _TEXT}},
        "made_at": {"type": "string", "format": "date-time"},
        "current": {"type": ["array", "null"], "items": {"type": "string", "format": "uuid"}},
        "cases": {"type": "array", "items": {"type": "object"}},
        "results": {"type": "array", "items": {"type": "object"}},
        "digest": _TEXT,
        "signature": _TEXT,
        "signer": _TEXT,
    },
}


@api(
    summary="全国に公開した解決事例（署名付き）",
    answer=_BUNDLE,
    permission=DeskPermission.CASE_FEED,
    query={"page": {"type": "integer", "minimum": 1, "maximum": 1000}},
    notes="新しい順に、1ページ500件。current は、いま公開している事例すべての番号です。署名は団体の鍵によるC2SP noteで、ファイルでのやりとりと同じ形です。",
)
def solved_cases(request: Request, query: dict[str, str]) -> HttpResponse:
    """What is published to the whole country at this moment, a page of it."""
    return HttpResponse(services.feed_bundle(int(query.get("page", 1))), content_type="application/json")


@api(
    summary="事例を使った結果を受け取る",
    answer={"type": "object", "required": ["results"], "properties": {"results": {"type": "integer"}}},
    permission=DeskPermission.CASE_FEED,
    method="POST",
    body=_BUNDLE,
    notes="署名した団体の鍵を、こちらの職員が確かめるまでは422になります。",
)
def results(request: Request, body: dict[str, Any]) -> HttpResponse:
    """What came of our cases elsewhere; the signature is of the bytes that came, so they are read again."""
    got = services.receive_results(actor=request.actor, content=request.body)
    if isinstance(got, CaseSigner):
        # Answered and not raised: the signer that was seen stays, so that somebody can confirm it.
        return error(
            422, "unknown_signer", f"{got.name}の署名の鍵を、まだ確かめていません。指紋を確かめてから受け取ります。"
        )
    return JsonResponse({"results": got})
