"""Choices: boxes to tick (□), numbered words to circle, 「男・女」."""

from __future__ import annotations

import itertools
import re

from kakehashi.eforms.domain.papers.details import labelled_blanks, labelled_choices
from kakehashi.eforms.domain.papers.found import Mark, Question
from kakehashi.eforms.domain.papers.label_types import type_of_label
from kakehashi.eforms.domain.papers.model import Paper, Strip
from kakehashi.eforms.domain.papers.tokens import UNIT, UNITS, tokens_of
from kakehashi.eforms.domain.papers.words import (
    FIELD_WORD,
    OPTION_WORDS,
    all_options,
    clean_label,
    fold,
    is_field_word,
    is_group_word,
    is_note,
    plain,
)

__all__ = ["has_boxes", "kind_of_choice", "only_boxes", "read_boxes", "read_circles", "read_numbered_line"]

_ONE = re.compile(
    r"いずれか|どちらか|一つ|1つ|ひとつ|一方|区分|種別|性別|有無|続柄|関係|可否|要否|の別|か否か|別$|状況|程度|方法|形態|構造|用途|希望の|原因"
)
_MANY = re.compile(
    r"すべて|全て|複数|いくつでも|書類|添付|項目|もの全|種類|内容|理由|事由|設備|備品|証明|必要なもの|確認事項|サービス"
)
_CONSENT = re.compile(r"同意|誓約|承諾|承知|了承|確認しました|相違ありません|誓います|了解|(ます|ません)。?([(（].*)?$")
_BULLET = re.compile(
    r"^[\s　]*(?:[①-⑳]|[(（]?[0-9０-９a-zA-Zア-ンⅰ-ⅹ]{1,2}[)）.．、:：]|[0-9０-９]{1,2}(?=[^0-9０-９年月日人回か世割名件万千円以親階種等級台号]))[\s　]*"
)


def _is_box(letter: str, paper: Paper | None) -> bool:
    if letter == "□":
        return True
    control = paper.control_of(letter) if paper is not None and letter >= "\ue001" else None
    return control is not None and control.kind == "check"


def has_boxes(text: str) -> bool:
    """Whether boxes to tick stand in a text."""
    return "□" in _without_told(fold(text))


def _without_told(folded: str) -> str:
    """The box in 「（該当に☑）」 says how to mark; it is none. The length stays."""
    return _TOLD.sub(lambda match: match[0].replace("□", "・"), folded)


_TOLD = re.compile(
    r"(?<=[^\s　□])に□(?=[ 　]*(?:$|\n)|を|印|チェック|してくだ)|□(?=に(レ|チェック|印)|を(付|つけ|入れ|記入))|[(][^()□]*(?:に|を|は|の)[ 　]?[「『]?□[^()□]*[)]|[(]□(?:に|を|は|の)[^()□]*[)]|[(][^()□]*の□に□[^()□]*[)]"
)


def only_boxes(text: str) -> bool:
    """Whether a cell holds one box and nothing else."""
    return fold(text).strip(" 　\n") == "□"


def kind_of_choice(label: str, help_: str, options: list[str], *, boxes: bool) -> tuple[str, float]:
    """One of them, or any of them."""
    said = plain(label) + plain(help_)
    if re.search(r"すべて|全て|複数(?!不可)|いくつでも", said):
        return "choices", 0.92
    if re.search(r"いずれか|どちらか|[一1]つ(に|を|だけ|選)|ひとつ|複数(選択)?不可|一方", said):
        return "choice", 0.92
    if boxes and len(options) > 3 and re.search(r"該当する|当てはまる|あてはまる", said):
        return "choices", 0.8
    if all_options(options) or len(options) == 2:
        return "choice", 0.9
    if not boxes:
        return "choice", 0.85
    if _MANY.search(said):
        return "choices", 0.8
    if _ONE.search(said):
        return "choice", 0.8
    return ("choices", 0.6) if len(options) > 3 else ("choice", 0.6)


