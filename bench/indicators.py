"""Indicators at national size: 1,788 governments × 100 indicators × 60 months of recorded values (10.7 million), the same number of copies
that municipalities share with 47 prefectures, then the matrix, the indicator page and the snapshots; PASS or FAIL by each goal.

Run inside the checkout: `.venv/bin/python bench/indicators.py [governments [indicators [months [to time alone]]]]`; about twenty minutes
on two quiet cores. The database is made anew in a directory that is removed at the end, under row-level security as the web's role; rows
are made by the server itself without indexes, which are built afterwards: that is quicker than COPY from a client. The indicators are
counted over departments and posts of each government. Reported are the matrix of the largest prefecture (179 municipalities), the
indicator page, the monthly snapshot of single governments, then the snapshots of ALL governments in two processes, which are killed on
the way and started again, and the most that lay on the disk. `--cpu` adds the processor time of this process and of its connection's
backend, for a machine that is not quiet; `--sample` leaves out the run over all governments and tells what it would take.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from datetime import date
from pathlib import Path
from uuid import UUID

# The processes that take snapshots load this file again: they work in the directory that is there.
HOME = Path(os.environ.get("BENCH_INDICATORS_HOME") or tempfile.mkdtemp(prefix="kakehashi-bench-"))
HOME.chmod(0o755)
os.environ["BENCH_INDICATORS_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.site.settings"
os.environ["KAKEHASHI_HOME"] = str(HOME)
os.environ["KAKEHASHI_ALLOWED_HOSTS"] = "testserver"

# As the owner of the tables: filling is not what is measured. Every government has the history of all indicators but the last month.
# みはらし県 is the largest prefecture, with 179 municipalities; 46 others share the rest.
_PREFECTURES = """
INSERT INTO governments_government (id, code, name, kana, kind, slug, host, is_tenant, is_demo, population)
SELECT gen_random_uuid(), lpad((800000 + n)::text, 6, '0'), '試験' || n || '県', '', 'prefecture', NULL, NULL, false, false, 1000000
FROM generate_series(1, 46) AS n
"""
_GOVERNMENTS = """
INSERT INTO governments_government (id, code, name, kana, kind, slug, host, is_tenant, is_demo, population, parent_id)
SELECT gen_random_uuid(), lpad((900000 + n)::text, 6, '0'), '試験' || n || '町', '', 'town', 'bench' || n, NULL, true, false, 10000,
  (SELECT id FROM governments_government WHERE code = CASE WHEN n <= 177 THEN '990001' ELSE lpad((800001 + n %% 46)::text, 6, '0') END)
FROM generate_series(1, %(count)s) AS n
"""
_DEPARTMENTS = """
INSERT INTO people_department (id, government_id, code, name, symbol, valid_from, "order")
SELECT gen_random_uuid(), g.id, n::text, '第' || n || '課', '', DATE '2015-04-01', n
FROM governments_government g, generate_series(1, 8) AS n WHERE g.slug LIKE 'bench%%'
"""
_POSTS = """
INSERT INTO people_post (id, government_id, department_id, name, rank, is_single, valid_from)
SELECT gen_random_uuid(), d.government_id, d.id, '職' || n, 10 * n, false, DATE '2015-04-01'
FROM people_department d, generate_series(1, 25) AS n
"""
# Period after period, as life writes them: so the values of one month lie side by side, and a series lies far apart.
_VALUES = """
INSERT INTO indicators_recordedvalue (id, government_id, measure_code, measure_version, period_kind, period_first, state, value,
  numerator, denominator, unknown_count, origin, source, finality, rows_count, rows_mark, revision, reason, is_current, recorded_at, recorded_by)
SELECT gen_random_uuid(), g.id, 'people.bench_' || lpad(i::text, 3, '0'), 1, %(kind)s, %(first)s, 'measured',
  50 + (i %% 40) + (extract(month FROM %(first)s::date)::int %% 7), NULL, NULL, 0, 'computed', '', 'confirmed', NULL, NULL, 1, '', true,
  %(first)s::date + interval '33 days', 'システム'
FROM governments_government g CROSS JOIN generate_series(0, %(measures)s - 1) AS i WHERE g.is_tenant
"""
_SHARED_MEASURES = """
INSERT INTO plans_sharedmeasure (id, origin_id, audience_id, key, label, unit, direction, room, version, formula_text, policy_text, source, is_shared)
SELECT gen_random_uuid(), g.id, g.parent_id, 'people.bench_' || lpad(i::text, 3, '0'), '指標' || i, '件', 'up', 'people', 1, '職を数える', '', '',
  (i + length(g.name)) %% 17 <> 0
