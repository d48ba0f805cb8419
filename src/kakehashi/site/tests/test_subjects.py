"""Every thing an act may be about has a Japanese name in the log."""

import re
from pathlib import Path

import kakehashi
from kakehashi.journal.hooks import subject_label
from kakehashi.site.subjects import SUBJECTS

WRITTEN = re.compile(
    r"subject_kind=\"([a-z_.]+)\"|\b(?:_?SUBJECT|SUBJECT_KIND|PEER|APPLICATION|PROCEDURE) = \"([a-z_.]+)\""
)


def test_every_subject_that_rooms_write_is_named() -> None:
    package = Path(kakehashi.__path__[0])
    sources = [path for path in package.rglob("*.py") if "tests" not in path.parts and path.name != "testing.py"]
    found = {one or other for path in sources for one, other in WRITTEN.findall(path.read_text())}
    assert {kind for kind in found if "." in kind} - SUBJECTS.keys() == set()
    assert subject_label("cases.case") == "案件"
    assert subject_label("gone.thing") == "gone.thing"
