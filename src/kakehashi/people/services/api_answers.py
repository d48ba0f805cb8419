"""Answers of the API kept by their idempotency keys: the same call again gives the first answer and does nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.services import service
from kakehashi.people.models import ApiAnswer

__all__ = ["KEPT", "answer_once", "keep_answer", "sweep_answers"]

KEPT = timedelta(days=7)


def keep_answer(request: HttpRequest, key: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What the API asks for each write that carries a key; see `answer_once`."""
    called = f"{request.method} {request.path}\n".encode() + request.body
    actor = request.actor  # type: ignore[attr-defined]
    return answer_once(token_id=actor.id, key=key, digest=hashlib.sha256(called).hexdigest(), make=make)


@service
def answer_once(*, token_id: UUID, key: str, digest: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Make the answer, or give the one that was made for this token and key before, marked `Idempotency-Replayed: true`.

    A call that is under way at the same time is waited for: its row is in the way until it is committed. What failed is not
    kept: the same key may be tried again. Raises DomainError when the key was used for another call.
    """
    try:
        with transaction.atomic():
            mine: ApiAnswer = ApiAnswer.objects.create(token_id=token_id, key=key, digest=digest)
    except IntegrityError:
        kept = ApiAnswer.objects.get(token_id=token_id, key=key)
        if kept.digest != digest:
            message = "この Idempotency-Key は、別の呼び出しで使われています。新しい値にしてください。"
            raise DomainError(message, field="Idempotency-Key", code="key_reused") from None
        again = JsonResponse(kept.body, status=kept.status)
        again["Idempotency-Replayed"] = "true"
        return again
    answer = make()
    if isinstance(answer, HttpResponse) and 200 <= answer.status_code < 300:
        mine.status, mine.body = answer.status_code, json.loads(answer.content)
        mine.save(update_fields=["status", "body"])
    else:
        mine.delete()
    return answer


@service
def sweep_answers() -> int:
    """Forget answers older than seven days; gives the number."""
    deleted, _ = ApiAnswer.objects.filter(made_at__lt=clock.now() - KEPT).delete()
    return deleted
