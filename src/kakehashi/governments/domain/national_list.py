"""Reading a national list of local governments from CSV, whatever its encoding, headings and form of codes.

Every line either becomes a government or is reported with its number and a reason. Nothing is guessed: a code that has
two readings is settled by the prefecture written in the same line, or it is reported.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from kakehashi.governments.domain.listed import PREFECTURE, WARD, ListedGovernment, kind_of, parent_code_of
from kakehashi.governments.domain.prefectures import CODE2_OF
from kakehashi.kernel.encodings import ENCODINGS, decode_text
from kakehashi.kernel.folding import to_katakana
from kakehashi.kernel.lg_code import CodeForm, LgCodeError, normalise, readings

# The best column first: a code with its check digit proves itself, 「cid」 of older lists does not.
_CODE = (
    "lgcode",
    "団体コード",
    "全国地方公共団体コード",
    "都道府県コード又は市区町村コード",
    "市区町村コード",
    "自治体コード",
    "code",
    "cid",
)
_WITHOUT_CHECK = {"cid"}
_PREFECTURE = ("pref", "都道府県名", "都道府県名(漢字)", "都道府県", "prefecture")
_NAME = ("city", "市区町村名", "市区町村名(漢字)", "市区町村", "name")
_PREFECTURE_KANA = ("prefkana", "都道府県名(カナ)", "都道府県名_カナ")
_NAME_KANA = ("citykana", "市区町村名(カナ)", "市区町村名_カナ", "kana")


class UnreadableList(ValueError):
    """The file as a whole cannot be read; the message is Japanese."""


@dataclass(frozen=True)
class BrokenLine:
    """A line that was not taken over: its number in the file, what stands there, and why."""

    line: int
    text: str
    reason: str


@dataclass
class NationalList:
    """What a file holds: governments in the order of the file, and the lines that are broken."""

    governments: list[ListedGovernment] = field(default_factory=list)
    broken: list[BrokenLine] = field(default_factory=list)
    encoding: str = ""


def read_national_list(content: bytes) -> NationalList:
    """Read a whole CSV. Raises UnreadableList when it has no column of codes or no column of names."""
    text, encoding = decode_text(content, refuse=UnreadableList)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""))
    columns = _columns(next(reader, []))
    result = NationalList(encoding=ENCODINGS[encoding])
    seen: dict[str, int] = {}
    for line, cells in _lines(reader):
        try:
            government = columns.read(cells, line)
            _refuse_repetition(government, seen)
        except (LgCodeError, _LineError) as problem:
            result.broken.append(BrokenLine(line, "、".join(cells)[:120], str(problem)))
        else:
            result.governments.append(government)
    return result


class _LineError(ValueError):
    pass


def _lines(reader: "Iterator[list[str]]") -> Iterator[tuple[int, list[str]]]:
    """Yield line numbers of the file with the cells of every line that is not empty."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise UnreadableList(f"{reader.line_num}行目でCSVとして読めなくなりました。") from problem  # type: ignore[attr-defined]
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells  # type: ignore[attr-defined]


def _refuse_repetition(government: ListedGovernment, seen: dict[str, int]) -> None:
    if government.code in seen:
        raise _LineError(f"団体コード{government.code}は{seen[government.code]}行目にもあります。")
    seen[government.code] = government.line


@dataclass(frozen=True)
class _Columns:
    """Where the parts of a line stand; None where the list has no such column."""

    code: int
    form: CodeForm
    prefecture: int | None
    name: int | None
    prefecture_kana: int | None
    name_kana: int | None

    def read(self, cells: list[str], line: int) -> ListedGovernment:
        prefecture = _cell(cells, self.prefecture)
        name = _cell(cells, self.name)
        kana = _cell(cells, self.name_kana if name else self.prefecture_kana)
        code = self._code(_cell(cells, self.code), prefecture)
        full_name = "".join((name or prefecture).split())
        kind = self._kind(code, name, full_name)
        parent_code = parent_code_of(code, full_name, kind)
        if kind == WARD and parent_code is None:
            raise _LineError(f"「{full_name}」がどの政令指定都市の区か分かりません。")
        return ListedGovernment(code, full_name, _katakana(kana), kind, parent_code, line)

    def _code(self, text: str, prefecture: str) -> str:
        if not prefecture:
            return normalise(text, form=self.form)
        if prefecture not in CODE2_OF:
            raise _LineError(f"「{prefecture}」という都道府県はありません。")
        here = [code for code in readings(text, form=self.form) if code[:2] == CODE2_OF[prefecture]]
        if len(here) == 1:
            return here[0]
        code = normalise(text, form=self.form)
        raise _LineError(f"団体コード{code}は{prefecture}のコードではありません。")

    def _kind(self, code: str, name: str, full_name: str) -> str:
        kind = kind_of(code, full_name) if full_name else None
        if kind is None or (kind == PREFECTURE) != (not name or name in CODE2_OF):
            raise _LineError(f"団体コード{code}と名称「{full_name}」が合いません。")
        return kind


def _columns(header: list[str]) -> _Columns:
    named = {
        unicodedata.normalize("NFKC", cell).strip().lower(): place for place, cell in reversed(list(enumerate(header)))
    }

    def place(names: tuple[str, ...]) -> int | None:
        return next((named[name] for name in names if name in named), None)

    code, prefecture, name = place(_CODE), place(_PREFECTURE), place(_NAME)
    if code is None:
        raise UnreadableList(
            "団体コードの列が見つかりません。1行目に「団体コード」または「lgcode」という見出しが必要です。"
        )
    if prefecture is None and name is None:
        raise UnreadableList("名称の列が見つかりません。1行目に「都道府県名」「市区町村名」という見出しが必要です。")
    heading = next(heading for heading, position in named.items() if position == code)
    form = CodeForm.WITHOUT_CHECK if heading in _WITHOUT_CHECK else CodeForm.ANY
    return _Columns(code, form, prefecture, name, place(_PREFECTURE_KANA), place(_NAME_KANA))


def _cell(cells: list[str], place: int | None) -> str:
    if place is None or place >= len(cells):
        return ""
    return unicodedata.normalize("NFC", cells[place]).strip()


def _katakana(kana: str) -> str:
    return "".join(to_katakana(kana).split())
