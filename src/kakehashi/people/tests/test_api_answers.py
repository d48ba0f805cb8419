"""Two calls with one idempotency key at the same moment, in real transactions: one act, one answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings
from django.db import connections
from django.http import JsonResponse

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import ApiAnswer
from kakehashi.people.services import issue_api_token, sweep_answers
from kakehashi.people.services.api_answers import answer_once
from kakehashi.people.testing import powerful, two_towns


def test_calls_at_the_same_moment_are_one_act(swept_database: str) -> None:
    town, made, begin = two_towns(settings.ROOMS).hibari, [], threading.Barrier(4)
    with tenant_scope(town.id):
        token, _ = issue_api_token(
            actor=powerful(town.administrator), name="収納", permissions=["procedures.application:read"],
            valid_to=clock.today() + timedelta(days=1),
        )  # fmt: skip

    def make() -> JsonResponse:
        made.append(1)
        return JsonResponse({"number": len(made)})

    def call(_: int) -> bytes:
        try:
            begin.wait(10)
            with tenant_scope(town.id):
                return answer_once(token_id=token.id, key="k", digest="d" * 64, make=make).content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(call, range(4)))
    assert (len(made), answers) == (1, {b'{"number": 1}'})
    with tenant_scope(town.id), clock.frozen(clock.now() + timedelta(days=8)):
        assert sweep_answers() == 1
        assert not ApiAnswer.objects.exists()
