"""Does the inbox slow down as cases grow? Two towns in one database: one with 10,000 cases, one with 1,000,000.

Run inside the checkout: `.venv/bin/python bench/inbox.py [rounds] [many]`. Whole requests (session, rights, page, template) are sent in
turn to both towns, so a busy machine slows both alike. Reported is p95 for each tab, and the ratio, which must stay below 1.5.
The database is made anew, durable, under row-level security as the web's role. Every fifth case is open, spread over 8 departments
and 20 people; one in three open cases waits.

Measured on two busy cores (load above ten), 60 requests a tab: p95 of all tabs together 765 ms with 10,000 cases and 795 ms with
1,000,000 (ratio 1.04); tab by tab 0.72 to 1.15. An earlier run of 150 requests a tab: 0.86 in all, tab by tab 0.86 to 1.15.
"""

from __future__ import annotations

import os
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
FEW = 10_000

# As the owner of the tables: filling a million rows is not what is measured.
_FILL = """
INSERT INTO cases_case (id, government_id, kind, source_id, fiscal_year, sequence, number, subject, requester_name,
  department_id, handler_id, phase, state_label, waiting_on, waiting_since, due_on, sort_on, opened_at, closed_at)
SELECT ids.id, %(government)s, 'cases.sample', gen_random_uuid(), 2026, n, '令和8-' || lpad(n::text, 6, '0'),
  '転入届（' || n || '番目の人）', '田中 めぐみ',
  (%(departments)s::uuid[])[1 + n %% 8], (%(people)s::uuid[])[1 + (n / 5) %% 20],
  CASE WHEN n %% 5 > 0 THEN 'done' WHEN n %% 3 = 0 THEN 'waiting' ELSE 'working' END,
  CASE WHEN n %% 5 > 0 THEN '完了' WHEN n %% 3 = 0 THEN '補正待ち' ELSE '審査中' END,
  CASE WHEN n %% 5 = 0 AND n %% 3 = 0 THEN '申請者' ELSE '' END,
  CASE WHEN n %% 5 = 0 AND n %% 3 = 0 THEN now() - n * interval '1 second' END,
  due.day, due.day, now() - n * interval '30 seconds', CASE WHEN n %% 5 > 0 THEN now() END
FROM generate_series(1, %(count)s) AS n
CROSS JOIN LATERAL (SELECT (current_date + (n %% 200) - 60)::date AS day) AS due
CROSS JOIN LATERAL (SELECT uuidv7(make_interval(secs => -(%(count)s - n) * 30)) AS id) AS ids
"""


# A label on every fiftieth case, one on a handful only, and fifty cases that the clerk follows.
_LAY = """
INSERT INTO cases_caselabel (id, government_id, label_id, case_id)
SELECT gen_random_uuid(), %(government)s, %(label)s, id FROM cases_case
WHERE government_id = %(government)s AND sequence %% %(each)s = 0
"""
_FOLLOW = """
INSERT INTO cases_follow (id, government_id, person_id, case_id, since)
SELECT gen_random_uuid(), %(government)s, %(person)s, id, now() FROM cases_case
WHERE government_id = %(government)s AND sequence <= 500 AND sequence %% 10 = 0
"""
LABELS: dict[int, dict[str, str]] = {}


def main(rounds: int, many: int) -> None:
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
        measure(rounds, many)
        connections.close_all()
    finally:
        server.stop()
        shutil.rmtree(HOME, ignore_errors=True)


def measure(rounds: int, many: int) -> None:
    from django.conf import settings
    from django.test import Client

    from kakehashi.cases.testing import register_sample_kind
    from kakehashi.people.testing import sign_in, two_towns

    register_sample_kind()
    cast = two_towns(settings.ROOMS)
    towns = {FEW: cast.hibari, many: cast.misaki}
    clients = {}
    for count, town in towns.items():
        fill(town, count)
        clients[count] = sign_in(Client(), town.clerk)
    slugs = {count: town.government.slug for count, town in towns.items()}
    print(f"{rounds} requests a tab and town, in turn; milliseconds\n")
    print(f"{'':18} {FEW:>10,} cases {'':8} {many:>10,} cases")
    print(f"{'tab':18} {'p50':>8} {'p95':>8}   {'p50':>12} {'p95':>8}   ratio of p95")
    everything: dict[int, list[float]] = {FEW: [], many: []}
    for tab in (
        "mine",
        "department",
        "department page 2",
        "waiting",
        "overdue",
        "followed",
        "department common",
        "all rare",
        "all",
    ):
        taken = time_tab(tab, rounds, clients, slugs)
        for count, values in taken.items():
            everything[count] += values
        report(tab, taken[FEW], taken[many])
    report("all together", everything[FEW], everything[many])


def fill(town, count: int) -> None:
    from django.db import connections

    from kakehashi.cases.models import Label
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.people.models import Department, Person

    with tenant_scope(town.id):
        since = town.department.valid_from
        more = [Department(code=f"{n:02}", name=f"第{n}課", valid_from=since) for n in range(3, 10)]
        departments = [town.department, *Department.objects.bulk_create(more)]
        colleagues = [Person(name=f"職員 {n}") for n in range(19)]
        words = Label.objects.bulk_create([Label(name=name) for name in ("common", "rare")])
        LABELS[count] = {label.name: str(label.id) for label in words}
        people = [Person.objects.get(id=town.clerk.id), *Person.objects.bulk_create(colleagues)]
    with connections["admin"].cursor() as cursor:
        cursor.execute(
            _FILL,
            {
                "government": town.id,
                "count": count,
                "departments": [str(each.id) for each in departments],
                "people": [str(each.id) for each in people],
            },
        )
        for name, each in {"common": 50, "rare": max(count // 100, 1)}.items():
            label = LABELS[count][name]
            cursor.execute(_LAY, {"government": town.id, "label": label, "each": each})
        cursor.execute(_FOLLOW, {"government": town.id, "person": town.clerk.id})
        cursor.execute("VACUUM ANALYZE cases_case, cases_caselabel, cases_follow")


def time_tab(tab: str, rounds: int, clients: dict, slugs: dict) -> dict[int, list[float]]:
    name, _, page = tab.partition(" ")
    urls = {}
    for count, client in clients.items():
        url = f"/{slugs[count]}/staff/cases/?tab={name}"
        if page in LABELS[count]:
            url += f"&label={LABELS[count][page]}"
        elif page:
            url += "&cursor=" + re.search(r'rel="next" href="[^"]*cursor=([^"&]+)', client.get(url).content.decode())[1]
        for _ in range(5):
            answer = client.get(url)
            assert answer.status_code == 200, answer.status_code
            assert answer.content.count(b"data-row") >= 4, url
        urls[count] = url
    taken: dict[int, list[float]] = {count: [] for count in clients}
    for _ in range(rounds):
        for count, client in clients.items():
            began = time.perf_counter()
            client.get(urls[count])
            taken[count].append((time.perf_counter() - began) * 1000)
    return taken


def report(tab: str, few: list[float], many: list[float]) -> None:
    ratio = p95(many) / p95(few)
    print(
        f"{tab:18} {statistics.median(few):8.1f} {p95(few):8.1f}   {statistics.median(many):12.1f} {p95(many):8.1f}   {ratio:.2f}"
    )


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
