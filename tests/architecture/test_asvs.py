"""docs/operate/asvs.md: every line of levels 1 and 2 once, and every test it names exists."""

from __future__ import annotations

import re
from collections import Counter

from tests.architecture.floors import ROOT

PAGE = ROOT / "docs" / "operate" / "asvs.md"
ROW = re.compile(r"^\| (V\d+\.\d+\.\d+) \| (.+?) \| (yes|partly|no|n/a) \| (.+) \|$")
# ASVS 5.0.0: the lines of levels 1 and 2 in each section; where a number is left out, that line is of level 3.
LINES = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2",
    "2.1": "1-3", "2.2": "1-3", "2.3": "1-4", "2.4": "1-1",
    "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2",
    "4.1": "1-3", "4.2": "1-1", "4.3": "1-2", "4.4": "1-4",
    "5.1": "1-1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3",
    "6.1": "1-3", "6.2": "1-12", "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3", "6.8": "1-4",
    "7.1": "1-3", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-2", "7.6": "1-2",
    "8.1": "1-2", "8.2": "1-3", "8.3": "1-1", "8.4": "1-1",
    "9.1": "1-3", "9.2": "1-4",
    "10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2", "10.7": "1-3",
    "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1-1", "11.6": "1-1",
    "12.1": "1-3", "12.2": "1-2", "12.3": "1-4",
    "13.1": "1-1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5",
    "14.1": "1-2", "14.2": "1-4", "14.3": "1-3",
    "15.1": "1-3", "15.2": "1-3", "15.3": "1-7",
    "16.1": "1-1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-3",
    "17.1": "1-1", "17.2": "1-4", "17.3": "1-2",
}  # fmt: skip


def rows() -> list[tuple[str, str, str, str]]:
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| V")]
    found = [ROW.match(line) for line in lines]
    assert None not in found, [line for line, match in zip(lines, found, strict=True) if match is None]
    return [match.groups() for match in found if match is not None]


def expected() -> list[str]:
    spans = {section: [int(number) for number in span.split("-")] for section, span in LINES.items()}
    return [f"V{section}.{n}" for section, (first, last) in spans.items() for n in range(first, last + 1)]


def test_every_line_of_levels_1_and_2_is_there_once():
    assert len(expected()) == 253
    assert [line for line, *_ in rows()] == expected()


def test_every_test_that_is_named_exists():
    everything = [*(ROOT / "src").rglob("test_*.py"), *(ROOT / "tests").rglob("test_*.py")]
    defined = {name for path in everything for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE)}
    named = {name for *_, evidence in rows() for name in re.findall(r"`(test_\w+)`", evidence)}
    files = {name for *_, evidence in rows() for name in re.findall(r"`(test_\w+\.py)`", evidence)}
    assert sorted(named - defined) == []
    assert sorted(files - {path.name for path in everything}) == []


def test_what_is_claimed_is_shown_and_nothing_is_hidden():
    states = Counter(state for _, _, state, _ in rows())
    assert set(states) <= {"yes", "partly", "no", "n/a"}
    thin = [line for line, _, state, evidence in rows() if state != "n/a" and len(evidence) < 4]
    assert thin == []
    summary = f"{states['yes']} yes, {states['partly']} partly, {states['no']} no, {states['n/a']} not applicable"
    assert summary in PAGE.read_text()
