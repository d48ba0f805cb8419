"""Reading a chat that was pasted: who said what, and when. Teams, Slack, LINE WORKS and LINE write it differently."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time

MOST_TURNS = 300
_DAY = re.compile(
    r"^\s*(?:\[|-+\s*)?(\d{4})[./年-]\s?(\d{1,2})[./月-]\s?(\d{1,2})日?(?:\s*[(（][^)）]+[)）])?\s*(?:\]|-+)?\s*$"
)
_STAMP = r"(?:(?P<y>\d{4})[./年-](?P<m>\d{1,2})[./月-](?P<d>\d{1,2})日?[\sT,]*)?(?P<h>\d{1,2}):(?P<n>\d{2})(?::\d{2})?"
_SPEAKER = r"(?P<who>[^\s:：\[\]][^:：\t\[\]]{0,39}?)"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        # 10:05<TAB>山田<TAB>…   (LINE)
        rf"^\s*{_STAMP}\t{_SPEAKER}\t(?P<text>.*)$",
        # [2026/11/20 10:05] 山田: …   (Teams, Slack exports)
        rf"^\s*[\[(（]\s*{_STAMP}\s*[\])）]\s*{_SPEAKER}\s*[:：]\s*(?P<text>.*)$",
        # 2026/11/20 10:05 山田: …   (LINE WORKS)
        rf"^\s*{_STAMP}\s+{_SPEAKER}\s*[:：]\s*(?P<text>.*)$",
        # 山田 [10:05] …  and  山田 10:05 …  (Slack, Teams: the text follows on the next lines)
        rf"^\s*{_SPEAKER}\s+[\[(（]?\s*{_STAMP}\s*[\])）]?\s*(?P<text>.*)$",
        # 山田: …
        r"^\s*(?P<who>[^\s:：/\[\]][^:：/\t\[\]]{0,19}?)\s*[:：]\s*(?P<text>\S.*)$",
    )
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person said in one go. `day` and `at` are what the paste says, None where it says nothing."""

    who: str
    text: str
    day: date | None = None
    at: time | None = None

    @property
    def moment(self) -> datetime | None:
        """Day and time as a local datetime without zone, or None unless both are known."""
        return datetime.combine(self.day, self.at) if self.day and self.at else None


def read_transcript(text: str) -> list[Turn]:
    """Return the turns of a pasted chat in order; neighbouring turns of one person are one. No line is ever lost.

    A paste in no known shape comes back as one turn without a speaker.
    """
    turns: list[Turn] = []
    day: date | None = None
    for line in text.replace("\x00", "").splitlines():
        if (found := _day(line)) is not None:
            day = found
            continue
        turn = _turn(line, day)
        if turn is not None:
            day = turn.day
            turns.append(turn)
        elif not turns:
            if line.strip():
                turns.append(Turn("", line.rstrip(), day))
        else:
            turns[-1] = replace(turns[-1], text=f"{turns[-1].text}\n{line.rstrip()}")
    return _within(_joined(turns))


def _turn(line: str, day: date | None) -> Turn | None:
    for shape in _SHAPES:
        match = shape.match(line)
        if match is None:
            continue
        parts = match.groupdict()
        at = _time(parts.get("h"), parts.get("n"))
        if parts.get("h") and at is None:
            continue
        own = _date(parts.get("y"), parts.get("m"), parts.get("d"))
        return Turn(parts["who"].strip(), parts["text"].rstrip(), own or day, at)
    return None


def _day(line: str) -> date | None:
    match = _DAY.match(line)
    return _date(*match.groups()) if match else None


def _date(year: str | None, month: str | None, day: str | None) -> date | None:
    try:
        return date(int(year), int(month), int(day)) if year and month and day else None
    except ValueError:
        return None


def _time(hour: str | None, minute: str | None) -> time | None:
    try:
        return time(int(hour), int(minute)) if hour and minute else None
    except ValueError:
        return None


def _joined(turns: list[Turn]) -> list[Turn]:
    joined: list[Turn] = []
    for turn in turns:
        if joined and joined[-1].who == turn.who:
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text}\n{turn.text}")
        else:
            joined.append(turn)
    return [replace(turn, text=turn.text.strip()) for turn in joined if turn.text.strip()]


def _within(turns: list[Turn]) -> list[Turn]:
    """The first turns each on its own; what is beyond the limit stays together in the last one."""
    if len(turns) <= MOST_TURNS:
        return turns
    rest = "\n".join(f"{turn.who}: {turn.text}" for turn in turns[MOST_TURNS - 1 :])
    return [*turns[: MOST_TURNS - 1], Turn("（続き）", rest)]
