"""Rolling restarts under load: not one request may fail.

Run in the checkout: `python bench/restart.py [--times 10]`. A town of its own runs under `kakehashi serve` while applicants hand in
applications, each over a new connection as a proxy or a browser opens them, and nobody sends anything twice. Meanwhile `serve` gets
SIGHUP again and again. Counted: every answer that is not the receipt, every connection that is refused or cut; afterwards the
database is judged as after `bench/kill.py`.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import town
from kill import Tally, judge, victims
from load import csrf_token, final_post, post_all

CLIENTS = 8
# Between two applications of one applicant, so that the drafts last while a busy machine starts its new processes.
PAUSE = float(os.environ.get("PAUSE", "0.2"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8768)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--drafts", type=int, default=None, help="default: 600 for each restart")
    options = parser.parse_args()
    with town.folder("bench-restart") as home, town.serving(home, options.port) as process:
        made = town.seed(home, options.drafts or options.times * 600)
        csrf = csrf_token(options.port, town.SLUG, made["drafts"][0])
        sessions = made["sessions"]
        posts = [
            final_post(options.port, town.SLUG, draft, sessions[number % len(sessions)], csrf)
            for number, draft in enumerate(made["drafts"])
        ]
        tally, over = Tally(), threading.Event()
        applicants = [
            threading.Thread(target=apply_once, args=(options.port, posts, part, tally, over))
            for part in range(CLIENTS)
        ]
        for one in applicants:
            one.start()
        done = restart_again_and_again(process, options.times, applicants)
        over.set()
        for one in applicants:
            one.join()
        problems = judge(home, made["government_id"], tally)
    asked = len(tally.receipts)
    print(f"{done} rolling restarts, {asked} applications handed in meanwhile, {len(tally.refused)} requests failed")
    problems += tally.refused[:5]
    if done < options.times:
        problems.append(f"only {done} of {options.times} restarts: the drafts were used up, give more with --drafts")
    print("\n".join(problems) or "no request was dropped; every receipt is there, once; the journal is intact")
    sys.exit(1 if problems else 0)


def apply_once(port: int, posts: list[bytes], part: int, tally: Tally, over: threading.Event) -> None:
    """One applicant after another, each once: whatever is not a receipt is a failure."""
    for number in range(part, len(posts), CLIENTS):
        if over.is_set():
            return
        try:
            result = post_all(port, [posts[number]], 1)
            tally.receipts[number] = set(result.receipts)
            tally.refused += result.errors
        except OSError as error:
            tally.receipts[number] = set()
            tally.refused.append(f"connection: {error}")
        time.sleep(PAUSE)


def restart_again_and_again(process: subprocess.Popen[bytes], times: int, applicants: list[threading.Thread]) -> int:
    """Send SIGHUP, wait until no process of before serves any more, and again; gives how often that was."""
    for done in range(times):
        before = web_workers(process)
        began = time.monotonic()
        process.send_signal(signal.SIGHUP)
        while before & web_workers(process):
            if not any(one.is_alive() for one in applicants) or time.monotonic() - began > 120:
                return done
            time.sleep(0.05)
        print(f"{done + 1:2} restarted in {time.monotonic() - began:.1f} s", flush=True)
        time.sleep(1)
    return times


def web_workers(process: subprocess.Popen[bytes]) -> set[int]:
    """The processes that answer, without Python's own helper."""
    while True:
        # A process that ends while one looks hides the others: look again.
        found = {one.pid for one in victims(psutil.Process(process.pid)).get("web worker", []) if serves(one)}
        if found or process.poll() is not None:
            return found
        time.sleep(0.02)


def serves(one: psutil.Process) -> bool:
    """Whether a process still answers: not one that has ended and waits to be noticed."""
    try:
        return one.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(one.cmdline())
    except psutil.Error:
        return False


if __name__ == "__main__":
    main()
