"""An act upon 500 applications at once: how long does the browser wait for each piece, and for all of it?

Run inside the checkout: `.venv/bin/python bench/batch.py [applications]`. The database is made anew, durable, under row-level security as the
web's role. Whole requests are sent as the inbox's page sends them: the plan, then a piece of the batch after another until it is done.
Reported are seconds on the clock for the plan's page, the slowest piece, all pieces, and processor time of this process.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="kakehashi-bench-"))
HOME.chmod(0o755)
os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.site.settings"
os.environ["KAKEHASHI_HOME"] = str(HOME)
os.environ["KAKEHASHI_ALLOWED_HOSTS"] = "testserver"

ACTS = {
    "procedures.accept": {},
    "cases.share": {},
    "procedures.correct": {"message": "{申請者名}様　見積書を添えてください。", "deadline": "2099-03-31"},
    "procedures.propose": {"result": "permitted", "reason": "要件を満たすため。", "amount": "100000"},
}


def main(count: int) -> None:
    from kakehashi.site.embedded import APPLICATION, EmbeddedPostgres

    server = EmbeddedPostgres(HOME)
    server.start()
    try:
        import django

        django.setup()
        logging.disable(logging.INFO)
        from django.core.management import call_command
        from django.db import connections

        from kakehashi.kernel.row_security import apply_row_security

        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("migrate", database="admin", verbosity=0, interactive=False)
        apply_row_security(connections["admin"], role=APPLICATION)
        measure(count)
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def measure(count: int) -> None:
    from django.conf import settings
    from django.test import Client

    from kakehashi.approvals.testing import with_rules
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.people.testing import sign_in, two_towns
    from kakehashi.procedures.testing import an_online_procedure

    town = two_towns(settings.ROOMS).hibari
    with tenant_scope(town.id):
        procedure = an_online_procedure(with_rules(town))
    client = sign_in(Client(), town.clerk)
    print(f"{'act':20} {'plan s':>7} {'pieces':>7} {'slowest s':>10} {'all s':>7} {'CPU s':>7} {'done':>6}")
    for act, values in ACTS.items():
        with tenant_scope(town.id):
            cases = fill(town, procedure, count, accepted=act == "procedures.propose")
        report(town, client, act, values, cases)


def fill(town, procedure, count: int, *, accepted: bool) -> list:
    from kakehashi.procedures.selectors.applications import get_application
    from kakehashi.procedures.services import accept_application
    from kakehashi.procedures.testing import an_application

    made = [an_application(town, procedure) for _ in range(count)]
    if accepted:
        for each in made:
            accept_application(actor=town.clerk, application=get_application(each.id))
    return [each.case_id for each in made]


def report(town, client, act: str, values: dict, cases: list) -> None:
    from kakehashi.cases.models import BatchState, CaseBatch, CaseBatchRow, RowState
    from kakehashi.cases.services.running import plan_batch
    from kakehashi.kernel.tenancy import tenant_scope

    with tenant_scope(town.id):
        batch = plan_batch(actor=town.clerk, act=act, case_ids=cases).id
    address = f"/{town.government.slug}/staff/cases/batches/{batch}/"
    began = time.perf_counter()
    assert client.get(address).status_code == 200
    plan = time.perf_counter() - began
    pieces, used, state = [], time.process_time(), ""
    while state != BatchState.DONE:
        began = time.perf_counter()
        answer = client.post(f"{address}run/", values, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.content.decode()[:2000]
        pieces.append(time.perf_counter() - began)
        with tenant_scope(town.id):
            state = CaseBatch.objects.get(id=batch).state
    used = time.process_time() - used
    with tenant_scope(town.id):
        done = CaseBatchRow.objects.filter(batch_id=batch, state=RowState.DONE).count()
    print(
        f"{act:20} {plan:7.2f} {len(pieces):7} {max(pieces):10.2f} {sum(pieces):7.2f} {used:7.2f} {done:6}", flush=True
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
