"""The public side's address: the staff side calls it; nobody else gets past the signature."""

from __future__ import annotations

from typing import BinaryIO, cast

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kakehashi.exchange.adapters.transport import MEDIA_TYPE
from kakehashi.exchange.services import answer_call
from kakehashi.kernel.access import resident
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.requests import Request


@csrf_exempt
@resident
@require_POST
def call(request: Request) -> HttpResponse:
    """Take a bundle and answer with one. There is no session and no cookie: the key's signature is the authentication."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    actor = system_actor(request.government.id, "職員側からの接続")
    try:
        answer = answer_call(actor=actor, stream=cast("BinaryIO", request), length=length)
    except DomainError as error:
        raise NotFound from error
    if answer.status == 200:
        return HttpResponse(answer.content, content_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
    return HttpResponse(answer.content, status=answer.status, content_type="text/plain; charset=utf-8")
