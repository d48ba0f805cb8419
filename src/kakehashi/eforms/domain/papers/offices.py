"""The areas of a table that only the office fills in: 受付欄, 決裁欄, its numbers and stamps, what it marks with ※."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kakehashi.eforms.domain.papers.model import Cell
from kakehashi.eforms.domain.papers.words import is_field_word, plain

if TYPE_CHECKING:
    from kakehashi.eforms.domain.papers.kinds import Kinds

__all__ = ["close_offices"]

_POST = re.compile(
    r"^((副)?(町|市|村|区)長|教育長|館長|所長|園長|校長|場長|次長|部長|局長|課長|室長|(課長)?補佐|参事|主幹|副主幹|係長|班長|主査|主任|主事|係員?|課員|受付|担当|(副|社協)?会長|理事長|事務局長?|合議|起案者?|決裁)$"
)
_OFFICE_TOO = re.compile(
    r"^(確認|指令|認定|許可|決定|交付|登録|整理|受付|処理|台帳|返納|番号標|付定).{0,3}(番号|日|年月日|期限)$|^(受付|担当課|(鑑札|注射済票)?交付|手数料|担当者?|備考)$"
    r"|^(書類|入力|台帳|現地|現況|内容|システム)(の)?(確認|処理|照合|入力|登載|登録|整理|調査|審査)$"
    r"|^(台帳|(確認|交付|審査|処理|入力|照合)者|交付決定額|会長|理事長|事務局長|手数料)$|^((基本|差引)?使用料|減免額|加算額|(差引)?徴収額|納付額|調定額|納付済印|領収(印|済印|者|年月日|日)?|収納印|出納印)$"
)

_FEE = re.compile(
    r"^\S{0,6}((使用|利用|冷暖?房|暖房|設備|器具|手数)料|減免|減額|免除|加算)(額|の有無|区分)?$|^(合計|計|差引)(額|金額)?$"
)


def _all_fees(labels: Iterable[Cell]) -> bool:
    """「施設使用料・冷暖房料・減免・許可番号・許可年月日」: what is to be paid, with the number of the permission, is the office's."""
    said = [plain(cell.text) for cell in labels if not cell.text.strip().endswith("円") and "・" not in cell.text]
    fees = [one for one in said if _FEE.match(one)]
    others = [one for one in said if not _FEE.match(one)]
    return len(fees) >= 2 and bool(others) and all(_OFFICE_TOO.search(one) for one in others)


def _stars(kinds: Kinds) -> None:
    """「※受付番号」「※確認」 side by side: what only the office marks with a star is its own, said or not."""
    starred = [
        cell
        for cell in kinds.grid.cells
        if kinds.kind[id(cell)] in ("label", "note", "seal", "office")
        and re.fullmatch(r"※[^。、]{1,14}", plain(cell.text))
    ]
    names = [plain(cell.text).lstrip("※") for cell in starred]
    if len(starred) < 2 or any(is_field_word(name) and name != "備考" for name in names):
        return
    for cell in starred:
        kinds.kind[id(cell)] = "office"


def close_offices(kinds: Kinds) -> None:
    """Mark as the office's own what it alone fills in: its areas, its stamps, its numbers, what carries its star."""
    _stars(kinds)
    _stamps(kinds)
    _numbers_of_the_office(kinds)
    offices = [cell for cell in kinds.grid.cells if kinds.kind[id(cell)] == "office"]
    labels = [cell for cell in kinds.grid.cells if kinds.kind[id(cell)] == "label"]
    most = kinds.grid.height <= 3 and len(offices) > len(labels) and not any(is_field_word(one.text) for one in labels)
    if offices and (len(offices) >= 2 * max(len(labels), 1) or most):
        _close(kinds, kinds.grid.cells)
        return
    for cell in offices:
        if (cell.row, cell.column) == (0, 0) and (cell.rows >= kinds.grid.height or kinds.grid.height <= 3):
            if cell.text.strip().endswith(("欄", "欄）", "欄)")):
                _close(kinds, kinds.grid.cells)
                return
        if cell.columns >= kinds.grid.width - 1 and cell.rows == 1 and kinds.grid.width > 1:
            _close(kinds, (one for one in kinds.grid.cells if one.row >= cell.bottom))
        elif cell.rows > 1:
            _close(
                kinds,
                (one for one in kinds.grid.cells if one.column >= cell.right and cell.row <= one.row < cell.bottom),
            )
            _close_column(kinds, cell)
        elif not _close_right(kinds, cell):
            _close_column(kinds, cell)


def _stamps(kinds: Kinds) -> None:
    """「館長・主任・係・受付」 over empty boxes: the seals of a 決裁欄."""
    for row in range(kinds.grid.height):
        cells = [cell for cell in kinds.grid.cells if cell.row == row and not kinds.is_value(cell)]
        posts = [cell for cell in cells if _POST.match(plain(cell.text))]
        if len(posts) < 2 or len(posts) * 3 < len(cells) * 2:
            continue
        under = [kinds.below(cell) for cell in cells]
        if any(one is not None and plain(one.text) for one in under):
            continue
        _close(kinds, [*cells, *(one for one in under if one is not None)])


def _numbers_of_the_office(kinds: Kinds) -> None:
    """A short table that begins with 受付番号 holds only what the office writes: 許可番号, 処理年月日, 担当."""
    labels = [
        cell for cell in kinds.grid.cells if kinds.kind[id(cell)] in ("label", "office", "seal") and plain(cell.text)
    ]
    # 「免・個・旅・他」 right of 本人確認 is what the office circles, no label.
    labels = [
        cell for cell in labels if "・" not in cell.text or kinds.of(kinds.left(cell)) != "office" or cell.columns > 2
    ]
    heads = [cell for cell in kinds.grid.cells if cell.row == 0]
    if kinds.grid.height == 2 and all(cell in labels for cell in heads):
        # 「課　　係」 under 「担当課」 is room for the office, too.
        labels = heads
    if kinds.grid.height <= 4 and len(labels) > 3 and _all_fees(labels):
        _close(kinds, kinds.grid.cells)
        return
    if not labels or kinds.grid.height > 2:
        return
    numbered = len(labels) > 1 and all(
        kinds.of(cell) == "office" or _OFFICE_TOO.search(plain(cell.text)) for cell in labels
    )
    numbered = numbered and any(re.search(r"番号|印$|日$|^受付|領収|者$", plain(cell.text)) for cell in labels)
    if kinds.kind[id(labels[0])] != "office" and not numbered:
        return
    if numbered or all(kinds.of(cell) == "office" or _OFFICE_TOO.search(plain(cell.text)) for cell in labels):
        _close(kinds, kinds.grid.cells)


def _close(kinds: Kinds, cells: Iterable[Cell]) -> None:
    for cell in cells:
        kinds.kind[id(cell)] = "office"


def _close_right(kinds: Kinds, cell: Cell) -> bool:
    closed, at = False, kinds.right(cell)
    while at is not None and kinds.kind[id(at)] in ("blank", "fill", "unit", "seal"):
        kinds.kind[id(at)] = "office"
        closed, at = True, kinds.right(at)
    return closed


def _close_column(kinds: Kinds, cell: Cell) -> None:
    at = kinds.below(cell)
    while at is not None and at.column >= cell.column and at.right <= cell.right and kinds.kind[id(at)] != "label":
        kinds.kind[id(at)] = "office"
        at = kinds.below(at)
