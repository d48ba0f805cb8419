"""What the lines of a paper are when they ask nothing: titles, 様式第○号, あて先, 記, notes, where the office's part begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kakehashi.eforms.domain.papers.model import Line, Paper, Strip
from kakehashi.eforms.domain.papers.tokens import tokens_of
from kakehashi.eforms.domain.papers.words import GROUP_WORD, clean_label, fold, is_field_word, is_note, plain

__all__ = [
    "ALL_BELOW",
    "ATTACHED",
    "CAPTION",
    "ITEM",
    "NOTES",
    "REACHED_AT",
    "TITLE",
    "behind_addressee",
    "certified_by_office",
    "group_named",
    "has_title_blank",
    "is_addressee",
    "level_of",
    "signed_as",
    "table_named",
    "texts_of",
    "with_boxes_together",
]

TITLE = re.compile(
    r"(申請書|請求書|届出書|届書|届|申込書|申込票|願|願書|願い出書|委任状|依頼書|報告書|調書|計画書|同意書|誓約書|予算書|決算書|申告書|登録書|登録票|調査票|変更書|承諾書|確認書|相談票|カード|通知書|理由書|名簿|リスト|表|簿|計算書|概要書|証明書|申出書|辞退書|取下書|診断票)(兼.{1,20})?([①-⑳0-9]*|[(（【][^()（）]{1,24}[)）】])$"
)
CAPTION = re.compile(
    r"^[(（【〔]?第[0-9０-９一二三四五六七八九十]+号様式|^[(（【〔]?(別記|別紙|別表)?(第?様式|別記様式|別紙|別表|別添)[第\s　]*[0-9０-９一二三四五六七八九十―－\-の]*号?"
)
_TO = re.compile(r"(様|殿|宛て?|御中|あて)[ 　]*[)）]?$|^[(（]?(あて先|宛先|宛て先|提出先)[)）]?")
ITEM = re.compile(
    r"^[\s　]*((?:[0-9０-９]{1,2}|[一二三四五六七八九十]|[ア-コ])(?=[\s　.．、)）])|[(（][0-9０-９]{1,2}[)）]|[①-⑳])[\s　.．、)）]*"
)
ATTACHED = re.compile(
    r"(?!.*(?:添え|します|ました|のとおり))(?:.*?)(?:添付(書類|資料|図書)|関係書類|提出書類|必要書類|添付するもの|持参するもの|必要なもの)"
)
# Where the paper goes, printed in full: 「申込先　〒930-0000　みさき市本町１番１号」.
REACHED_AT = re.compile(
    r"[\s　(【]*[^\s　]{0,6}(先|窓口|担当課?|係)[)】:　 ]+\S.*([0-9]{3}-[0-9]{4}|[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4})"
)
# From here on the paper is the office's, whatever tables follow.
ALL_BELOW = re.compile(
    r"(以下|ここから下|これより下|ここより下|線より下|下欄|下の欄).{0,14}(記入しな|記載しな|記入不要|何も(書|記)か?)"
)
NOTES = re.compile(
    r"^[(（<＜【]?(注意|備考|注|記入上の注意|記載上の注意|留意事項|注意事項|記載要領|お願い)[)）>＞】]?[\s　]*$|^[(（]?(備考|注)[)）]?[\s　]+[^\s　]"
)


def with_boxes_together(lines: list[Strip]) -> list[Strip]:
    """Lines that begin with boxes, several of them in one line, are one question however the line was broken."""
    kept: list[Strip] = []
    for line in lines:
        begins = fold(line.text).lstrip(" 　").startswith("□")
        if (
            kept
            and begins
            and fold(kept[-1].text).lstrip(" 　").startswith("□")
            and "□" in fold(kept[-1].text).strip(" 　")[1:]
        ):
            kept[-1] = Strip.join([kept[-1], line], "\n")
        else:
            kept.append(line)
    return kept


_ADDRESSEE_FIRST = re.compile(
    r"[\s　]*+(?:[(（](?:あて先|宛先|宛て先|提出先)[)）][ 　]*+)?\S{2,20}?(?:[ 　]{0,4}\S{0,8}[ 　]{0,3}(?:様|殿|宛て?|あて|御中)|[市町村区長]長|知事|管理者)[)）]?[ 　\t]{2,}(?=\S)"
)


_NUMBER_FIRST = re.compile(
    r"[\s　]*[(（]?(?:別記|別紙)?(?:第?[0-9０-９一二三四五六七八九十]+号様式|様式第[0-9０-９一二三四五六七八九十]+号)\S*[ 　\t]{2,}(?=\S)"
)


def behind_addressee(strip: Strip) -> Strip:
    """「（宛先）ひばり市長　　　　令和　年　月　日」: what stands behind the addressee on his line asks."""
    match = _ADDRESSEE_FIRST.match(strip.text) or _NUMBER_FIRST.match(strip.text)
    if match is None or is_field_word(match[0]):
        return strip
    rest = strip.cut(match.end())
    asked = tokens_of(rest.text)[:2]
    return (
        rest
        if any(
            one.kind in ("date", "line")
            and re.fullmatch(r"[日付届出申請求込記入提年月()]*", plain(rest.text[: one.start]))
            for one in asked
        )
        else strip
    )


def group_named(text: str) -> str:
    """「【代理人（窓口に来られる方）】」 and 「申請者」 alone on a line say whom the next lines are about; else ""."""
    inside = re.sub(r"[(（][^()（）]*[)）]", "", text.strip(" 　【】〔〕［］[]<>＜＞《》■●◆◎"))
    name = clean_label(inside)[0]
    return name if plain(name) in GROUP_WORD else ""


def texts_of(paper: Paper) -> list[str]:
    """Every text of a paper."""
    texts = []
    for block in paper.walk():
        texts += [block.text] if isinstance(block, Line) else [cell.text for cell in block.cells]
    return texts


_TABLE_ASKED = re.compile(
    r"(\S.{1,19}?)(?:の?全員|の?全て|の?すべて)?(?:の方)?(?:について|を|は)、?[^。、]{0,20}(?:記入|記載|お書き)[^。]*。?$"
)


def table_named(caption: str) -> str:
    """What a line over a table calls it: 「異動する人全員をご記入ください。」, 「希望業種（希望順に記入。）」."""
    bare = re.sub(r"[(（][^()（）]*[)）]", "", caption)
    asked = _TABLE_ASKED.match(bare.strip())
    return asked[1] if asked else bare if is_note(caption) else caption


_SIGNED = (
    (r"委任(します|いたします|する。)", "委任日"),
    (r"証明(します|いたします|する。)", "証明日"),
    (r"承諾(します|いたします|する。)", "承諾日"),
    (r"同意(します|いたします|する。)", "同意日"),
    (r"誓約(します|いたします|する。)", "誓約日"),
)


def signed_as(said: str, dated: bool) -> str:
    """The day that the next date is, under 「上記のとおり証明します」; a paper's first date is its own, save under a delegation."""
    name = next((name for pattern, name in _SIGNED if re.search(pattern, said)), "")
    return name if dated or name == "委任日" else ""


