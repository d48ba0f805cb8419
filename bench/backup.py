"""How long a backup and a restore take: a database and files of a given size, on this machine.

    python bench/backup.py --gigabytes 2

Half is rows (journal events and leaves, as a town has most of), half is files that do not compress. Needs free disk of
about six times the size. The embedded PostgreSQL waits for the disk, as in production.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from kakehashi.site.embedded import OWNER, EmbeddedPostgres

FILE = 4 << 20

FILL = """
WITH new AS (
    SELECT gen_random_uuid() AS id, n FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
), events AS (
    INSERT INTO journal_event (id, government_id, act_id, code, actor_kind, actor_id, actor_label, post_id, subject_kind,
        subject_id, payload, salt, occurred_at)
    SELECT id, %(town)s, id, 'procedures.application.submitted', 'staff', id, '係長　山田花子', NULL,
        'procedures.application', gen_random_uuid(),
        jsonb_build_object('番号', n, '様式', md5(n::text), '状態', '受け付けました', '理由', repeat(md5((n * 7)::text), 4)),
        decode(md5(n::text), 'hex'), now()
    FROM new
)
INSERT INTO journal_leaf (id, government_id, index, event_id, commitment)
SELECT gen_random_uuid(), %(town)s, n - 1, id, sha256(convert_to(n::text, 'UTF8')) FROM new
"""


def run(home: Path, *arguments: str) -> float:
    started = time.monotonic()
    environment = os.environ | {"KAKEHASHI_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "kakehashi.site", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"  {arguments[0]}: processor so far {used.ru_utime + used.ru_stime:.0f} s, load {os.getloadavg()[0]:.1f}")
    return time.monotonic() - started


def fill(home: Path, size: float) -> None:
    with psycopg.connect(EmbeddedPostgres(home).url(OWNER), autocommit=True) as connection:
        first, step = 1, 50_000
        while True:
            (now,) = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            if now >= size / 2:
                break
            town = "00000000-0000-7000-8000-000000000001"
            connection.execute(FILL, {"first": first, "last": first + step - 1, "town": town})
            first += step
        print(f"{first - 1:,} events, database {now / 1e9:.2f} GB")
    folder = home / "files" / "bench"
    folder.mkdir(parents=True)
    for number in range(int(size / 2 / FILE)):
        (folder / f"{number:06}").write_bytes(os.urandom(FILE))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gigabytes", type=float, default=1)
    parser.add_argument("--folder", default=None)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kakehashi-bench-", dir=arguments.folder) as name:
        Path(name).chmod(0o711)
        home, again, archive = Path(name) / "home", Path(name) / "again", Path(name) / "one.backup"
        run(home, "migrate", "--quiet")
        with EmbeddedPostgres(home).borrowed():
            fill(home, arguments.gigabytes * 1e9)
            seconds = run(home, "backup", str(archive))
        size = archive.stat().st_size
        print(f"backup   {seconds:6.1f} s  → 10 GB in {seconds * 10 / arguments.gigabytes:6.0f} s, {size / 1e9:.2f} GB")
        seconds = run(again, "restore", str(archive), "--key-file", str(home / "keys" / "backup.key"))
        print(f"restore  {seconds:6.1f} s  → 10 GB in {seconds * 10 / arguments.gigabytes:6.0f} s")


if __name__ == "__main__":
    main()
