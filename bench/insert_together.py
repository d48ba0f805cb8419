"""Compare ways to insert the rows of one act: one by one, psycopg's pipeline mode, one statement.

Run inside the checkout: `.venv/bin/python bench/insert_together.py [acts]`. It makes a database of its own, durable as in
production, and writes two events, a department, a post and a person for every act, under row-level security as the web's role.
"""

from __future__ import annotations

import itertools
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="kakehashi-bench-"))
HOME.chmod(0o755)
os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.site.settings"
os.environ["KAKEHASHI_HOME"] = str(HOME)


def main(acts: int) -> None:
    from kakehashi.site.embedded import APPLICATION, EmbeddedPostgres

    server = EmbeddedPostgres(HOME)
    server.start()
    try:
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from kakehashi.kernel.row_security import apply_row_security

        call_command("migrate", database="admin", verbosity=0, interactive=False)
        apply_row_security(connections["admin"], role=APPLICATION)
        compare(acts)
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def compare(acts: int) -> None:
    from django.db import connection

    from kakehashi.journal.models import Event
    from kakehashi.kernel import batching
    from kakehashi.kernel.ids import uuid7
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.people.models import Department, Person, Post

    town = uuid7()
    since, numbers = date(2026, 4, 1), itertools.count()

    def rows() -> list:
        department = Department(code=str(next(numbers)), name="住民課", valid_from=since)
        person = Person(name="山田 花子", email="hanako@example.jp")
        post = Post(name="主事", rank=60, department=department, valid_from=since)
        events = [
            Event(act_id=uuid7(), code="bench.act.done", actor_kind="staff", actor_label="主事 山田 花子",
                  subject_kind="bench", subject_id=uuid7(), payload={"number": 1, "text": "受付"})
            for _ in range(2)
        ]  # fmt: skip
        return [department, person, post, *events]

    def one_by_one() -> None:
        for row in rows():
            row.save(force_insert=True)

    def one_statement() -> None:
        batching.insert_together(rows())

    def one_statement_unprepared() -> None:
        connection.connection.prepare_threshold = None
        batching.insert_together(rows())
        connection.connection.prepare_threshold = 5

    def pipeline() -> None:
        with connection.connection.pipeline():
            for row in rows():
                batching.insert_together([row])

    ways = (one_by_one, pipeline, one_statement_unprepared, one_statement)
    rates: dict[str, list[float]] = {way.__name__: [] for way in ways}
    cpu_of: dict[str, list[float]] = {way.__name__: [] for way in ways}
    each = max(acts // 20, 1)
    for turn in range(20):
        for way in (*ways[turn % 4 :], *ways[: turn % 4]):
            began, cpu = time.perf_counter(), time.process_time()
            for _ in range(each):
                with tenant_scope(town):
                    way()
            rates[way.__name__].append(each / (time.perf_counter() - began))
            cpu_of[way.__name__].append((time.process_time() - cpu) / each * 1000)
    base = statistics.median(rates["one_by_one"])
    for name, found in rates.items():
        rate, cpu = statistics.median(found), statistics.median(cpu_of[name])
        print(
            f"{name:24} {rate:7.0f} acts/s (best {max(found):.0f})  ratio {rate / base:.2f}  {cpu:.2f} ms CPU of ours"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
