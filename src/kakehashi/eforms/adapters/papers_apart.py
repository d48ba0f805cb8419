"""Reading a PDF of 様式 apart from the program, in a process of its own that may fall.

Three megabytes of a PDF can unpack to three gigabytes, name themselves as their own page, or draw a hundred million lines; what reads
PDFs follows them all. So it runs where there is little memory, little time and nothing else to lose: `python -m` this module takes the
file on its standard input and gives the draft as JSON. Word and Excel are bounded while they are unpacked (`papers.safety`); one that
holds more text than any form is read apart as well.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import PurePath
from typing import Any, TypedDict

from kakehashi.eforms.domain.definition import to_json
from kakehashi.eforms.domain.papers.draft import draft_of
from kakehashi.eforms.domain.papers.model import UnreadablePaperError
from kakehashi.eforms.domain.papers.reading import read_form
from kakehashi.eforms.domain.papers.safety import open_package

__all__ = ["Drafted", "draft_apart"]

_MEMORY = 1_500_000_000
_SECONDS = 60
_UNREADABLE = 4
# What the XML of a Word or Excel file may hold to be read in this process: a form of ten pages has about half of it.
_MOST_AT_HAND = 2_000_000
_TOO_MUCH = "このファイルは、読み取るのに時間かメモリがかかりすぎます。様式のページだけにして、元のソフトで保存しなおしてください。"


class Drafted(TypedDict):
    """What was read from a paper: its title, the draft form as JSON, what the paper says of each field, and its notes."""

    title: str
    definition: dict[str, Any]
    found: dict[str, dict[str, Any]]
    notes: list[str]


def draft_apart(name: str, content: bytes, *, memory: int = _MEMORY, seconds: int = _SECONDS) -> Drafted:
    """The draft of a paper; a PDF or a large one is read in a process with so many bytes and seconds. Raises UnreadablePaperError."""
    if PurePath(name).suffix.lower() != ".pdf" and _letters_in(content) <= _MOST_AT_HAND:
        return _draft(name, content)
    command = [sys.executable, "-I", "-m", __name__, PurePath(name).name[-100:], str(memory), str(seconds)]
    try:
        # The processor's seconds end it; the clock's are only for one that waits for ever on a crowded machine.
        done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=seconds * 5)
    except subprocess.TimeoutExpired as error:
        raise UnreadablePaperError(_TOO_MUCH) from error
    if done.returncode == _UNREADABLE:
        raise UnreadablePaperError(done.stdout.decode())
    if done.returncode:
        raise UnreadablePaperError(_TOO_MUCH)
    drafted: Drafted = json.loads(done.stdout)
    return drafted


def _letters_in(content: bytes) -> int:
    if not content.startswith(b"PK"):
        return 0
    return sum(part.file_size for part in open_package(content).infolist() if part.filename.endswith((".xml", ".rels")))


def _draft(name: str, content: bytes) -> Drafted:
    _, reading = read_form(name, content)
    definition, found = draft_of(reading)
    return {"title": reading.title, "definition": to_json(definition), "found": found, "notes": reading.notes[:50]}


def main() -> int:
    """Read standard input, write standard output."""
    name, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _give_little(memory, seconds)
    try:
        made = json.dumps(_draft(name, sys.stdin.buffer.read()), ensure_ascii=False).encode(errors="replace")
    except UnreadablePaperError as error:
        made = str(error).encode()
        sys.stdout.buffer.write(made)
        return _UNREADABLE
    sys.stdout.buffer.write(made)
    return 0


def _give_little(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
