"""Kill -9 under load, again and again: what was promised is there, once; numbers have no gap.

Run in the checkout: `python bench/kill.py [--times 20]`. A town of its own runs under `kakehashi serve` while applications are
handed in; at random moments the web, the worker or PostgreSQL is killed (in turn, so that each is hit). Afterwards:

- every application whose receipt was shown to the applicant exists, exactly once;
- an application that was sent again after a lost answer was accepted once;
- case numbers of the year are 1, 2, 3, … without a gap or a double;
- the journal is intact and sealed to the last event.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import town
from load import csrf_token, final_post, post_all

from kakehashi.site.embedded import OWNER, EmbeddedPostgres

VICTIMS = ("web", "web worker", "worker", "database", "database backend")
CLIENTS = 8
# Between two applications of one applicant, so that the drafts last; eight of them keep the machine busy all the same.
PAUSE = 0.05


@dataclass
class Tally:
    """What the applicants saw: which draft led to which application, and which answers were lost."""

    receipts: dict[int, set[str]] = field(default_factory=dict)
    lost: int = 0
    refused: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8766)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--drafts", type=int, default=None, help="default: 400 for each kill")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run's choices")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with town.folder("bench-kill") as home, town.serving(home, options.port) as process:
        made = town.seed(home, options.drafts or options.times * 400)
        csrf = csrf_token(options.port, town.SLUG, made["drafts"][0])
        sessions = made["sessions"]
        posts = [
            final_post(options.port, town.SLUG, draft, sessions[number % len(sessions)], csrf)
            for number, draft in enumerate(made["drafts"])
        ]
        tally, over = Tally(), threading.Event()
        applicants = [
            threading.Thread(target=apply_all, args=(options.port, posts, part, tally, over)) for part in range(CLIENTS)
        ]
        for one in applicants:
            one.start()
        hits = kill_at_random(process, options.port, options.times, chance, applicants)
        over.set()
        for one in applicants:
            one.join()
        town.wait_until_it_answers(options.port, process)
        problems = judge(home, made["government_id"], tally)
    if len(hits) < options.times:
        problems.append(f"only {len(hits)} of {options.times} kills: the drafts were used up, give more with --drafts")
    print(f"killed: {', '.join(f'{name} {hits.count(name)}' for name in VICTIMS)}")
    shown = sum(1 for found in tally.receipts.values() if found)
    print(
        f"receipts shown: {shown}; answers lost and sent again: {tally.lost}; refused: {len(tally.refused)} {tally.refused[:3]}"
    )
    print(
        "\n".join(problems) if problems else "every receipt is there, once; numbers without gap; the journal is intact"
    )
    sys.exit(1 if problems else 0)


def apply_all(port: int, posts: list[bytes], part: int, tally: Tally, over: threading.Event) -> None:
    """One applicant after another: hand in, and send the same again while the answer is lost, as people do."""
    for number in range(part, len(posts), CLIENTS):
        if over.is_set():
            return
        tally.receipts[number] = set()
        while not tally.receipts[number]:
            try:
                result = post_all(port, [posts[number]], 1)
            except OSError:
                result = None
            if result and result.receipts:
                tally.receipts[number].add(result.receipts[0])
                time.sleep(PAUSE)
            elif (
                result
                and result.errors
                and not result.errors[0].startswith(("status 5", "closed", "[Errno", "no answer"))
            ):
                tally.refused.append(result.errors[0])
                break
            else:
                tally.lost += 1
                if over.is_set():
                    break
                time.sleep(0.3)


def kill_at_random(
    process: subprocess.Popen[bytes], port: int, times: int, chance: random.Random, applicants: list[threading.Thread]
) -> list[str]:
    """Kill one after another at random moments; the next one waits until pages are answered again, so that there is load."""
    hits: list[str] = []
    while len(hits) < times and any(one.is_alive() for one in applicants):
        time.sleep(chance.uniform(1.0, 3.0))
        wanted = VICTIMS[len(hits) % len(VICTIMS)]
        found = victims(psutil.Process(process.pid)).get(wanted, [])
        if not found:
            continue
        with suppress(psutil.NoSuchProcess):
            chance.choice(found).send_signal(signal.SIGKILL)
            hits.append(wanted)
            began = time.monotonic()
            time.sleep(0.2)
            town.wait_until_it_answers(port, process)
            print(f"{len(hits):2} kill -9 {wanted}; pages again after {time.monotonic() - began:.1f} s", flush=True)
    time.sleep(3)
    return hits


def victims(main_process: psutil.Process) -> dict[str, list[psutil.Process]]:
    found: dict[str, list[psutil.Process]] = {}
    with suppress(psutil.Error):
        for child in main_process.children():
            command = " ".join(child.cmdline())
            if "site.web" in command:
                found["web"] = [child]
                found["web worker"] = child.children()
            elif "postgres" in command:
                found["database"] = [child]
                found["database backend"] = [
                    one for one in child.children() if "kakehashi_app" in " ".join(one.cmdline())
                ]
            elif command.endswith("worker"):
                found["worker"] = [child]
    return found


def judge(home: Path, government_id: str, tally: Tally) -> list[str]:
    problems = [
        f"draft {number} led to {len(found)} receipts" for number, found in tally.receipts.items() if len(found) > 1
    ]
    with psycopg.connect(EmbeddedPostgres(home).url(OWNER), autocommit=True) as connection:
        wait_for_the_worker(connection)
        stored = [str(one) for (one,) in connection.execute("SELECT id FROM procedures_application")]
        shown = {one for found in tally.receipts.values() for one in found}
        problems += [f"application {one} was shown a receipt and is gone" for one in shown - set(stored)]
        doubles = connection.execute(
            "SELECT idempotency_key, count(*) FROM procedures_application GROUP BY 1 HAVING count(*) > 1"
        ).fetchall()
        problems += [f"key {key} made {count} applications" for key, count in doubles]
        problems += gaps(connection)
        (events,) = connection.execute(
            "SELECT count(*) FROM journal_event WHERE code = 'procedures.application.submitted'"
        ).fetchone() or (0,)
        if events != len(stored):
            problems.append(f"{len(stored)} applications, but {events} events of their arrival")
    print(f"{len(stored)} applications stored, {len(shown)} receipts shown")
    done = subprocess.run(
        [sys.executable, "-m", "kakehashi.site", "verify"],
        env=town.environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        problems.append(f"the journal is broken:\n{done.stdout}{done.stderr}")
    return problems


def gaps(connection: psycopg.Connection[Any]) -> list[str]:
    query = (
        "SELECT fiscal_year, array_agg(sequence ORDER BY sequence) FROM cases_case GROUP BY government_id, fiscal_year"
    )
    problems = []
    for year, numbers in connection.execute(query):
        if numbers != list(range(1, len(numbers) + 1)):
            missing = sorted(set(range(1, len(numbers) + 1)) - set(numbers))
            problems.append(f"case numbers of {year} have gaps or doubles: {missing[:10]}")
    return problems


def wait_for_the_worker(connection: psycopg.Connection[Any], seconds: float = 300) -> None:
    """Wait until the worker has numbered every case; it was killed too and catches up now."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        (waiting,) = connection.execute("SELECT count(*) FROM cases_case WHERE sequence IS NULL").fetchone() or (0,)
        if not waiting:
            return
        time.sleep(1)


if __name__ == "__main__":
    main()