def read_boxes(strip: Strip, paper: Paper, label: str, help_: str) -> list[Question]:
    """The questions of a text with boxes; a line that begins with words asks a question of its own."""
    found: list[Question] = []
    current: Question | None = None
    heading = ""
    for line in strip.lines():
        folded = _without_told(fold(line.text))
        boxes = [index for index, letter in enumerate(folded) if _is_box(letter, paper)]
        if not boxes:
            current = _plain_line(line, found, current, label)
            heading = (
                line.text if plain(line.text) and not is_note(line.text) and len(plain(line.text)) < 40 else heading
            )
            continue
        before = folded[: boxes[0]]
        if label and (dates := [one for one in tokens_of(before) if one.kind == "date"]):
            # 「令和　年　月　日から　□無期限」: a day, or else a box.
            found += [
                Question(
                    label, "date", confidence=0.8, why="年月日の空欄", marks=[Mark.of(line.places[one.start : one.end])]
                )
                for one in dates
            ]
            before, current = "", None
        own = clean_label(before)[0] if len(plain(before)) > 1 else ""
        if (own and not is_note(before)) or current is None:
            shown, more = clean_label(before) if own else (label or clean_label(heading)[0], help_)
            current = Question(shown, "choices", label if own else "", help=more, confidence=0.6, why="チェック欄")
            found.append(current)
        _options(line, folded, boxes, current, found)
    kept = []
    for one in found:
        if one.why == "チェック欄":
            _settle(one, label)
        if one.label or one.options:
            kept.append(one)
    return kept


def _plain_line(line: Strip, found: list[Question], current: Question | None, label: str) -> Question | None:
    """A line without boxes: details of the option before it, or the heading of the next ones."""
    inside = re.fullmatch(r"[\s　]*[(（](.*[:：].*)[)）][\s　]*", line.text)
    if inside and (found or label):
        name = current.options[-1] if current is not None and current.options else label
        if asked := labelled_blanks(line.cut(inside.start(1), inside.end(1)), name, label or name):
            found += asked
            return current
    blanks = [
        token
        for token in tokens_of(line.text)
        if token.kind in ("bracket", "line", "date")
        or (token.kind == "gap" and UNITS.match(fold(line.text[token.end :])))
    ]
    if blanks and (found or label):
        before = clean_label(line.text[: blanks[0].start])[0]
        base = before or (f"{current.options[-1]}の内容" if current is not None and current.options else label)
        if base:
            marks = [Mark.of(line.places[one.start : one.end]) for one in blanks]
            unit = UNITS.match(fold(line.text[blanks[0].end :]))
            by_label = type_of_label(base, unit[1] if unit else "")[0] if unit or before else "text"
            type_ = "date" if blanks[0].kind == "date" else by_label
            found.append(Question(base, type_, label, confidence=0.6, why="選択肢の補足", marks=marks))
        return current
    said = plain(line.text)
    if said and not is_note(line.text) and len(said) < 30 and fold(line.text).lstrip(" 　")[:1] not in ("(", "→", "⇒"):
        return None if not line.text.startswith(("　", " ")) else current
    return current


