"""The document of a rule pack: its tables as plain rows, and typed views of those that decide something."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kakehashi.approvals.domain.packs.bands import Band
from kakehashi.approvals.domain.packs.columns import Row
from kakehashi.approvals.domain.packs.parts import BY_KEY, PARTS, PERIOD_KINDS

FORMAT = 1
EVERY_MATTER = "*"


@dataclass(frozen=True)
class TitleLine:
    """A title the 専決 table uses. `names` are posts it stands for; the head needs none."""

    name: str
    kind: str
    names: tuple[str, ...]
    rank: int

    @property
    def is_head(self) -> bool:
        """Whether it is the head of the government."""
        return self.kind == "head"

    def fits(self, post_name: str) -> bool:
        """Whether a post of this name is meant: 住民課課長 is a 課長, 副町長 is no 町長."""
        if self.kind == "post":
            return post_name in self.names
        return any(post_name.endswith(name) and not post_name.endswith(f"副{name}") for name in self.names)


@dataclass(frozen=True)
class RuleLine:
    """A line of the 専決 table: who decides a matter within a band, by which clause."""

    matter: str
    departments: tuple[str, ...]
    decider: str
    band: Band
    restricted: bool
    self_decision: bool
    clause: str
    text: str
    place: int


@dataclass(frozen=True)
class ConsultLine:
    """合議: a post that is asked within a band; `school` is consent or opinion."""

    matter: str
    post: str
    band: Band
    school: str
    after: tuple[str, ...]
    clause: str
    place: int


@dataclass(frozen=True)
class DeputyLine:
    """代決: who acts for a post, in which order, and for what not."""

    post: str
    order: int
    deputy: str
    except_matters: tuple[str, ...]
    condition: str
    clause: str
    place: int


@dataclass(frozen=True)
class SeriesLine:
    """A number series. `symbol` may hold {課} for the department's own symbol."""

    kind: str
    departments: tuple[str, ...]
    symbol: str
    reset: str
    clause: str
    place: int


@dataclass(frozen=True)
class RetentionLine:
    """A line of the classification with the retention it falls under."""

    code: str
    large: str
    middle: str
    small: str
    file: str
    period_kind: str
    years: int | None
    anchor: str
    disposition: str
    clause: str

    @property
    def period(self) -> str:
        """5年, 永年, 常用 …"""
        return period_word(self.period_kind, self.years)


@dataclass(frozen=True)
class StageLine:
    """A stage of disposal: who looks at what has expired."""

    order: int
    scope: str
    name: str
    post: str
    clause: str


def period_word(kind: str, years: int | None) -> str:
    """5年, 1年未満, 永年, 常用."""
    return f"{years}年" if kind == "years" else PERIOD_KINDS.get(kind, kind)


