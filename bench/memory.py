"""How much memory does the whole product take at rest (PSS of every process, the shared parts counted once)?

Run in the checkout: `python bench/memory.py`. The goal is 700 MB on two cores, after every kind of page was opened once.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections import defaultdict
from urllib.parse import quote

import psutil
import town

PORT, GOAL = 8767, 700


def main() -> None:
    with town.folder("bench-memory") as home, town.serving(home, PORT) as process:
        town.seed(home, 1)
        for path in (
            "/",
            f"/{town.SLUG}/",
            f"/{town.SLUG}/procedures/",
            f"/{town.SLUG}/procedures/?q=住宅",
            "/accounts/login/",
        ):
            for _ in range(20):
                visit(path)
        time.sleep(10)
        sizes: dict[str, float] = defaultdict(float)
        main_process = psutil.Process(process.pid)
        for one in [main_process, *main_process.children(recursive=True)]:
            command = " ".join(one.cmdline())
            name = (
                "web"
                if ("site.web" in command or "multiprocessing" in command)
                else "worker"
                if command.endswith("worker")
                else "database"
                if "postgres" in command
                else "supervisor"
            )
            sizes[name] += one.memory_full_info().pss / 1e6
    for name, size in sizes.items():
        print(f"{name:12} {size:6.0f} MB")
    total = sum(sizes.values())
    print(f"{'in all':12} {total:6.0f} MB   {'met' if total <= GOAL else 'MISS'} (goal {GOAL} MB)")


def visit(path: str) -> None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{quote(path, safe='/?=')}", timeout=60) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        print(f"{path}: {error.code}")


if __name__ == "__main__":
    main()
