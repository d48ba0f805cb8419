"""The smallest program that `site.web` can run: it loads at once, unless a file says that it is broken, and answers slowly."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from kakehashi.site.leaving import Leave

_HOME = Path(os.environ["KAKEHASHI_HOME"])


def _answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    time.sleep(0.003)
    answer = str(os.getpid()).encode()
    start("200 OK", [("Content-Length", str(len(answer)))])
    return [answer]


if (_HOME / "broken").exists():
    raise SystemExit("this version cannot load")
_leave = Leave()
application = _leave.ending(_answer)
_leave.said_by(_HOME, is_behind=(_HOME / "behind").exists())
