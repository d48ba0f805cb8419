"""The residents' portal of a town with 4,000 published procedures: how fast is the search, and how many queries takes a page?

Run inside the checkout: `.venv/bin/python bench/portal.py [procedures] [requests]`. Each procedure has its own published form, texts in three
languages and is online. The database is made anew, durable, under row-level security as the web's role; whole requests are sent
(middleware, page, template) by somebody who has not signed in. Reported are p50 and p95 in milliseconds on the clock, the CPU of
this process, and queries (BEGIN, COMMIT and set_config not counted).
"""

from __future__ import annotations

import logging
import os
import random
import re
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

SUBJECTS = [
    "住宅改修", "児童手当", "保育所", "介護保険", "国民健康保険", "水道", "道路占用", "犬の登録", "粗大ごみ", "農地転用",
    "公園使用", "施設予約", "空き家", "太陽光発電", "印鑑登録", "税証明", "戸籍", "住民票", "年金", "予防接種",
]  # fmt: skip
ACTS = [
    "交付申請",
    "届出",
    "登録申請",
    "変更届",
    "廃止届",
    "使用許可申請",
    "証明願",
    "減免申請",
    "更新申請",
    "利用申込",
]
WORDS = [
    "転入",
    "子育て",
    "住宅",
    "水道 止めたい",
    "犬を飼う",
    "証明",
    "介護保険 減免",
    "公園 使用",
    "太陽光 補助金",
    "農地",
    "年金 届出",
    "住民票",
    "空き家 補助",
]


def main(count: int, requests: int) -> None:
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
        measure(count, requests)
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def measure(count: int, requests: int) -> None:
    from django.conf import settings
    from django.test import Client

    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.people.testing import two_towns
    from kakehashi.search.services.index import index_pending

    town = two_towns(settings.ROOMS).hibari
    started = time.perf_counter()
    with tenant_scope(town.id):
        ids = fill(town, count)
        while index_pending():
            pass
    print(f"{count:,} procedures with a published form made in {time.perf_counter() - started:.0f} s\n")
    slug, client, chance = town.government.slug, Client(), random.Random(1)
    pages = {
        "search with words": lambda: f"/{slug}/procedures/?q={chance.choice(WORDS)}",
        "the whole list": lambda: f"/{slug}/procedures/",
        "a procedure's page": lambda: f"/{slug}/procedures/{chance.choice(ids)}/",
    }
    print(f"{'page':22} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8} {'queries':>8}")
    for name, address in pages.items():
        report(name, client, address, requests)


def report(name: str, client, address, requests: int) -> None:
    for _ in range(3):
        assert client.get(address()).status_code == 200
    asked = queries_of(client, address())
    taken, used = [], time.process_time()
    for _ in range(requests):
        started = time.perf_counter()
        assert client.get(address()).status_code == 200
        taken.append((time.perf_counter() - started) * 1_000)
    used = (time.process_time() - used) * 1_000 / requests
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"{name:22} {statistics.median(taken):8.1f} {p95:8.1f} {used:8.1f} {asked:8}", flush=True)


def queries_of(client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        client.get(address)
    frame = re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE|SELECT set_config)", re.IGNORECASE)
    return sum(not frame.match(each["sql"]) for each in found.captured_queries)


def fill(town, count: int) -> list:
    from kakehashi.eforms.domain.compiled import json_schema
    from kakehashi.eforms.domain.definition import to_json
    from kakehashi.eforms.models import Form, FormVersion
    from kakehashi.kernel import clock
    from kakehashi.kernel.batching import insert_many
    from kakehashi.kernel.tenancy import current_government_id
    from kakehashi.procedures.domain.kinds import guess_kind
    from kakehashi.procedures.domain.names import PROCEDURE
    from kakehashi.procedures.domain.starter_form import starter_form
    from kakehashi.procedures.models import FormReview, Procedure, ProcedureText, Stage
    from kakehashi.procedures.services.inventory import search_row
    from kakehashi.search.services import index_texts

    procedures, forms, versions, reviews, texts, made = [], [], [], [], [], {}
    for n in range(count):
        name = f"{SUBJECTS[n % 20]}（第{n // 200 + 1}種）の{ACTS[n // 20 % 10]}"
        kind = guess_kind(name)
        if kind not in made:
            form_definition = starter_form(kind, [])
            made[kind] = to_json(form_definition), json_schema(form_definition)
        definition, schema = made[kind]
        procedure = Procedure(
            name=name, kind=kind.value, kind_confirmed=True, stage=Stage.ONLINE, legal_basis=f"ひばり町条例第{n}号",
            department=town.department, contact="0000-00-0000", retention_class="C-04", privacy_purpose="審査のため",
            channels=["online", "counter"], volume=n, opened_at=clock.now(),
        )  # fmt: skip
        form = Form(title=name, owner_kind=PROCEDURE, owner_id=procedure.id, draft=definition)
        version = FormVersion(form=form, number=1, definition=definition, schema=schema, published_by_label="試し")
        procedure.form = form
        procedure.derive()
        reviews.append(FormReview(procedure=procedure, form_version=version, reviewed_by="試し"))
        procedures.append(procedure)
        forms.append(form)
        versions.append(version)
        words = f"{SUBJECTS[n % 20]}のために、町が{ACTS[n // 20 % 10]}を受け付けます。"
        for language in ("ja", "ja-easy", "en"):
            texts.append(ProcedureText(procedure=procedure, language=language, name=name, what_for=words))
    for rows in (forms, versions, procedures, reviews, texts):
        for start in range(0, len(rows), 1_000):
            insert_many(rows[start : start + 1_000])
    of = {each.id: [] for each in procedures}
    for text in texts:
        of[text.procedure_id].append(text)
    found = [search_row(each, of[each.id]) for each in procedures]
    index_texts(government_id=current_government_id(), kind=PROCEDURE, rows=found)
    return [each.id for each in procedures]


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(given[0] if given else 4_000, given[1] if len(given) > 1 else 200)