_DECIDES = re.compile(r"(証明|許可|承認|承諾|決定|認定|確認|受理)(します|いたします|する|しました|した)。?$")
_HEAD_OF_OFFICE = re.compile(
    r"[\s　]*(\S{0,12}[都道府県市区町村○〇]|教育委員会教育|消防|農業委員会会)長([ 　]+\S.{0,14})?$"
)


def certified_by_office(lines: Sequence[str]) -> int:
    """「上記のとおり証明します。／　年　月　日／ひばり町長　　　印」: how many lines from the first are the office's own."""
    if not lines or not _DECIDES.search(plain(lines[0])):
        return 0
    for number, line in enumerate(lines[1:5], start=2):
        if _HEAD_OF_OFFICE.fullmatch(line.rstrip(" 　\n")) and not re.search(r"(様|殿|宛て?|あて)[ 　]*$", line):
            return number
    return 0


def level_of(mark: str) -> int:
    """How deep a numbered item stands: 1, （1）, ①."""
    if re.fullmatch(r"[0-9０-９]{1,2}|[一二三四五六七八九十]", mark):
        return 0
    return 2 if re.fullmatch(r"[ア-コ①-⑳]", mark) else 1


def is_addressee(text: str) -> bool:
    """「ひばり市長　様」「（あて先）ひばり市教育委員会」: to whom the paper goes."""
    return (
        _TO.search(text.strip(" 　\n\t")) is not None
        and re.search(r"[長会]|担当|宛|あて", text) is not None
        and len(plain(text)) < 40
        and not re.search(r"氏名|住所", text)
    )


def has_title_blank(text: str) -> bool:
    """Whether a line that looks like a title asks for something."""
    return any(token.kind in ("line", "bracket", "date") for token in tokens_of(text)) or is_field_word(text)
