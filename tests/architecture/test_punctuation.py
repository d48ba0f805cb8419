"""What people read is set in the field's own signs: after a Japanese word stands 「：」, not a half-width colon."""

import ast
import re

from tests.architecture.floors import PACKAGE

_JAPANESE = "ぁ-んァ-ヶー一-龠」）"
# 「時:分」 is the format that is asked for, not a sentence.
_COLON = re.compile(rf"(?<!時)(?<=[{_JAPANESE}]): ?[{{「{_JAPANESE}]")
PROGRAMS = sorted(path for path in PACKAGE.rglob("*.py") if not {"tests", "migrations", "testing"} & set(path.parts))
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))


def sentences(source: str) -> list[str]:
    """The strings of a program without its docstrings; a value put into one is `{}`."""
    tree = ast.parse(source)
    unseen = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unseen:
            found.append(node.value)
    return found


def test_no_half_width_colon_follows_a_japanese_word():
    wrong = [
        f"{each.relative_to(PACKAGE)}: {sentence}"
        for each in PROGRAMS
        for sentence in sentences(each.read_text())
        if _COLON.search(sentence)
    ]
    shown = [
        f"{each.relative_to(PACKAGE)}: {found.group()}"
        for each in TEMPLATES
        for found in _COLON.finditer(each.read_text())
    ]
    assert wrong + shown == []


def test_the_check_of_colons_can_fail():
    assert [bool(_COLON.search(each)) for each in sentences('x = f"引上げの依頼: {name}"')] == [True, False]
    assert _COLON.search("届きました:題名")
    assert not _COLON.search("届きました：題名")
