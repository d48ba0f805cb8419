"""Quorum (定足数): how many members must take part, counted in the open with the rule beside the number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kakehashi.meetings.domain.states import Presence


class QuorumKind(StrEnum):
    """How a body's rule counts."""

    MAJORITY = "majority"
    HALF = "half"
    TWO_THIRDS = "two_thirds"
    NUMBER = "number"
    NONE = "none"


KIND_WORDS: dict[str, str] = {
    QuorumKind.MAJORITY: "構成員の過半数",
    QuorumKind.HALF: "構成員の半数以上",
    QuorumKind.TWO_THIRDS: "構成員の3分の2以上",
    QuorumKind.NUMBER: "人数を決める",
    QuorumKind.NONE: "定めなし",
}


@dataclass(frozen=True)
class QuorumRule:
    """The rule of a body: `number` only for `NUMBER`; `clause` is where it stands, such as 「設置要綱第6条第2項」."""

    kind: QuorumKind
    number: int = 0
    counts_online: bool = True
    counts_proxy: bool = False
    clause: str = ""

    def required(self, members: int) -> int:
        """How many of `members` must take part; 0 where the body has no rule."""
        if self.kind is QuorumKind.MAJORITY:
            return members // 2 + 1
        if self.kind is QuorumKind.HALF:
            return -(-members // 2)
        if self.kind is QuorumKind.TWO_THIRDS:
            return -(-members * 2 // 3)
        return self.number if self.kind is QuorumKind.NUMBER else 0

    @property
    def words(self) -> str:
        """The rule in words: 「構成員の過半数（設置要綱第6条第2項）。オンラインを数え、代理は数えません。」."""
        if self.kind is QuorumKind.NONE:
            return "定足数の定めはありません。"
        first = f"構成員{self.number}人以上" if self.kind is QuorumKind.NUMBER else KIND_WORDS[self.kind]
        clause = f"（{self.clause}）" if self.clause else ""
        online = "オンラインを数え" if self.counts_online else "オンラインを数えず"
        proxy = "代理も数えます" if self.counts_proxy else "代理は数えません"
        return f"{first}{clause}。{online}、{proxy}。"


@dataclass(frozen=True)
class Quorum:
    """The count of one meeting: `counted` of `members` take part in the sense of the rule, `required` must."""

    members: int
    counted: int
    required: int
    has_rule: bool
    present: int = 0
    online: int = 0
    proxies: int = 0
    absent: int = 0
    expected: int = 0

    @property
    def is_met(self) -> bool:
        """Whether the meeting may decide. A body without a rule always may; one without a member never has a quorum."""
        return not self.has_rule or (self.members > 0 and self.counted >= self.required)

    @property
    def sentence(self) -> str:
        """「構成員7人のうち5人が出席し、必要な4人に達しています。」."""
        if not self.has_rule:
            return f"構成員{self.members}人のうち{self.counted}人が出席しています。定足数の定めはありません。"
        end = "達しています" if self.is_met else "達していません"
        return f"構成員{self.members}人のうち{self.counted}人が出席し、必要な{self.required}人に{end}。"


def count_quorum(rule: QuorumRule, presences: Iterable[str]) -> Quorum:
    """Count the members' presences under a rule; 未確認 and 欠席 never count."""
    found = [Presence(one) for one in presences]
    number = {kind: found.count(kind) for kind in Presence}
    counted = number[Presence.PRESENT]
    counted += number[Presence.ONLINE] if rule.counts_online else 0
    counted += number[Presence.PROXY] if rule.counts_proxy else 0
    return Quorum(
        members=len(found),
        counted=counted,
        required=rule.required(len(found)),
        has_rule=rule.kind is not QuorumKind.NONE,
        present=number[Presence.PRESENT],
        online=number[Presence.ONLINE],
        proxies=number[Presence.PROXY],
        absent=number[Presence.ABSENT],
        expected=number[Presence.EXPECTED],
    )
