"""The draft of the minutes, written from what was recorded: nobody types again what the meeting already knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SeatLine:
    """One member as the minutes name them; `how` is 出席, オンライン, 代理出席, 欠席 or 未確認."""

    post: str
    person: str
    how: str
    proxy: str = ""
    is_chair: bool = False

    @property
    def words(self) -> str:
        """「総務課長 佐藤 一郎（代理 総務課係長 伊藤 誠）」."""
        role = "（議長）" if self.is_chair else ""
        proxy = f"（代理 {self.proxy}）" if self.proxy else ""
        return f"{self.post} {self.person or '空席'}{role}{proxy}"


@dataclass(frozen=True)
class ItemLine:
    """One item with what came of it."""

    number: int
    title: str
    kind: str
    presenter: str
    summary: str
    materials: tuple[str, ...] = ()
    outcome: str = ""
    text: str = ""
    quorum_reason: str = ""
    actions: tuple[str, ...] = ()
    is_confidential: bool = False


@dataclass(frozen=True)
class Held:
    """A meeting as its minutes tell it. Days arrive in words (令和8年11月20日（金）)."""

    title: str
    when: str
    place: str
    openness: str
    quorum: str
    rule: str
    clerk: str
    seats: Sequence[SeatLine]
    items: Sequence[ItemLine]


def compose(held: Held) -> str:
    """The draft as plain text: the facts, who took part, then item by item."""
    parts = [f"日時　{held.when}", f"場所　{held.place or '―'}", f"公開区分　{held.openness}"]
    for how in ("出席", "オンライン", "代理出席", "欠席", "未確認"):
        names = "、".join(seat.words for seat in held.seats if seat.how == how)
        if names:
            parts.append(f"{how}　{names}")
    parts += [f"定足数　{held.quorum}（{held.rule}）", f"事務局　{held.clerk}"]
    return "\n".join(parts) + "\n\n" + "\n\n".join(_item(item) for item in held.items) + "\n"


def _item(item: ItemLine) -> str:
    lines = [f"{item.number}．{item.title}（{item.kind}）" + ("【構成員限り】" if item.is_confidential else "")]
    if item.presenter:
        lines.append(f"説明　{item.presenter}")
    if item.summary:
        lines.append(f"要旨　{item.summary}")
    if item.materials:
        lines.append("資料　" + "、".join(item.materials))
    lines.append(f"結果　{item.outcome}：{item.text}" if item.outcome else "結果　（記録なし）")
    if item.quorum_reason:
        lines.append(f"　　　定足数に達しないまま記録した理由：{item.quorum_reason}")
    lines += [f"課題　{action}" for action in item.actions]
    return "\n".join(lines)
