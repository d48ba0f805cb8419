"""What the room's tests share: survey files and procedures of ひばり町."""

from __future__ import annotations

import csv
import io
from typing import Any

from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.survey import COLUMNS
from kakehashi.procedures.models import Procedure
from kakehashi.procedures.services import create_procedure

SURVEY_ROW = {
    "手続ID": "9062",
    "所管府省庁": "総務省",
    "手続名": "転入届出",
    "法令名": "住民基本台帳法",
    "根拠条項号": "第22条第1項",
    "手数料等の納付有無": "1 手数料等無し",
    "総手続件数": "4473575",
    "オンライン手続件数": "0",
    "手続が行われるイベント(個人)": "引越し",
    "申請を提出する機関": "市役所・町村役場",
}


def survey_file(*rows: dict[str, str]) -> bytes:
    """A survey CSV with these rows; without any, one row for 転入届出."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows([SURVEY_ROW | row for row in rows] or [SURVEY_ROW])
    return file.getvalue().encode()


def a_procedure(
    actor: Any, name: str = "住宅改修補助金の交付申請", kind: Kind = Kind.DISPOSITION, **values: Any
) -> Procedure:
    """A procedure on the inventory; the scope of the actor's town is open."""
    return create_procedure(actor=actor, name=name, kind=kind, values=values)
