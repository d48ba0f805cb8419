"""How long does sealing a log take, and one proof in it?

Run inside the checkout: `.venv/bin/python bench/seal.py [events] [proofs]`. The database is made anew, durable, under row-level security
as the web's role. Events are written by one statement (that is not measured), sealed by the worker's own service in transactions of
its own size, and proofs are read cold, each from a new tree, as for one event of a 証明一式. Reported: seconds on the clock and of this
process, microseconds an event, median and 95th percentile of a proof in milliseconds, and of a consistency proof. Each line ends with
PASS or FAIL against the goal (1,000,000 events in 120 s, fewer in proportion; a proof in 20 ms); the exit status is 1 when one failed.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="kakehashi-bench-"))
HOME.chmod(0o755)
os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.site.settings"
os.environ["KAKEHASHI_HOME"] = str(HOME)

SECONDS, PROOF_MS = 120.0, 20.0
failed: list[str] = []

_FILL = """
    INSERT INTO journal_event (id, government_id, act_id, code, actor_kind, actor_id, actor_label, post_id, subject_kind,
        subject_id, payload, salt, occurred_at)
    SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 3600000 + n / 1000), 12, '0') || '7'
            || lpad(to_hex(n %% 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid,
        %s, gen_random_uuid(), 'approvals.proposal.decided', 'staff', gen_random_uuid(), '住民課長 佐藤 一郎', NULL,
        'approvals.proposal', gen_random_uuid(),
        jsonb_build_object('number', '8-起-' || n, 'digest', repeat('ab', 32), 'round', 1,
            'authority', jsonb_build_object('basis', 'standing_delegation', 'clause', '別表第1第3項')),
        decode(lpad(to_hex(n), 32, '0'), 'hex'), now() - interval '1 hour' + n * interval '1 ms'
    FROM generate_series(1, %s) AS n
"""


def main(events: int, proofs: int) -> None:
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

        call_command("migrate", database="admin", verbosity=0, interactive=False)
        apply_row_security(connections["admin"], role=APPLICATION)
        measure(events, proofs)
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def measure(events: int, proofs: int) -> None:
    from django.db import connections

    from kakehashi.kernel.ids import uuid7

    government_id = uuid7()
    with connections["admin"].cursor() as cursor:
        cursor.execute(_FILL, [government_id, events])
        cursor.execute("ANALYZE")
    seal(government_id, events)
    prove(government_id, proofs)


def seal(government_id: object, events: int) -> None:
    from kakehashi.journal.services import seal_events
    from kakehashi.kernel.tenancy import tenant_scope

    started, worked, sealed = time.perf_counter(), time.process_time(), 0
    while True:
        with tenant_scope(government_id):  # type: ignore[arg-type]
            # As the worker does it, see `journal.tasks`.
            report = seal_events(limit=50_000)
        if not report.added:
            break
        sealed += report.added
    seconds, own = time.perf_counter() - started, time.process_time() - worked
    goal = SECONDS * events / 1_000_000
    print(
        f"sealed {sealed:,} of {events:,} events in {seconds:.1f} s ({seconds / sealed * 1e6:.0f} µs each), "
        f"own time {own:.1f} s   {judged('sealing', seconds <= goal)}",
        flush=True,
    )


def prove(government_id: object, proofs: int) -> None:
    from kakehashi.journal.domain.merkle import consistency_proof, inclusion_proof, verify_inclusion
    from kakehashi.journal.selectors import last_seal
    from kakehashi.journal.selectors.tree import stored_tree
    from kakehashi.kernel.tenancy import tenant_scope

    chosen, one, old, own = random.Random(7), [], [], 0.0
    with tenant_scope(government_id):  # type: ignore[arg-type]
        last = last_seal()
        assert last is not None
        for _ in range(proofs):
            index = chosen.randrange(last.size)
            began, worked = time.perf_counter(), time.process_time()
            tree = stored_tree(index, last.size - 1)
            proof = inclusion_proof(index, last.size, tree)
            own += (time.process_time() - worked) * 1000
            one.append((time.perf_counter() - began) * 1000)
            assert verify_inclusion(tree(index, index + 1), index, last.size, proof, bytes(last.root))
            began = time.perf_counter()
            consistency_proof(index + 1, last.size, stored_tree(index, last.size - 1))
            old.append((time.perf_counter() - began) * 1000)
    print(f"inclusion proof: own time {own / proofs:.1f} ms each")
    for name, times in (("inclusion", one), ("consistency", old)):
        times.sort()
        late = times[int(len(times) * 0.95)]
        verdict = judged(f"{name} proof", late <= PROOF_MS)
        print(f"{name} proof: median {statistics.median(times):.1f} ms, p95 {late:.1f} ms   {verdict}")


def judged(what: str, is_met: bool) -> str:
    """PASS or FAIL; what failed is remembered for the exit status."""
    if not is_met:
        failed.append(what)
    return "PASS" if is_met else "FAIL"


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]]
    main(numbers[0] if numbers else 1_000_000, numbers[1] if len(numbers) > 1 else 200)
    sys.exit(1 if failed else 0)