def _options(line: Strip, folded: str, boxes: list[int], current: Question, found: list[Question]) -> None:
    for number, at in enumerate(boxes):
        end = boxes[number + 1] if number + 1 < len(boxes) else len(folded)
        part = line.cut(at + 1, end)
        named = _next_label(folded, at + 1, boxes[number + 1 :])
        if named is not None:
            part = line.cut(at + 1, named.start("label"))
        text, details = _without_details(part)
        word = _BULLET.sub("", text).strip(" 　\t:：・、,")
        word = re.sub(r"[\s　]+", "", word) if not re.search(r"[A-Za-z]", word) else word
        current.marks.append(Mark.of(line.places[at : at + 1], f"option:{len(current.options)}"))
        current.options.append(word[:100])
        if asked := _asked_behind(part, word or current.label, current.label):
            found += asked
            current = _begun(named, current, found)
            continue
        for which, (kind, start, stop) in enumerate(details):
            name = word or current.label
            if len(details) == 2:
                # 「□有期　　年　月　日～　　年　月　日」: a period with its two days.
                name = f"{current.label}（{('開始', '終了')[which]}）"
            unit = re.search(rf"[ 　]{UNIT}[)）]?$", fold(part.text[start:stop])) if kind == "text" else None
            inside = re.search(r"[(（]([^()（）:：　 ]{2,12})[:：]", part.text[:stop])
            told = clean_label(inside[1])[0] if inside else ""
            found.append(
                Question(
                    told or (f"{name}（{unit[1] if unit else '内容'}）" if kind == "text" else name),
                    type_of_label(told, unit[1])[0] if unit else kind,
                    current.label,
                    confidence=0.6,
                    why="選択肢の補足",
                    marks=[Mark.of(part.places[start:stop])],
                )
            )
        current = _begun(named, current, found)


def _begun(named: re.Match[str] | None, current: Question, found: list[Question]) -> Question:
    """The next question of the line, when a label stands before the next box."""
    if named is None:
        return current
    label, help_ = clean_label(named["label"])
    found.append(Question(label, "choices", current.label, help=help_, confidence=0.6, why="チェック欄"))
    return found[-1]


def _next_label(folded: str, start: int, boxes: list[int]) -> re.Match[str] | None:
    """「□あり（　　）　エピペン所持　□有　□無」: the words between two boxes that ask the next question."""
    if len(boxes) < 2:
        return None
    match = _LABEL_BETWEEN.fullmatch(folded, start, boxes[0])
    ends = [*boxes[1:], len(folded)]
    words = [folded[at + 1 : end].split("(", maxsplit=1)[0].strip(" 　)") for at, end in zip(boxes, ends, strict=True)]
    return match if match is not None and all_options(words[:2]) and 2 <= len(plain(match["label"])) <= 12 else None


_LABEL_BETWEEN = re.compile(r"[^□]*?\S[ 　]+(?P<label>[^\s　□()・]{2,12})[ 　:]*")


def _asked_behind(part: Strip, option: str, group: str) -> list[Question]:
    """The questions in the brackets behind an option, when each has a label or a unit of its own."""
    inside = re.search(r"[(（]([^()（）]*[ 　_＿]{2,}[^()（）]*)[)）]", part.text)
    return labelled_blanks(part.cut(inside.start(1), inside.end(1)), option, group) if inside else []


def _without_details(part: Strip) -> tuple[str, list[tuple[str, int, int]]]:
    """The option's words, and the blanks that stand behind it."""
    text, details = part.text, []
    for token in tokens_of(part.text):
        if token.kind in ("bracket", "line", "date"):
            details.append(("date" if token.kind == "date" else "text", token.start, token.end))
            text = text[: min(token.start, len(text))]
        elif token.kind == "phone":
            text = text[: min(token.start, len(text))]
    inside = re.search(r"[(（][^()（）]*[ 　_＿]{2,}[^()（）]*[)）]", text)
    if inside and not details:
        details.append(("text", inside.start() + 1, inside.end() - 1))
        text = text[: inside.start()]
    text = re.sub(r"[(（〔]\s*$", "", text.rstrip(" 　"))
    text = (
        re.sub(r"[(（][^()（）]*$", "", text)
        if text.count("(") + text.count("（") > text.count(")") + text.count("）")
        else text
    )
    two_days = [kind for kind, _, _ in details[:2]] == ["date", "date"]
    return text, details[: 2 if two_days else 1]


_SAME = re.compile(r"^(同上|左に同じ|上に同じ|.{0,12}(と|に)同じ)")


_ELSEWHERE = re.compile(r"^(その他|上記以外|異なる|別の(住所|場所)|.{2,8}[都道府県市区町村]$)")


