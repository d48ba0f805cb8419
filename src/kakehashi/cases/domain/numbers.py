"""案件番号: 「令和8-000123」, gapless within a government and a fiscal year."""

from __future__ import annotations

from kakehashi.kernel.fiscal_year import fiscal_year_label


def case_number(fiscal_year: int, sequence: int) -> str:
    """Return 「令和8-000123」. Beyond 999,999 the number simply grows. Raises ValueError below 1."""
    if sequence < 1:
        message = f"a case number counts from 1, not {sequence}"
        raise ValueError(message)
    return f"{fiscal_year_label(fiscal_year).removesuffix('年度')}-{sequence:06}"
