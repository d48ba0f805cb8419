"""The catalogue of causes. A clash with a rule or a custom names the clause and who may change it."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a task is a trouble."""

    NO_PURPOSE = "no_purpose"
    RULE = "rule"
    CUSTOM = "custom"
    PAPER = "paper"
    TWICE = "twice"
    DIVIDED = "divided"
    ONE_PERSON = "one_person"
    SYSTEM = "system"
    VOLUME = "volume"
    UNKNOWN_HOW = "unknown_how"
    NOT_FOUND = "not_found"
    OTHER = "other"


LABELS: dict[Cause, str] = {
    Cause.NO_PURPOSE: "目的がはっきりしない・もう要らない",
    Cause.RULE: "規程との衝突",
    Cause.CUSTOM: "慣習との衝突（決まりはない）",
    Cause.PAPER: "紙・押印・対面が前提",
    Cause.TWICE: "同じことを何度も書く・入力する",
    Cause.DIVIDED: "課の間で分かれている",
    Cause.ONE_PERSON: "一人に頼っている",
    Cause.SYSTEM: "システムの制約",
    Cause.VOLUME: "時期や量の偏り",
    Cause.UNKNOWN_HOW: "やり方を知らない・教わっていない",
    Cause.NOT_FOUND: "情報が見つからない",
    Cause.OTHER: "そのほか",
}
MOST_WHYS = 5
# Causes with somebody who decides about them: the rule's clause, or the custom's keeper.
WITH_OWNER = frozenset({Cause.RULE, Cause.CUSTOM})
