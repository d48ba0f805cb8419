"""When a number has moved and no rows say why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class AnomalyKind(StrEnum):
    """What is odd about a number."""

    MOVED_WITHOUT_ROWS = "moved_without_rows"
    CLOSED_MOVED = "closed_moved"
    NO_ROWS = "no_rows"


ANOMALY_WORDS = {
    AnomalyKind.MOVED_WITHOUT_ROWS: "数えた行は同じなのに、数字が動きました。",
    AnomalyKind.CLOSED_MOVED: "終わった期間の数字が、あとから動きました（行があとで加わったか、消えました）。",
    AnomalyKind.NO_ROWS: "数えた行が一つもないのに、0でない数字があります。",
}


@dataclass(frozen=True)
class Counted:
    """A number with what stands for its rows: how many, and a mark of which ones; None where nothing was kept."""

    value: Decimal | None
    rows_count: int | None
    rows_mark: int | None


def odd_about(former: Counted, present: Counted, *, is_closed: bool) -> AnomalyKind | None:
    """Return what is odd about the present number after the former one of the same period and definition, None for nothing.

    In a running period rows come and numbers move: that is no anomaly. A closed period does not move at all.
    """
    if present.value and present.rows_count == 0:
        return AnomalyKind.NO_ROWS
    if former.value == present.value:
        return None
    same = former.rows_count is not None and (former.rows_count, former.rows_mark) == (
        present.rows_count,
        present.rows_mark,
    )
    if same:
        return AnomalyKind.MOVED_WITHOUT_ROWS
    return AnomalyKind.CLOSED_MOVED if is_closed else None
