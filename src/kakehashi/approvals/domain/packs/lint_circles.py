"""Circles: deputies who act for each other, consultees who wait for each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.findings import Finding, error, warning

Arrows = Mapping[str, Sequence[str]]


def circles(arrows: Arrows) -> list[list[str]]:
    """Every circle once, from its alphabetically first member on, found by a walk from each member."""
    found: list[list[str]] = []
    for start in sorted(arrows):
        way = _way_back(arrows, start)
        if way and min(way) == start:
            found.append(way)
    return found


def _way_back(arrows: Arrows, start: str) -> list[str]:
    """The shortest way along the arrows from a member back to itself; empty: there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for following in arrows.get(way[-1], ()):
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []


def findings(document: PackDocument) -> Iterator[Finding]:
    """Circles of deputies and of consultees, and deputies without order."""
    arrows: dict[str, list[str]] = {}
    for line in document.deputies:
        arrows.setdefault(line.post, []).append(line.deputy)
    for circle in circles(arrows):
        place = next(line.place for line in document.deputies if line.post == circle[0])
        yield error(
            "deputy_cycle", "deputies", place,
            f"代決が{'→'.join([*circle, circle[0]])}と回っていて、全員が不在のとき決まりません。",
            "どこか一つの代決する職を、回りの外の職に変えてください。",
        )  # fmt: skip
    yield from _orders(document)
    yield from _consults(document)


def _orders(document: PackDocument) -> Iterator[Finding]:
    seen: dict[tuple[str, int], str] = {}
    for line in document.deputies:
        other = seen.setdefault((line.post, line.order), line.deputy)
        if other != line.deputy:
            yield error(
                "deputy_order", "deputies", line.place,
                f"{line.post}の代決の第{line.order}順位が、{other}と{line.deputy}の二者です。", "順位を分けてください。",
            )  # fmt: skip
    restricted = {line.matter for line in document.rules if line.restricted}
    for line in document.deputies:
        for matter in set(line.except_matters) & restricted:
            yield warning(
                "deputy_twice_barred", "deputies", line.place,
                f"「{document.matter_name(matter)}」は、専決の表ですでに代決を制限しています。", "代決できない事項から外しても同じです。",
            )  # fmt: skip


def _consults(document: PackDocument) -> Iterator[Finding]:
    for matter in sorted({line.matter for line in document.consults}):
        lines = [line for line in document.consults if line.matter == matter]
        for circle in circles({line.post: line.after for line in lines}):
            place = next(line.place for line in lines if line.post == circle[0])
            yield error(
                "consult_loop", "consults", place,
                f"「{document.matter_name(matter)}」の合議が{'→'.join([*circle, circle[0]])}と互いに待ち合っていて、進みません。",
                "「先に合議する職」を見直してください。",
            )  # fmt: skip
        posts = {line.post for line in lines}
        for line in lines:
            for name in line.after:
                if name not in posts:
                    yield warning(
                        "consult_after", "consults", line.place,
                        f"「{document.matter_name(matter)}」では、{line.post}が先に合議するとした{name}に合議しません。", "職を直すか、消してください。",
                    )  # fmt: skip
