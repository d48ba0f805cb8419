"""How fast is one 20-field application accepted durably? The whole product over HTTP against pgbench on the same PostgreSQL.

Run in the checkout: `make bench`. It makes a town of its own in a fresh folder, runs `kakehashi serve` (web, worker, embedded
PostgreSQL, fsync on), and sends the final form POST (session, CSRF and the applicant's signed cookie included) of drafts that
were filled in before. pgbench writes the same rows (case, application, journal event, receipt mail) as the same database role,
under row security, in turns with the product: who begins alternates, both are warmed up, and the worker has caught up before a
turn of pgbench begins (how long that took is shown). Before each turn of either the database writes out what was done until then
(CHECKPOINT). The worker waits while the processors are busy, so a turn longer than its patience (`--seconds 60`) shows the rate
that can be kept up. Figures of a busy machine say little: read the median of the ratios of one run, beside pgbench's own rate.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
import psycopg
import town
from load import Result, csrf_token, final_post, post_all
from psycopg import sql

from kakehashi.kernel.ids import uuid7
from kakehashi.site.embedded import APPLICATION, OWNER, EmbeddedPostgres

TABLES = ("cases_case", "procedures_application", "journal_event", "notices_notice")
CLIENTS, CROWD = 16, 256
# An id of the product's in the order of time is one of pgbench's too: random ones fall all over an index and cost it a sixth more.
TIMELY, RANDOM = "uuidv7()", "gen_random_uuid()"
NEW_EACH = {"id", "idempotency_key", "source_id", "subject_id", "act_id", "case_id"}
# pgbench's rows belong to a government that is not served, so that the worker does not handle them in the product's turn.
NOBODY = "00000000-0000-7000-8000-000000000001"
# What the worker has still to do for what was accepted, its mails (which wait ten seconds by rule) apart.
WAITING = (
    "SELECT EXISTS (SELECT FROM cases_case WHERE sequence IS NULL AND government_id = %(government)s)",
    "SELECT EXISTS (SELECT FROM search_entry WHERE number IS NULL AND government_id = %(government)s)",
    """SELECT EXISTS (SELECT FROM journal_event AS event WHERE government_id = %(government)s AND id > %(since)s
        AND NOT EXISTS (SELECT FROM journal_leaf AS leaf WHERE leaf.event_id = event.id AND leaf.event_id > %(since)s))""",
)


@dataclass
class Round:
    """One turn of each. `cpu`: milliseconds for one application, `limit_cpu`: for one of pgbench's transactions.

    `behind`: seconds until the worker had done all that the turn left it to do.
    """

    pgbench: float
    limit_cpu: dict[str, float]
    http: Result
    cpu: dict[str, float]
    behind: float = 0.0

    @property
    def ratio(self) -> float:
        return self.http.rate / self.pgbench

    @property
    def cpu_ratio(self) -> float:
        """The ratio a machine that did nothing else would show, if processor time were the only limit."""
        return sum(self.limit_cpu.values()) / sum(self.cpu.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--seconds", type=float, default=4, help="length of one turn")
    parser.add_argument("--turns", type=int, default=6, help="turns of each")
    options = parser.parse_args()
    with town.folder("bench-accept") as home, town.serving(home, options.port) as process:
        Bench(home, options.port, process.pid, options.seconds).run(options.turns)


class Bench:
    def __init__(self, home: Path, port: int, pid: int, seconds: float) -> None:
        self.home, self.port, self.seconds = home, port, seconds
        self.server, self.main = EmbeddedPostgres(home), psutil.Process(pid)
        self.posts: list[bytes] = []
        self.csrf = ""
        self.since = uuid7()

    def run(self, turns: int) -> None:
        self.more_posts(600)
        warm = post_all(self.port, self.take(600), CLIENTS)
        if warm.errors:
            raise SystemExit(f"the product refused: {warm.errors[:3]}")
        script = self.pgbench_script()
        self.catch_up()
        self.pgbench(script)
        rounds = []
        for number in range(turns):
            self.more_posts(int(warm.rate * self.seconds * 2) + 500)
            rounds.append(self.turn(script, pgbench_begins=number % 2 == 0))
            warm = rounds[-1].http
        self.more_posts(int(warm.rate * self.seconds) + CROWD * 4)
        crowd = self.http(CROWD)
        report(rounds, crowd, self.twice(), self.rows())

    def turn(self, script: Path, *, pgbench_begins: bool) -> Round:
        self.settle()
        limit = self.pgbench(script) if pgbench_begins else None
        if pgbench_begins:
            self.settle()
        before = self.cpu()
        http = self.http(CLIENTS)
        behind = self.catch_up()
        count = len(http.receipts)
        # What the worker did afterwards for these applications is their cost too.
        cpu = spent(before, self.cpu(), count) | {"client": http.client_cpu * 1000 / max(count, 1)}
        if not pgbench_begins:
            self.settle()
        return Round(*(limit or self.pgbench(script)), http, cpu, behind)

    def settle(self) -> None:
        """Let the database write what was done before, so that neither side's turn writes what drafts or the other left behind."""
        with psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def catch_up(self) -> float:
        """Wait until the worker has numbered, indexed and sealed everything of the town that is served; the seconds it took."""
        began = time.monotonic()
        with psycopg.connect(self.server.url(OWNER), autocommit=True) as connection:
            row = connection.execute("SELECT id FROM governments_government WHERE slug = %s", [town.SLUG]).fetchone()
            # Only events since the last time: to look through all of them five times a second would be half of what is measured.
            asked = {"government": row and row[0], "since": self.since}
            while any((connection.execute(query, asked).fetchone() or (False,))[0] for query in WAITING):
                time.sleep(0.2)
        self.since = uuid7()
        return time.monotonic() - began

    def more_posts(self, count: int) -> None:
        """Fill in drafts until `count` can be handed in; nothing of this is timed."""
        missing = count - len(self.posts)
        if missing <= 0:
            return
        made = town.seed(self.home, missing)
        self.csrf = self.csrf or csrf_token(self.port, town.SLUG, made["drafts"][0])
        sessions = made["sessions"]
        self.posts += [
            final_post(self.port, town.SLUG, draft, sessions[number % len(sessions)], self.csrf)
            for number, draft in enumerate(made["drafts"])
        ]

    def take(self, count: int) -> list[bytes]:
        taken, self.posts = self.posts[:count], self.posts[count:]
        return taken

    def http(self, clients: int) -> Result:
        result = post_all(self.port, self.posts, clients, self.seconds)
        self.take(len(result.receipts) + len(result.errors))
        return result

    def cpu(self) -> dict[str, float]:
        """Processor seconds so far of the web, the worker and PostgreSQL, those of children that have ended included."""
        found: dict[str, float] = {}
        for process in self.main.children(recursive=True):
            try:
                command, times = " ".join(process.cmdline()), process.cpu_times()
            except psutil.Error:
                continue
            name = (
                "web"
                if ("site.web" in command or "multiprocessing" in command)
                else "worker"
                if command.endswith("worker")
                else "database"
            )
            found[name] = found.get(name, 0.0) + sum(times[:4])
        return found

    def pgbench(self, script: Path) -> tuple[float, dict[str, float]]:
        """pgbench's transactions a second, and the processor time of one (its own and the database's)."""
        command = [
            self.server.program("pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1",
            "-T", str(int(self.seconds)), "-f", str(script), self.server.url(APPLICATION),
        ]  # fmt: skip
        before, own = self.cpu(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        after, end = self.cpu(), resource.getrusage(resource.RUSAGE_CHILDREN)
        found = re.search(r"processed: ([0-9]+).*^tps = ([0-9.]+)", done.stdout, re.MULTILINE | re.DOTALL)
        if done.returncode or not found:
            raise SystemExit(done.stderr[-2000:])
        count = int(found.group(1))
        client = (end.ru_utime + end.ru_stime - own.ru_utime - own.ru_stime) * 1000 / count
        return float(found.group(2)), {"database": spent(before, after, count)["database"], "client": client}

    def pgbench_script(self) -> Path:
        """The rows of one real application as INSERTs, each with new ids and numbers."""
        with psycopg.connect(self.server.url(OWNER)) as connection:
            inserts = [self.insert_like(connection, table) for table in TABLES]
        path = self.home / "accept.sql"
        scope = f"SELECT set_config('kakehashi.government', '{NOBODY}', true);"
        path.write_text("\n".join(["BEGIN;", scope, *inserts, "COMMIT;"]) + "\n")
        return path

    def insert_like(self, connection: psycopg.Connection[Any], table: str) -> str:
        where = "" if table != "journal_event" else " WHERE code = 'procedures.application.submitted'"
        cursor = connection.execute(f"SELECT * FROM {table}{where} LIMIT 1")
        row, columns = cursor.fetchone(), [column.name for column in cursor.description or ()]
        if row is None:
            raise SystemExit(f"an application writes no row of {table}: the list of tables is out of date")
        values = [self.value_like(name, value).replace("\n", " ") for name, value in zip(columns, row, strict=True)]
        return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(values)});"

    def value_like(self, name: str, value: Any) -> str:
        if isinstance(value, UUID) and name in NEW_EACH:
            return TIMELY if value.version == 7 else RANDOM
        if name == "government_id":
            return f"'{NOBODY}'"
        if name in {"number", "sequence"}:
            return "NULL"
        if name == "receipt_number":
            return f"left(replace({RANDOM}::text, '-', ''), {len(value)})"
        if isinstance(value, dict | list):
            from psycopg.types.json import Jsonb

            value = Jsonb(value)
        # A colon before a letter would be one of pgbench's variables, inside quotes too; a cast is not.
        return re.sub(r"(?<!:):(?=[^\W\d])", ": ", sql.Literal(value).as_string())

    def twice(self) -> bool:
        """Whether an application sent again, with the same key, leads to the same receipt."""
        self.more_posts(20)
        again = self.take(20)
        first, second = post_all(self.port, again, 4), post_all(self.port, again + again, 16)
        return set(first.receipts) == set(second.receipts) and len(set(first.receipts)) == 20

    def rows(self) -> tuple[int, int]:
        """(applications, distinct keys) in the database, pgbench's included."""
        with psycopg.connect(self.server.url(OWNER)) as connection:
            query = "SELECT count(*), count(DISTINCT idempotency_key) FROM procedures_application"
            return connection.execute(query).fetchone() or (0, 0)


