"""Measure the search: 20,000 texts in one government, as many in its neighbour, asked as the web's role.

Run inside the checkout: `.venv/bin/python bench/search.py [texts]`. It makes a database of its own. With
KAKEHASHI_SHARED_DATA the 5,005 procedures of the national list are the texts, four times over; else they are made of words.
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


def main(count: int) -> None:
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
        measure(count)
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


def measure(count: int) -> None:
    import psutil
    from django.db import connection, connections

    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.ids import uuid7
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.search.domain.tokens import dictionary_is_loaded
    from kakehashi.search.hooks import SearchKind, register_kind
    from kakehashi.search.selectors import search_texts, suggest_titles
    from kakehashi.search.services import index_pending, index_texts

    process = psutil.Process()
    before = process.memory_full_info()
    assert not dictionary_is_loaded()
    register_kind("bench.text", SearchKind("試験", lambda object_id: f"/{object_id}/"))
    towns = [uuid7(), uuid7()]
    for town in towns:
        start = time.perf_counter()
        with tenant_scope(town):
            index_texts(government_id=town, kind="bench.text",
                        rows=[(uuid7(), title, {"body": body}, True) for title, body in texts(count)])  # fmt: skip
        while True:
            with tenant_scope(town):
                if not index_pending():
                    break
        seconds = time.perf_counter() - start
        print(f"indexed {count} texts in {seconds:.1f} s ({count / seconds:.0f}/s)")
    with connections["admin"].cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT pg_size_pretty(pg_total_relation_size('search_posting')), pg_size_pretty(pg_total_relation_size('search_entry')),"
            " (SELECT count(*) FROM search_posting)"
        )
        print("postings, entries on disk; posting rows (two governments):", cursor.fetchone())
    with tenant_scope(towns[0]):
        actor = system_actor(towns[0])
        for query in QUERIES:
            times, found = [], 0
            for _ in range(30):
                start = time.perf_counter()
                found = len(search_texts(actor=actor, query=query, limit=20))
                times.append((time.perf_counter() - start) * 1000)
            print(
                f"{statistics.median(times):7.1f} ms median {sorted(times)[28]:7.1f} ms p95 {found:3d} hits  {query[:30]}"
            )
        times = []
        for _ in range(30):
            start = time.perf_counter()
            suggest_titles(actor=actor, text="児")
            times.append((time.perf_counter() - start) * 1000)
        print(f"{statistics.median(times):7.1f} ms median {sorted(times)[28]:7.1f} ms p95      suggestions")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            print("asked as", cursor.fetchone()[0])
    after = process.memory_full_info()
    print(
        f"memory of this process: PSS {before.pss >> 20} → {after.pss >> 20} MB, private {before.uss >> 20} → {after.uss >> 20} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
