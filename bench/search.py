"""Measure the search: 20,000 texts in one government, 2,000 in its neighbour, asked as the web's role.

Run inside the checkout: `.venv/bin/python bench/search.py [texts [times]]`. It makes a database of its own. With
KAKEHASHI_SHARED_DATA the 5,005 procedures of the national list are the texts, four times over; else they are made of words.
With `times` (10) the index is then copied in the database until it is that many times as large, and asked again.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

SHARED = os.environ.pop("KAKEHASHI_SHARED_DATA", "")
HOME = Path(tempfile.mkdtemp(prefix="kakehashi-bench-"))
HOME.chmod(0o755)
os.environ["DJANGO_SETTINGS_MODULE"] = "kakehashi.site.settings"
os.environ["KAKEHASHI_HOME"] = str(HOME)

SUBJECTS = [
    "転入",
    "転出",
    "児童手当",
    "水道",
    "犬",
    "罹災証明",
    "粗大ごみ",
    "公園",
    "講演会",
    "税証明",
    "保育所",
    "介護",
    "国民年金",
    "印鑑",
    "戸籍",
    "住民票",
    "農地",
    "道路",
    "建築",
    "防災",
]
ACTS = [
    "届出",
    "申請",
    "登録",
    "交付",
    "更新",
    "変更",
    "廃止",
    "相談",
    "予約",
    "許可",
    "認定",
    "請求",
    "報告",
    "減免",
    "還付",
]
TAILS = [
    "引っ越した方",
    "子育て中の方",
    "事業者",
    "高齢の方",
    "障害のある方",
    "学生",
    "外国籍の方",
    "農家",
    "店舗",
    "団体",
]
QUERIES = ["引越し", "児童手当", "犬の登録", "申請", "住所が変わったときの届出", "ひっこし", "東京都", "マイナンバカード", "許可 変更",
           "紙の申請書を毎日手で転記していて時間がかかるのでやめたい。窓口で書いてもらった内容を職員がもう一度入力している"]  # fmt: skip


def main(count: int, times: int) -> None:
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
        measure(count, times)
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def texts(count: int) -> list[tuple[str, str]]:
    path = Path(SHARED) / "procedures" / "applications_to_local_government.csv"
    if SHARED and path.exists():
        with path.open(encoding="utf-8-sig") as file:
            rows = [
                (row["手続名"], f"{row['法令名']} {row['申請時に添付させる書類']} {row['申請を提出する機関']}")
                for row in csv.DictReader(file)
            ]
        return [rows[n % len(rows)] for n in range(count)]
    chance = random.Random(1)
    return [
        (f"{chance.choice(SUBJECTS)}の{chance.choice(ACTS)}",
         "。".join(f"{chance.choice(TAILS)}が{chance.choice(SUBJECTS)}を{chance.choice(ACTS)}するための手続第{chance.randrange(9999)}号" for _ in range(3)))
        for _ in range(count)
    ]  # fmt: skip


def measure(count: int, times: int) -> None:
    import psutil
    from django.db import connections

    from kakehashi.kernel.ids import uuid7
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.search.domain.tokens import dictionary_is_loaded
    from kakehashi.search.hooks import SearchKind, register_kind
    from kakehashi.search.services import index_pending, index_texts

    process = psutil.Process()
    before = process.memory_full_info()
    assert not dictionary_is_loaded()
    register_kind("bench.text", SearchKind("試験", lambda object_id: f"/{object_id}/"))
    towns = {uuid7(): count, uuid7(): 2_000}
    for town, size in towns.items():
        start, start_cpu = time.perf_counter(), time.process_time()
        with tenant_scope(town):
            index_texts(government_id=town, kind="bench.text",
                        rows=[(uuid7(), title, {"body": body}, True) for title, body in texts(size)])  # fmt: skip
        while True:
            with tenant_scope(town):
                if not index_pending():
                    break
        seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
        print(f"indexed {size} texts in {seconds:.1f} s ({size / seconds:.0f}/s; {cpu:.1f} s of it in this process)")
    ask(next(iter(towns)), count)
    if times > 1:
        multiply(next(iter(towns)), times)
        ask(next(iter(towns)), count * times)
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_total_relation_size('search_posting')), pg_size_pretty(pg_total_relation_size('search_entry')),"
            " (SELECT count(*) FROM search_posting)"
        )
        print("postings, entries on disk; posting rows:", cursor.fetchone())
    after = process.memory_full_info()
    print(
        f"memory of this process: PSS {before.pss >> 20} → {after.pss >> 20} MB, private {before.uss >> 20} → {after.uss >> 20} MB"
    )


def multiply(town: object, times: int) -> None:
    """Copy the segments of a town as they are: the same words, as often, in more texts."""
    from django.db import connections

    with connections["admin"].cursor() as cursor:
        cursor.execute("SELECT max(segment) + 1 FROM search_segment WHERE government_id = %s", [town])
        size = cursor.fetchone()[0]
        for n in range(1, times):
            for statement in (
                (
                    "INSERT INTO search_segment (id, government_id, segment, kinds, departments, data, dead, version)"
                    " SELECT gen_random_uuid(), government_id, segment + %s, kinds, departments, data, dead, gen_random_uuid()"
                    " FROM search_segment WHERE government_id = %s AND segment < %s"
                ),
                (
                    "INSERT INTO search_posting (id, government_id, term, segment, data)"
                    " SELECT gen_random_uuid(), government_id, term, segment + %s, data"
                    " FROM search_posting WHERE government_id = %s AND segment < %s"
                ),
                (
                    "INSERT INTO search_entry (id, government_id, kind, object_id, title, text, is_public, number, updated_at)"
                    " SELECT gen_random_uuid(), government_id, kind, gen_random_uuid(), title, text, is_public,"
                    " number + 8192 * %s, updated_at FROM search_entry WHERE government_id = %s AND number < 8192 * %s"
                ),
            ):
                cursor.execute(statement, [n * size, town, size])


def ask(town: object, size: int) -> None:
    from django.db import connection, connections

    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.search.selectors import search_texts, suggest_titles

    with connections["admin"].cursor() as cursor:
        cursor.execute("ANALYZE")
    import psutil

    everything: list[float] = []
    with tenant_scope(town), connection.cursor() as cursor:
        actor = system_actor(town)
        cursor.execute("SELECT pg_backend_pid()")
        database = psutil.Process(cursor.fetchone()[0])

        def work() -> float:
            """CPU seconds so far, in this process and in the database's behind its connection."""
            spent = database.cpu_times()
            return time.process_time() + spent.user + spent.system

        search_texts(actor=actor, query="犬", limit=20)
        for query in QUERIES:
            times, found, cpu = [], 0, work()
            for _ in range(20):
                start = time.perf_counter()
                found = len(search_texts(actor=actor, query=query, limit=20))
                times.append((time.perf_counter() - start) * 1000)
            cpu = (work() - cpu) * 1000 / len(times)
            everything += times
            print(
                f"{statistics.median(times):7.1f} ms median {sorted(times)[18]:7.1f} ms p95 {cpu:7.1f} ms CPU {found:3d} hits  {query[:30]}"
            )
        everything.sort()
        print(f"of {size} texts, all questions: p95 {everything[int(len(everything) * 0.95)]:.1f} ms")
        times = []
        for _ in range(20):
            start = time.perf_counter()
            suggest_titles(actor=actor, text="児")
            times.append((time.perf_counter() - start) * 1000)
        print(f"{statistics.median(times):7.1f} ms median {sorted(times)[18]:7.1f} ms p95      suggestions")
        cursor.execute("SELECT current_user")
        print("asked as", cursor.fetchone()[0])


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]]
    main(numbers[0] if numbers else 20_000, numbers[1] if len(numbers) > 1 else 1)