def _settle(question: Question, label: str) -> None:
    words = [word for word in question.options if word]
    if len(question.options) == 1 and words and _SAME.match(words[0]):
        type_, settings, sure = type_of_label(question.label)
        if type_ in ("address", "name", "phone") or (type_ == "text" and is_field_word(question.label)):
            # The box only spares writing the same once more; what is asked is the address.
            question.type, question.settings, question.confidence = type_, settings, sure - 0.1
            question.help, question.options, question.why = question.help or words[0], [], "同上のある欄"
            question.marks = [Mark(mark.at, mark.start, mark.end) for mark in question.marks]
            return
    if (
        len(words) == 2
        and _SAME.match(words[0])
        and _ELSEWHERE.match(words[1])
        and type_of_label(question.label)[0] == "address"
    ):
        # 「□申請者の住所と同じ　□その他（　　　）」 asks for an address; the first box only spares writing it.
        question.type, question.settings, question.confidence = "address", {}, 0.75
        question.help, question.options, question.why = question.help or words[0], [], "同上のある欄"
        question.marks = [Mark(mark.at, mark.start, mark.end) for mark in question.marks[1:]]
        return
    if len(question.options) == 1:
        sentence = words[0] if words else question.label or label
        if _CONSENT.search(sentence) or not words:
            question.type, question.confidence = "consent", 0.8
            names = 2 <= len(plain(label)) <= 24 and question.label == label and not is_group_word(label)
            if names and words:
                # The row says what is agreed to; the sentence explains it.
                question.help = question.help or words[0]
            else:
                question.label = clean_label(sentence)[0][:300] or question.label
            question.options = []
            return
        question.type, question.confidence = "choices", 0.6
        question.label = question.label or words[0]
        return
    question.type, question.confidence = kind_of_choice(question.label, question.help, words, boxes=True)
    question.options = _distinct(question.options)
    question.label = question.label or "あてはまるもの"


