"""差し込み: what may stand in braces in a text that is sent often, and filling it in."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["PLACEHOLDERS", "fill", "unknown_placeholders"]

PLACEHOLDERS: dict[str, str] = {
    "申請者名": "申請した人の氏名・名称",
    "件名": "案件の件名",
    "手続名": "手続の名前",
    "受付番号": "受付番号",
    "案件番号": "案件番号",
    "到達日": "申請が届いた日",
    "期限": "案件の期限",
    "担当課": "担当する課",
    "担当者": "担当する職員",
    "問合せ先": "手続の問合せ先",
    "団体名": "団体の名前",
}
"""Every placeholder with what stands there."""

_BRACES = re.compile(r"[{｛]([^{}｛｝]{0,40})[}｝]")


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and means nothing, and a brace without its partner; empty when the text is sound."""
    wrong = [name for name in _BRACES.findall(text) if name.strip() not in PLACEHOLDERS]
    rest = _BRACES.sub("", text)
    return wrong + [brace for brace in "{}｛｝" if brace in rest]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in; what this case does not know stays empty, never a brace before a resident's eyes."""
    return _BRACES.sub(lambda found: values.get(found.group(1).strip(), ""), text)
