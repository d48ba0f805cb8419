"""Indicators at national size: 1,788 governments × 100 indicators × 60 months of recorded values (10.7 million), then the page and the snapshots.

Run inside the checkout: `.venv/bin/python bench/indicators.py [governments [indicators [months [to snapshot]]]]`. The database is made
anew, under row-level security as the web's role. The indicators are counted over departments and posts of each government. Reported
are the indicator page (whole requests, in turn over indicators), the monthly snapshot of one government, a second run that finds
everything done, and what all governments take at that pace.
"""

from __future__ import annotations

import os
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
os.environ["KAKEHASHI_ALLOWED_HOSTS"] = "testserver"

# As the owner of the tables: filling is not what is measured. Every government has the history of all indicators but the last month.
_GOVERNMENTS = """
INSERT INTO governments_government (id, code, name, kana, kind, slug, host, is_tenant, is_demo, population)
SELECT gen_random_uuid(), lpad((900000 + n)::text, 6, '0'), '試験' || n || '町', '', 'town', 'bench' || n, NULL, true, false, 10000
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
_VALUES = """
INSERT INTO indicators_recordedvalue (id, government_id, measure_code, measure_version, period_kind, period_first, state, value,
  numerator, denominator, unknown_count, origin, source, finality, rows_count, rows_mark, revision, reason, is_current, recorded_at, recorded_by)
SELECT gen_random_uuid(), g.id, 'people.bench_' || lpad(i::text, 3, '0'), 1, 'month', m.first::date, 'measured',
  50 + (i %% 40) + (m.place %% 7), NULL, NULL, 0, 'computed', '', 'confirmed', 25, i, 1, '', true, m.first + interval '33 days', 'システム'
FROM governments_government g
CROSS JOIN generate_series(0, %(measures)s - 1) AS i
CROSS JOIN LATERAL (
  SELECT place, date_trunc('month', now() AT TIME ZONE 'Asia/Tokyo') - make_interval(months => place + 1) AS first
  FROM generate_series(1, %(months)s) AS place) AS m
WHERE g.is_tenant AND g.code >= %(low)s AND g.code < %(high)s
"""


def main(governments: int, measures: int, months: int, taken: int) -> None:
    from kakehashi.site.embedded import APPLICATION, EmbeddedPostgres

    server = EmbeddedPostgres(HOME)
    server.start()
    try:
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from kakehashi.kernel.row_security import apply_row_security

        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("migrate", database="admin", verbosity=0, interactive=False)
        apply_row_security(connections["admin"], role=APPLICATION)
        measure(governments, measures, months, taken)
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def measure(governments: int, measures: int, months: int, taken: int) -> None:
    from django.conf import settings
    from django.test import Client

    from kakehashi.people.testing import sign_in, two_towns

    cast = two_towns(settings.ROOMS)
    fill(governments, measures, months)
    codes = register(measures)
    client = sign_in(Client(), cast.hibari.officer)
    pages(client, cast.hibari.government.slug, codes)
    snapshots(taken, governments)


def fill(governments: int, measures: int, months: int) -> None:
    from django.db import connections

    began = time.perf_counter()
    with connections["admin"].cursor() as cursor:
        cursor.execute(_GOVERNMENTS, {"count": governments - 2})
        cursor.execute(_DEPARTMENTS)
        cursor.execute(_POSTS)
        cursor.execute("SELECT code FROM governments_government WHERE is_tenant ORDER BY code")
        codes = [code for (code,) in cursor.fetchall()]
        for at in range(0, len(codes), 100):
            low, high = codes[at], codes[at + 100] if at + 100 < len(codes) else "999999"
            cursor.execute(_VALUES, {"measures": measures, "months": months, "low": low, "high": high})
        cursor.execute("VACUUM ANALYZE indicators_recordedvalue, people_post, people_department")
        cursor.execute(
            "SELECT count(*), pg_total_relation_size('indicators_recordedvalue') FROM indicators_recordedvalue"
        )
        count, size = cursor.fetchone()
    seconds = time.perf_counter() - began
    print(f"{count:,} recorded values, {size / 2**30:.1f} GiB with indexes, filled in {seconds:.0f} s", flush=True)


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
    taken = []
    for turn in range(3):
        for code in codes:
            began = time.perf_counter()
            answer = client.get(f"/{slug}/staff/indicators/{code}/")
            if turn:
                taken.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.status_code
    p95 = statistics.quantiles(taken, n=20)[18]
    print(
        f"indicator page, {len(taken)} requests: p50 {statistics.median(taken):.0f} ms, p95 {p95:.0f} ms (goal 150)",
        flush=True,
    )


def snapshots(taken: int, governments: int) -> None:
    from kakehashi.governments.models import Government
    from kakehashi.indicators.services import take_snapshots
    from kakehashi.kernel.tenancy import tenant_scope

    chosen = list(Government.objects.filter(is_tenant=True, slug__startswith="bench").order_by("code")[:taken])
    for label in ("monthly snapshot", "once more, all done"):
        seconds, written = [], 0
        for one in chosen:
            began = time.perf_counter()
            with tenant_scope(one.id):
                written += take_snapshots()
            seconds.append(time.perf_counter() - began)
        mean = statistics.mean(seconds)
        print(
            f"{label}: {written:,} values of {len(chosen)} governments; one government mean {mean:.2f} s, most {max(seconds):.2f} s;"
            f" {governments:,} governments one after another {mean * governments / 60:.1f} min, in two processes {mean * governments / 120:.1f} min",
            flush=True,
        )


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [1788, 100, 60, 60][len(given) :]))