def _distinct(options: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    found = []
    for number, option in enumerate(options, start=1):
        name = option or f"選択肢{number}"
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    return found


_NUMBERED = re.compile(
    r"(?:^|[\s　・、,(])(?P<mark>[①-⑳]|[0-9]{1,2}(?=[.:、)\s　]|[^0-9a-zA-Z年月日時分円人.,\-])|[ア-コ](?=[.、)\s　])|[A-Z](?=[:.]))[.:、)]?[ 　]*"
)


def _asks_a_day(folded: str) -> bool:
    """Whether an open date stands in a text outside of brackets, where it is only the detail of an option."""
    return bool(re.search(r"年[\s　_\ue000]+月", re.sub(r"\([^()]*\)", "", folded)))


# 「昭・平・令　　　年」 asks a year, 「１階：／２階：」 what stands behind each colon.
_ERA_YEAR = re.compile(r"[ 　]*[明大昭平令](?:[和正成治])?(?:[・/ 　]+[明大昭平令](?:[和正成治])?)*[ 　]+年[ 　頃度]*")
_ITEMS_TO_FILL = re.compile(r"(?:[^\n:]{1,12}:[ 　]*\n)+[^\n:]{1,12}:[ 　]*")


def read_circles(strip: Strip, label: str, help_: str) -> list[Question]:
    """A value cell of printed words to circle: 「1 普通 2 当座」, 「男・女」, 「（　）商業／（　）製造業」 line by line."""
    beside, strip = labelled_choices(strip, label)
    if beside:
        return [*(read_circles(strip, label, help_) if plain(strip.text) else []), *beside]
    text = fold(strip.text)
    if _asks_a_day(text) or "〒" in text or _ERA_YEAR.fullmatch(text) or _ITEMS_TO_FILL.fullmatch(text):
        return []
    if re.fullmatch(rf"(?:[\s　]*[^\s　・0-9]{{1,8}}[ 　]{{2,}}{UNIT}[\s　]*(?:[・、/]|$)){{2,}}", text):
        # 「死亡　　名・負傷　　名」 counts, nothing is circled.
        return []
    if re.search(r"(銀行|金庫|本店|支店)[ 　]*[・/\n]", text) and re.search(r"金融|銀行|店|振込|口座", label):
        return []
    details = [token for token in tokens_of(strip.text) if token.kind in ("bracket", "line", "date")]
    words = _bracketed_lines(text) or _numbered(text) or _separated(text, label + help_)
    if len(words) < 2:
        return []
    type_, sure = kind_of_choice(label, help_, words, boxes=False)
    marks = []
    for number, word in enumerate(words):
        at = strip.text.find(word)
        if at >= 0:
            marks.append(Mark.of(strip.places[at : at + len(word)], f"option:{number}"))
    found = [
        Question(label, type_, options=_distinct(words), help=help_, confidence=sure, why="○で囲む選択肢", marks=marks)
    ]
    asked = [one for word in words for one in _asked_after(strip, word, label)]
    found += asked
    if not _bracketed_lines(text) and not asked:
        for token in details:
            before = [
                word
                for word in words
                if 0 <= strip.text.find(re.sub(r"(による|により|等|など)$", "", word)) < token.start
            ]
            name = f"{before[-1]}（内容）" if before else f"{label}（内容）"
            mark = Mark.of(strip.places[token.start : token.end])
            type_ = "date" if token.kind == "date" else "text"
            found.append(Question(name, type_, label, confidence=0.6, why="選択肢の補足", marks=[mark]))
    return found


def _asked_after(strip: Strip, word: str, group: str) -> list[Question]:
    at = strip.text.find(word)
    behind = strip.cut(at + len(word)) if at >= 0 else Strip()
    bracket = re.match(r"[ 　]*[(（][^()（）]*[)）]", behind.text)
    return _asked_behind(behind.cut(0, bracket.end()), word, group) if bracket else []


_LISTED_LINE = re.compile(
    r"[\s　]*(?P<label>[^\s　0-9:・□]{1,8}(?:方法|区分|種別|の別|希望|手段|形態|有無))[ 　:]+[^\s　・。□_]{1,14}(?:\([^()]*\))?(?:[ 　]*・[ 　]*[^\s　・。□_()]{1,14}(?:\([^()]*\))?)+[ 　]*"
)


def read_numbered_line(line: Strip) -> list[Question]:
    """「使用目的　１ 融資　２ 扶養手続　３ その他（　　）」 outside of a table: a label and numbered words to circle."""
    if ends := [one.end() for one in re.finditer("。[ 　]+", line.text)]:
        # 「次のとおり届け出ます。　　届出区分　１ 設立　２ 設置」: the question begins behind the sentence.
        line = line.cut(ends[-1])
    if listed := _LISTED_LINE.fullmatch(fold(line.text)):
        return read_circles(line.cut(listed.end("label")), clean_label(listed["label"])[0], "")
    match = re.match(r"[\s　]*([^\s　0-9０-９①-⑳:：]{2,14})[ 　:：]+(?=[1１①][^0-9０-９])", line.text)
    if match is None or _asks_a_day(fold(line.text)):
        return []
    label, help_ = clean_label(match[1])
    if re.search(r"添付|書類|持ち物|持参|注意|備考|根拠|手順|流れ", label):
        return []
    rest = line.cut(match.end())
    words = _numbered(fold(rest.text))
    if len(words) < 2 or any(is_field_word(word) or is_note(word) or len(word) > 20 for word in words):
        return []
    return read_circles(rest, label, help_)


def _bracketed_lines(text: str) -> list[str]:
    lines = [line for line in text.split("\n") if line.strip(" 　")]
    found = [
        match[1]
        for line in lines
        if (match := re.match(r"^[\s　]*[①-⑳0-9]{0,2}[.．]?[ 　]*\([ 　]+\)[ 　]*(\S.{1,60})$", line))
    ]
    return [clean_label(one)[0] for one in found] if len(found) >= 2 else []


def _numbered(text: str) -> list[str]:
    marks = list(_NUMBERED.finditer(text))
    order = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
    kana = "アイウエオカキクケコ"
    values = [
        order.index(m["mark"]) + 1
        if m["mark"] in order
        else ord(m["mark"]) - 64
        if "A" <= m["mark"] <= "Z"
        else kana.index(m["mark"]) + 1
        if m["mark"] in kana
        else int(m["mark"])
        for m in marks
    ]
    # 「１普通　２当座　９その他」: a code list may leave numbers out, as long as it rises.
    rises = values[:1] in ([0], [1]) and all(one < after for one, after in itertools.pairwise(values))
    if len(values) < 2 or not rises or (len(values) < 3 and values != list(range(1, len(values) + 1))):
        return []
    found = []
    for number, match in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        word = re.sub(r"\([^()]*[ 　_\ue000]{1,}[^()]*\)?", "", text[match.end() : end])
        word = re.sub(r"[\s　\ue000-\uf8ff_]+", "", word).strip("・、,:/")
        if not word or len(word) > 80:
            return []
        found.append(word)
    return found


def _separated(text: str, label: str) -> list[str]:
    bare = re.sub(r"\([^()]*[ 　_\ue000-\uf8ff]{1,}[^()]*\)", "", text)
    bare = re.sub(r"\([^()]*(○|選択|囲)[^()]*\)", "", bare).strip(" 　\n[]〔〕")
    bare = bare[1:-1] if re.fullmatch(r"\([^()]*\)", bare) else bare
    if not bare or re.search("[_\ue000-\uf8ff]", bare):
        return []
    words = [word.strip(" 　\n") for word in re.split(r"[・/|\n、,](?![^(]*\))", bare)]
    words = [re.sub(r"[ 　]+", "", word) for word in words if word]
    if any(not plain(word).strip("-:") or re.search(r":-?$", word) for word in words):
        return []
    if len(words) < 2 and (inside := re.search(r"(?:○|該当|選択).*\(([^()]*・[^()]*)\)$", bare)):
        return [re.sub(r"[ 　]+", "", word) for word in inside[1].split("・")]
    if len(words) < 2:
        words = [word for word in re.split(r"[ 　\n]+(?![^(]*\))", bare) if word]
        bare_words = [re.sub(r"\(.*?\)", "", word) for word in words]
        known = sum(word in OPTION_WORDS for word in bare_words)
        if len(words) <= 5 and known >= 2 and max(map(len, words)) <= 8:
            return words
        several = len(words) >= 3 and all(
            2 <= len(word) <= 10 and not re.search(r"[0-9。:]", word) for word in bare_words
        )
        asks = re.search(r"方法|区分|種別|種類|別$|曜日|対象|状況|該当|希望|形態", plain(label))
        return words if all_options(words) or (several and asks) else []
    by_what = re.search(r"方法|手段|希望|区分|種別", plain(label)) and re.search(r"[・/]", bare)
    if any(len(word) > 20 or (plain(word) in FIELD_WORD - OPTION_WORDS and not by_what) for word in words):
        return words if all_options(words) else []
    asks = re.search(r"○|選択|いずれか|該当|区分|種別|別$|有無|種類|方法|手段|形態|分類|様態|態様", plain(label))
    apart = re.fullmatch(r"[^・/|\n、,]{2,8}[ 　]+[・/|][ 　]+[^・/|\n、,]{2,8}", bare)
    measured = all(
        re.fullmatch(r"[0-9,]+(年間?|か月|ヶ月|日|㎡|m|回|人|円|時間|泊|級|口)", plain(word)) for word in words
    )
    named = asks or apart or measured or words[-1] == "その他"
    return words if all_options(words) or named or len(words) >= 3 else []