def spent(before: dict[str, float], after: dict[str, float], count: int) -> dict[str, float]:
    """Milliseconds of processor time by program, for one of `count`."""
    return {name: (after[name] - before.get(name, 0)) * 1000 / max(count, 1) for name in after}


def report(rounds: list[Round], crowd: Result, is_once: bool, rows: tuple[int, int]) -> None:
    print("                                                          CPU ms each: pgbench        the product")
    print(
        "turn  pgbench/s  product/s  ratio  by CPU  p50 ms  p99 ms    all  database    web  worker  database  client  behind s  errors"
    )
    for number, one in enumerate(rounds, start=1):
        cpu = {name: one.cpu.get(name, 0.0) for name in ("web", "worker", "database", "client")}
        print(
            f"{number:4}  {one.pgbench:9.0f}  {one.http.rate:9.0f}  {one.ratio:5.3f}  {one.cpu_ratio:6.3f}"
            f"  {one.http.percentile(0.5):6.1f}  {one.http.percentile(0.99):6.1f}"
            f"  {sum(one.limit_cpu.values()):5.2f}  {one.limit_cpu['database']:8.2f}"
            f"  {cpu['web']:5.2f}  {cpu['worker']:6.2f}  {cpu['database']:8.2f}  {cpu['client']:6.2f}  {one.behind:8.1f}  {len(one.http.errors):6}"
        )
    ratio = statistics.median(one.ratio for one in rounds)
    cpu = statistics.median(one.cpu.get("web", 0) for one in rounds)
    both = statistics.median(one.cpu.get("web", 0) + one.cpu.get("worker", 0) for one in rounds)
    p99 = statistics.median(one.http.percentile(0.99) for one in rounds)
    load = os.getloadavg()[0]
    print(
        f"\n{CROWD} clients: {crowd.rate:.0f}/s, p99 {crowd.percentile(0.99):.0f} ms, {len(crowd.errors)} errors {crowd.errors[:3]}"
    )
    print(f"load average {load:.1f} on {os.cpu_count()} cores; {rows[0]} applications, {rows[1]} different keys\n")
    goals = [
        ("ratio to pgbench ≥ 0.20", f"{ratio:.3f}", ratio >= 0.20),
        ("web CPU ≤ 4 ms an application", f"{cpu:.2f} ms (and the worker's afterwards: {both:.2f})", cpu <= 4),
        (f"p99 ≤ 60 ms at {CLIENTS} clients", f"{p99:.0f} ms", p99 <= 60),
        (f"no error at {CROWD} clients", str(len(crowd.errors)), not crowd.errors),
        ("sent again, accepted once", "yes" if is_once else "no", is_once),
    ]
    for goal, measured, is_met in goals:
        print(f"{'met ' if is_met else 'MISS'}  {goal}: {measured}")


if __name__ == "__main__":
    main()
