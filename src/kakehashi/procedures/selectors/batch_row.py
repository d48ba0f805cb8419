"""一行の予定: what a batch would do to one row, and whether publishing, closing and leaving out can be done to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from kakehashi.kernel import clock
from kakehashi.procedures.domain.gates import missing
from kakehashi.procedures.domain.sheet_columns import ACTS
from kakehashi.procedures.models import Procedure, ProcedureText, RowState, Stage
from kakehashi.procedures.selectors.form_sources import PlannedForm
from kakehashi.procedures.selectors.gates import GateReader

_WITHOUT_OPENING = "「操作」の欄を空ければ、手続を載せるところまで取り込めます。公開は、様式を確かめてからです。"

__all__ = ["ACT_JUDGES", "PlannedRow", "counts_of", "fail"]


@dataclass(slots=True)
class PlannedRow:
    """One row of the file and what would become of it.

    `procedure` is as the batch would leave it (not saved), `before` its snapshot as it is now (empty for a new one), `texts`
    the texts to write by language, `form` the form that would be made for it.
    """

    line: int
    name: str
    state: RowState = RowState.SAME
    act: str = ""
    procedure: Procedure | None = None
    before: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, ProcedureText] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    form: PlannedForm | None = None

    @property
    def text(self) -> str:
        """Everything there is to say of the row, in one line."""
        told = [f"{label}：{old or '（なし）'} → {new or '（なし）'}" for label, old, new in self.changes]
        act = [f"操作：{ACTS[self.act][0]}"] if self.act else []
        return "　".join([*act, *self.sentences, *told])

    @property
    def is_wrong(self) -> bool:
        """Whether the row cannot be taken."""
        return self.state == RowState.WRONG

    @property
    def will_write(self) -> bool:
        """Whether applying the batch changes anything here."""
        return self.state in (RowState.NEW, RowState.CHANGE)


def counts_of(rows: Iterable[PlannedRow]) -> dict[str, int]:
    """Rows by state, and by act among those that will be written."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row.state] += 1
        if row.act and row.will_write:
            counts[f"act.{row.act}"] += 1
        if row.form is not None and row.will_write:
            counts["forms"] += 1
    return dict(counts)


def _open(one: PlannedRow, made: Procedure, reader: GateReader) -> None:
    if made.stage == Stage.ONLINE:
        return
    languages = [text.language for text in one.texts.values() if text.what_for.strip()]
    sentences = missing(reader.facts(made, languages))
    if sentences:
        fail(one, "公開できません。" + "".join(sentences))
        if not one.before:
            one.sentences.append(_WITHOUT_OPENING)
        return
    made.stage, made.opened_at = Stage.ONLINE, clock.now()
    made.excluded_reason, made.exclusion_rule = "", None
    if "online" not in made.channels:
        made.channels = ["online", *made.channels]


def _close(one: PlannedRow, made: Procedure, _reader: GateReader) -> None:
    if made.stage == Stage.ONLINE:
        made.stage = Stage.REVIEWED


def _exclude(one: PlannedRow, made: Procedure, _reader: GateReader) -> None:
    if made.stage == Stage.ONLINE:
        fail(one, "公開中の手続です。公開を止めてから対象外にしてください。")
    elif made.stage != Stage.EXCLUDED:
        made.excluded_reason = made.excluded_reason or (made.exclusion_rule.text if made.exclusion_rule else "")
        if made.excluded_reason:
            made.stage = Stage.EXCLUDED
        else:
            fail(one, "対象外にするルールか理由を書いてください。")


def _include(one: PlannedRow, made: Procedure, _reader: GateReader) -> None:
    if made.stage == Stage.EXCLUDED:
        made.stage = Stage.DRAFTED if made.form_id else Stage.PAPER
        made.excluded_reason, made.exclusion_rule = "", None


ACT_JUDGES = {"open": _open, "close": _close, "exclude": _exclude, "include": _include}
"""What each act does to a procedure that is planned, or why it cannot."""


def fail(one: PlannedRow, sentence: str) -> None:
    """The row cannot be taken, and why; a second reason stands beside the first."""
    if one.state != RowState.WRONG:
        one.state, one.sentences = RowState.WRONG, []
    one.sentences.append(sentence)