class PackDocument:
    """All tables of one version. Never changed in place: `with_rows` gives another document."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self._tables = {part.key: tuple(_complete(part.key, row) for row in tables.get(part.key, ())) for part in PARTS}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PackDocument:
        """The document kept in a version."""
        return cls(data.get("tables", {}))

    def to_json(self) -> dict[str, Any]:
        """Plain data for keeping; equal documents give equal data."""
        return {"format": FORMAT, "tables": {key: [dict(row) for row in rows] for key, rows in self._tables.items()}}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the plain data, keys sorted."""
        text = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackDocument) and self._tables == other._tables

    def __hash__(self) -> int:
        return hash(self.digest)

    def rows(self, part: str) -> tuple[Row, ...]:
        """The rows of a table."""
        return self._tables[part]

    def with_rows(self, part: str, rows: Sequence[Row]) -> PackDocument:
        """The same document with one table replaced."""
        return PackDocument({**self._tables, part: rows})

    def setting(self, key: str, default: str = "") -> str:
        """The value of a basic setting."""
        return next((str(row["value"]) for row in self.rows("settings") if row["key"] == key and row["value"]), default)

    def setting_clause(self, key: str) -> str:
        """The clause of a basic setting."""
        return next((str(row["clause"]) for row in self.rows("settings") if row["key"] == key), "")

    @property
    def name(self) -> str:
        """The pack's own name."""
        return self.setting("name", "規程パック")

    @property
    def decision_regulation(self) -> str:
        """The name of the 事務決裁規程."""
        return self.setting("decision_regulation", "事務決裁規程")

    @property
    def records_regulation(self) -> str:
        """The name of the 文書管理規程."""
        return self.setting("records_regulation", "文書管理規程")

    @property
    def consult_school(self) -> str:
        """The school of 合議 where a line names none: consent or opinion."""
        value = self.setting("consult_school", "opinion")
        return {"同意を要する": "consent", "意見を聴く": "opinion"}.get(value, value)

    @property
    def self_approval_barred(self) -> bool:
        """Whether the drafter may not decide their own proposal."""
        return self.setting("self_approval", "禁止") != "許可"

    @cached_property
    def titles(self) -> dict[str, TitleLine]:
        """Titles by name."""
        return {
            row["name"]: TitleLine(row["name"], row["kind"], tuple(row["posts"]) or (row["name"],), row["rank"] or 0)
            for row in self.rows("titles")
        }

    @cached_property
    def matters(self) -> dict[str, Row]:
        """Matters by code."""
        return {row["code"]: row for row in self.rows("matters")}

    def matter_name(self, code: str) -> str:
        """The words of a matter; of every matter at once that it is every one, and the code itself where none has it."""
        if code == EVERY_MATTER:
            return "すべての事項"
        return str(self.matters[code]["name"]) if code in self.matters else code

    @cached_property
    def rules(self) -> tuple[RuleLine, ...]:
        """The 専決 table."""
        return tuple(
            RuleLine(
                row["matter"], tuple(row["departments"]), row["decider"], _band(row), row["restricted"],
                row["self_decision"], row["clause"], row["text"], place,
            )
            for place, row in enumerate(self.rows("rules"))
        )  # fmt: skip

    @cached_property
    def consults(self) -> tuple[ConsultLine, ...]:
        """The table of 合議."""
        return tuple(
            ConsultLine(
                row["matter"], row["post"], _band(row), row["school"] or self.consult_school, tuple(row["after"]),
                row["clause"], place,
            )
            for place, row in enumerate(self.rows("consults"))
        )  # fmt: skip

    @cached_property
    def deputies(self) -> tuple[DeputyLine, ...]:
        """The deputies, by post and order."""
        lines = [
            DeputyLine(
                row["post"], row["order"] or 0, row["deputy"], tuple(row["except_matters"]), row["condition"],
                row["clause"], place,
            )
            for place, row in enumerate(self.rows("deputies"))
        ]  # fmt: skip
        return tuple(sorted(lines, key=lambda line: (line.post, line.order, line.place)))

    @cached_property
    def series(self) -> tuple[SeriesLine, ...]:
        """The number series."""
        return tuple(
            SeriesLine(row["kind"], tuple(row["departments"]), row["symbol"], row["reset"], row["clause"], place)
            for place, row in enumerate(self.rows("numbering"))
        )

    @cached_property
    def retention(self) -> dict[str, RetentionLine]:
        """The classification by code, each line with the retention it falls under; lines without one are left out."""
        schedule = {row["code"]: row for row in self.rows("retention")}
        found = {}
        for row in self.rows("classes"):
            terms = schedule.get(row["retention"])
            if terms is not None:
                found[row["code"]] = RetentionLine(
                    row["code"], row["large"], row["middle"], row["small"], row["file"], terms["period_kind"],
                    terms["years"], terms["anchor"], row["disposition"] or terms["disposition"], row["clause"],
                )  # fmt: skip
        return found

    @cached_property
    def stages(self) -> tuple[StageLine, ...]:
        """The stages of disposal in their order."""
        rows = sorted(self.rows("stages"), key=lambda row: row["order"] or 0)
        return tuple(StageLine(r["order"] or 0, r["scope"], r["name"], r["post"], r["clause"]) for r in rows)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The body's own words."""
        return {row["word"]: row["label"] for row in self.rows("labels")}

    def article(self, regulation: str, clause: str) -> Row | None:
        """The article a clause begins with: 第3条第2号 stands in 第3条."""
        found = [
            row for row in self.rows("articles") if row["regulation"] == regulation and _begins(clause, row["number"])
        ]
        return max(found, key=lambda row: len(row["number"]), default=None)


def _begins(clause: str, number: str) -> bool:
    return bool(number) and clause.startswith(number) and not clause[len(number) :].startswith("の")


def _band(row: Row) -> Band:
    return Band.of(row["low"], row["low_word"], row["high"], row["high_word"])


def _complete(part: str, row: Row) -> Row:
    return {column.key: row.get(column.key, column.empty) for column in BY_KEY[part].columns}