FROM governments_government g CROSS JOIN generate_series(0, %(measures)s - 1) AS i WHERE g.is_tenant AND g.parent_id IS NOT NULL
"""
_SHARED_FIGURES = """
INSERT INTO plans_sharedfigure (id, origin_id, audience_id, key, version, period_kind, period_first, state, value, numerator, denominator,
  unknown_count, value_origin, finality, revision, recorded_at, record_id, is_latest)
SELECT gen_random_uuid(), v.government_id, g.parent_id, v.measure_code, 1, v.period_kind, v.period_first, v.state, v.value, NULL, NULL, 0,
  'computed', 'confirmed', 1, v.recorded_at, v.id, false
FROM indicators_recordedvalue v JOIN governments_government g ON g.id = v.government_id AND g.parent_id IS NOT NULL
ORDER BY v.ctid
"""
_NEWEST = """
UPDATE plans_sharedfigure SET is_latest = true
WHERE (period_kind, period_first) IN (SELECT period_kind, max(period_first) FROM plans_sharedfigure GROUP BY period_kind)
"""
_TABLES = ("indicators_recordedvalue", "plans_sharedfigure")
_INDEXES = "SELECT indexdef, indexname, tablename FROM pg_indexes WHERE tablename = ANY(%s)"
_KEYS = """
SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), contype FROM pg_constraint
WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('p', 'u', 'f')
"""
GOALS = {"matrix": 300, "page": 150, "snapshot": 2.0, "all": 20.0, "disk": 12.0}
PROCESSES = 2
verdicts: list[bool] = []


def verdict(label: str, value: float, goal: float, unit: str) -> None:
    """Say a number with its goal."""
    is_met = value <= goal
    verdicts.append(is_met)
    print(f"{'PASS' if is_met else 'FAIL'}  {label}: {value:.2f} {unit} (goal {goal:g} {unit})", flush=True)


def main(governments: int, measures: int, months: int, taken: int) -> None:
    from kakehashi.site.embedded import APPLICATION, EmbeddedPostgres

    server = EmbeddedPostgres(HOME)
    began = time.perf_counter()
    disk = Disk()
    disk.start()
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
        measure(governments, measures, months, taken)
        connections.close_all()
        verdict("most on the disk", disk.most / 1e9, GOALS["disk"], "GB")
        print(f"all in {(time.perf_counter() - began) / 60:.1f} min", flush=True)
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


class Disk(threading.Thread):
    """Looks every five seconds how much lies in the directory, and keeps the most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0

    def run(self) -> None:
        """Until the program ends."""
        while True:
            size = 0
            for folder, _, names in os.walk(HOME):
                for name in names:
                    try:
                        size += (Path(folder) / name).lstat().st_blocks * 512
                    except OSError:
                        continue
            self.most = max(self.most, size)
            time.sleep(5)


def measure(governments: int, measures: int, months: int, taken: int) -> None:
    from django.conf import settings
    from django.test import Client

    from kakehashi.people.testing import prefecture_over, sign_in, two_towns

    cast = two_towns(settings.ROOMS)
    prefecture = prefecture_over(cast, settings.ROOMS)
    fill(governments, measures, months)
    codes = register(measures)
    # Loads what the web loads, and keeps the garbage collector as the web does.
    import kakehashi.site.wsgi  # noqa: F401

    matrix(sign_in(Client(), prefecture.officer), prefecture.government.slug, measures)
    pages(sign_in(Client(), cast.hibari.officer), cast.hibari.government.slug, codes)
    snapshots(taken, governments, measures)


def fill(governments: int, measures: int, months: int) -> None:
    from django.db import connections

    began = time.perf_counter()
    with connections["admin"].cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SET max_parallel_maintenance_workers = 2")
        cursor.execute(_PREFECTURES)
        cursor.execute(_GOVERNMENTS, {"count": governments - 2})
        cursor.execute(_DEPARTMENTS)
        cursor.execute(_POSTS)
        rebuild = without_indexes(cursor)
        count = 0
        for kind, first in periods(months):
            cursor.execute(_VALUES, {"measures": measures, "kind": kind, "first": first})
            count += cursor.rowcount
        print(f"  {count:,} recorded after {time.perf_counter() - began:.0f} s", flush=True)
        for words, statement in (("described", _SHARED_MEASURES), ("shared", _SHARED_FIGURES), ("newest", _NEWEST)):
            cursor.execute(statement, {"measures": measures})
            print(f"  {cursor.rowcount:,} {words} after {time.perf_counter() - began:.0f} s", flush=True)
        for statement in rebuild:
            cursor.execute(statement)
        cursor.execute(
            "VACUUM ANALYZE indicators_recordedvalue, plans_sharedfigure, plans_sharedmeasure, people_post, people_department"
        )
        cursor.execute(
            "SELECT pg_total_relation_size('indicators_recordedvalue') + pg_total_relation_size('plans_sharedfigure')"
        )
        (size,) = cursor.fetchone()
    print(f"filled in {time.perf_counter() - began:.0f} s, {size / 2**30:.1f} GiB with indexes", flush=True)


