"""三者の比較: a form that was taken from a base, when the base moves on; pure, and the same words for people."""

from kakehashi.eforms.domain.merging.forms import Merge, merge_forms
from kakehashi.eforms.domain.merging.three_way import BASE, BOTH, MISSING, OWN, Path, Point, ThreeWay
from kakehashi.eforms.domain.merging.words import Choice, Told, plain_value, tell, with_choices

__all__ = [
    "BASE",
    "BOTH",
    "MISSING",
    "OWN",
    "Choice",
    "Merge",
    "Path",
    "Point",
    "ThreeWay",
    "Told",
    "merge_forms",
    "plain_value",
    "tell",
    "with_choices",
]
