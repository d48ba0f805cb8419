"""Fiscal years (会計年度): 1 April to 31 March, named after the year in which they begin (地方自治法 208条1項)."""

from datetime import date

from kakehashi.kernel.wareki import Wareki, parse_wareki_year, to_wareki

FIRST_MONTH = 4

# 「改元に伴う元号による年表示の取扱いについて」 (関係省庁連絡会議申合せ, 2019-04-02): the fiscal year 2019 as a whole is 令和元年度
# from the day of the change on. No other change of era asked for an exception.
_NAMED_AFTER_THE_LATER_ERA = {2019}


def fiscal_year(day: date) -> int:
    """Return the fiscal year (Western year of its 1 April) that contains ``day``."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def fiscal_year_bounds(year: int) -> tuple[date, date]:
    """Return the first and the last day of the fiscal year, both included."""
    return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH - 1, 31)


def fiscal_year_label(year: int) -> str:
    """Return the official name, such as 「令和8年度」; the first year of an era is 「元年度」.

    The era is the one in force on 1 April, except for 2019, which is 「令和元年度」.
    Raises WarekiError for years before 明治2年度 (1869).
    """
    first, last = fiscal_year_bounds(year)
    named: Wareki = to_wareki(last if year in _NAMED_AFTER_THE_LATER_ERA else first)
    era_year = named.year if year not in _NAMED_AFTER_THE_LATER_ERA else named.year - 1
    return f"{named.era.name}{'元' if era_year == 1 else era_year}年度"


def parse_fiscal_year(text: str) -> int:
    """Read 「令和8年度」, 「R8」, 「2026年度」 or 「2026」 and return the Western year. Raises WarekiError.

    「平成31年度」 and 「令和元年度」 are the same year.
    """
    return parse_wareki_year(text.strip().removesuffix("年度").removesuffix("度"))