def periods(months: int) -> list[tuple[str, date]]:
    """`months` months and the fiscal years they lie in, oldest first. The last two closed months are left to the product itself."""
    from kakehashi.indicators.domain.period import Period, PeriodKind
    from kakehashi.kernel import clock

    month = Period.containing(clock.today(), PeriodKind.MONTH).previous().previous().previous()
    found: list[tuple[str, date]] = []
    for _ in range(months):
        found.append((str(month.kind), month.first))
        month = month.previous()
    years = {("year", Period.containing(first).first) for _, first in found}
    return sorted([*found, *years], key=lambda one: (one[1], one[0]))


def without_indexes(cursor) -> list[str]:
    """Take the indexes and keys off the two large tables; returns how they are made again."""
    cursor.execute(_KEYS, [list(_TABLES)])
    keys = cursor.fetchall()
    cursor.execute(_INDEXES, [list(_TABLES)])
    named = {name for name, _, _, _ in keys}
    indexes = [(definition, name) for definition, name, _ in cursor.fetchall() if name not in named]
    again = [definition for definition, _ in indexes]
    for name, table, definition, kind in sorted(keys, key=lambda row: row[3] != "f"):
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        tail = " NOT VALID" if kind == "f" else ""
        again.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}{tail}')
    for _, name in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    return again


def matrix(client, slug: str, measures: int) -> None:
    """The largest prefecture's matrix: every page of columns, the newest month and a month of the past."""
    from kakehashi.kernel import clock

    past = clock.today().replace(day=1).replace(year=clock.today().year - 2)
    asked = [
        f"?theme=all&as_of={as_of}&from={at}" for as_of in ("month", f"{past:%Y-%m}") for at in range(0, measures, 25)
    ]
    base = f"/{slug}/staff/plans/municipalities/"
    for path in asked:
        client.get(base + path)
    requests("matrix", client, [base + path for path in asked for _ in range(6)], GOALS["matrix"])


def requests(label: str, client, paths: list[str], goal: float) -> None:
    taken, cpu, server = [], [], backend_cpu()
    for path in paths:
        began, used = time.perf_counter(), time.process_time()
        answer = client.get(path)
        taken.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    print(
        f"  {label}, {len(taken)} requests of {len(answer.content) / 1024:.0f} KiB: p50 {statistics.median(taken):.0f} ms",
        flush=True,
    )
    if "--cpu" in sys.argv:
        server = (backend_cpu() - server) * 1000 / len(paths)
        print(
            f"  processor time: p50 {statistics.median(cpu):.0f} ms, p95 {statistics.quantiles(cpu, n=20)[18]:.0f} ms here, mean {server:.0f} ms in the database",
            flush=True,
        )
    verdict(f"{label} page p95", statistics.quantiles(taken, n=20)[18], goal, "ms")


def register(count: int) -> list[str]:
    """`count` indicators over posts: counts, shares and medians in turn, every third one by department."""
    from kakehashi.indicators.hooks import Column, DenominatorPolicy, Direction, Measure, Statistic, register_measure
    from kakehashi.people.models import Post

    codes = []
    for number in range(count):
        rank = 50 + number * 2

        def few(period, rank=rank):
            return Post.objects.filter(valid_from__lte=period.last, rank__lte=rank)

        def many(period):
            return Post.objects.filter(valid_from__lte=period.last)

        kind = number % 3
        shape = {
            0: {"numerator": few, "department_path": "department"},
            1: {"numerator": few, "denominator": many, "denominator_policy": DenominatorPolicy.ALL},
            2: {"numerator": many, "statistic": Statistic.MEDIAN, "value": "rank"},
        }[kind]
        code = f"people.bench_{number:03}"
        register_measure(
            Measure(code=code, label=f"指標{number}", unit="%" if kind == 1 else "件", direction=Direction.UP, formula_text="職を数える",
                    version=1, row_columns=(Column("職", lambda row: row.name),), **shape)
        )  # fmt: skip
        codes.append(code)
    return codes


def pages(client, slug: str, codes: list[str]) -> None:
    paths = [f"/{slug}/staff/indicators/{code}/" for code in codes]
    for path in paths:
        client.get(path)
    requests("indicator", client, paths * 2, GOALS["page"])


