"""件数の目安: what a national count means for one government when its own count is not known yet."""

from __future__ import annotations

NATIONAL_POPULATION = 126_146_099
"""令和2年国勢調査の総人口."""

_MUNICIPALITIES = 1_741


def local_share(population: int | None) -> float:
    """The part of a national count that a government of this population may expect; an even part when nobody knows it.

    It orders the work (「次の十件」) and nothing else: no rate and no sum is made of it.
    """
    return population / NATIONAL_POPULATION if population else 1 / _MUNICIPALITIES


QUADRANTS = {
    "first": "先に取り組む（件数が多く、手間が少ない）",
    "plan": "計画して取り組む（件数が多く、手間も多い）",
    "along": "ついでに取り組む（件数も手間も少ない）",
    "last": "あとにする（件数が少なく、手間が多い）",
}
MANY, HEAVY = 100, 3
"""From how many filings a year, and above how many points of effort, a procedure stands in the other half of the map."""