def snapshots(taken: int, governments: int, measures: int) -> None:
    """The run after a month's end: what is measured is the last closed month, the running year, and the look back at the month before."""
    from datetime import datetime, timedelta

    from kakehashi.governments.models import Government
    from kakehashi.kernel import clock

    chosen = list(Government.objects.filter(is_tenant=True, slug__startswith="bench").order_by("code")[:taken])
    month_ago = datetime.combine(clock.today().replace(day=1) - timedelta(days=1), datetime.min.time(), clock.JST)
    with clock.frozen(month_ago.replace(day=1)):
        take("the month before", chosen)
    mean = take("monthly snapshot", chosen)
    verdict("snapshot of one government, mean", mean, GOALS["snapshot"], "s")
    take("once more, all done", chosen)
    if "--sample" in sys.argv:
        told = f"snapshots of {governments:,} governments in two processes, from those"
        verdict(told, mean * governments / 60 / PROCESSES, GOALS["all"], "min")
    else:
        whole(measures)


def whole(measures: int) -> None:
    """Every government in two processes, which are killed after an eighth of the way; the second run goes on where the first stopped."""
    from kakehashi.governments.models import Government

    ids = list(Government.objects.filter(is_tenant=True).order_by("code").values_list("id", flat=True))
    began = time.perf_counter()
    done = run(ids, measures, kill_after=len(ids) // 8)
    print(f"  killed after {len(done)} governments, {time.perf_counter() - began:.0f} s", flush=True)
    again = run(ids, measures)
    minutes = (time.perf_counter() - began) / 60
    twice = sum(again[one] > 0 for one in done if done[one])
    written = sum(done.values()) + sum(count for one, count in again.items() if not done.get(one))
    print(f"  {written:,} values of {len(again):,} governments, {twice} counted a second time", flush=True)
    verdict(f"snapshots of {len(ids):,} governments in {PROCESSES} processes", minutes, GOALS["all"], "min")
    verdict("restart where it stopped: governments counted twice or left out", twice + unequal(), 0, "governments")


def run(ids: list[UUID], measures: int, kill_after: int = 0) -> dict[UUID, int]:
    """Take the snapshots of these governments; how many values each got. With `kill_after` the processes are killed on the way."""
    done: dict[UUID, int] = {}
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=ready, initargs=(measures,))
    futures = {pool.submit(take_one, one): one for one in ids}
    try:
        for future in as_completed(futures):
            done[futures[future]] = future.result()
            if len(done) % 200 == 0:
                print(f"  {len(done):,} of {len(ids):,}", flush=True)
            if kill_after and len(done) == kill_after:
                for process in list(pool._processes.values()):
                    process.kill()
    except BrokenProcessPool:
        assert kill_after, "a process died"
    finally:
        pool.shutdown(cancel_futures=True)
    return done


def ready(measures: int) -> None:
    """In a process of its own: what the worker loads, and the indicators of this bench."""
    import django

    django.setup()
    register(measures)


def take_one(government_id: UUID) -> int:
    """One government in one transaction."""
    from kakehashi.indicators.services import take_snapshots
    from kakehashi.kernel.tenancy import tenant_scope

    with tenant_scope(government_id):
        return take_snapshots()


def unequal() -> int:
    """How many governments of the bench have another number of values of the last closed month than most of them."""
    from django.db import connections

    from kakehashi.indicators.domain.period import Period, PeriodKind
    from kakehashi.kernel import clock

    last = Period.containing(clock.today(), PeriodKind.MONTH).previous().first
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            "SELECT g.id, count(v.id) FROM governments_government g LEFT JOIN indicators_recordedvalue v ON v.government_id = g.id"
            " AND v.period_kind = 'month' AND v.period_first = %s AND v.is_current AND v.measure_code LIKE 'people.bench%%'"
            " WHERE g.slug LIKE 'bench%%' GROUP BY g.id",
            [last],
        )
        counts = [count for _, count in cursor.fetchall()]
    usual = statistics.mode(counts)
    return sum(count != usual or not count for count in counts)


def take(label: str, chosen: list) -> float:
    """One run over some governments; the mean in seconds."""
    from kakehashi.indicators.services import take_snapshots
    from kakehashi.kernel.tenancy import tenant_scope

    seconds, written, used, server = [], 0, time.process_time(), backend_cpu()
    for one in chosen:
        began = time.perf_counter()
        with tenant_scope(one.id):
            written += take_snapshots()
        seconds.append(time.perf_counter() - began)
    mean = statistics.mean(seconds)
    print(
        f"  {label}: {written:,} values of {len(chosen)} governments; mean {mean:.2f} s, most {max(seconds):.2f} s",
        flush=True,
    )
    if "--cpu" in sys.argv:
        own, server = time.process_time() - used, backend_cpu() - server
        print(
            f"  processor time of each: {own / len(chosen):.2f} s here, {server / len(chosen):.2f} s in the database",
            flush=True,
        )
    return mean


def backend_cpu() -> float:
    """Seconds of processor time that the database has spent on this connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:] if one.isdigit()]
    main(*(given + [1788, 100, 60, 20][len(given) :]))
    sys.exit(0 if all(verdicts) else 1)
