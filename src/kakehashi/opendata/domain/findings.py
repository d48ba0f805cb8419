"""What a check of machine-readability found: which row and column, which rule, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["RULES", "Finding", "Level", "Rule"]


class Level(StrEnum):
    """Whether a dataset may be published with it."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it says, how bad breaking it is, and how to mend it."""

    code: str
    level: Level
    says: str
    mend: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a rule is broken. `row` is the line of the file (the heading is line 1; 0: the table as a whole).

    `suggestion` is what the value most probably should be; nothing is changed by itself. `row_key` is the row's unique value.
    """

    rule: str
    row: int
    column: str
    value: str
    row_key: str = ""
    suggestion: str = ""

    @property
    def facts(self) -> Rule:
        """The rule that is broken."""
        return RULES[self.rule]

    @property
    def is_blocking(self) -> bool:
        """Whether it keeps the dataset from being published."""
        return self.facts.level is Level.BLOCKING

    @property
    def mend(self) -> str:
        """How to mend it, with the value that would do where one is sure."""
        return f"「{self.suggestion}」に直す。{self.facts.mend}" if self.suggestion else self.facts.mend


_B, _W = Level.BLOCKING, Level.WARNING
# The rules of 総務省「統計表における機械判読可能なデータの表記方法の統一ルール」 (2020), of 政府CIOポータル「オープンデータをはじめよう」 and
# of the standard data sets' definitions, as far as they can be checked by a program.
RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("table.empty", _B, "1行以上のデータがある", "元の台帳に行を足してください。"),
        Rule("header.empty", _B, "見出しが空でない", "列に名前を付けてください。"),
        Rule("header.duplicate", _B, "同じ見出しが二つない", "どちらかの見出しを変えてください。"),
        Rule("header.line_break", _B, "見出しに改行がない", "見出しを1行で書いてください。"),
        Rule("table.merged", _B, "セルを結合しない", "結合を解き、それぞれのセルに値を書いてください。"),
        Rule("row.empty", _B, "1行に1件のデータがある（空の行がない）", "空の行を消してください。"),
        Rule("row.width", _B, "どの行も列の数が同じ", "列の数を見出しとそろえてください。"),
        Rule("row.same", _W, "同じ内容の行が二つない", "片方を消すか、違いの分かる値を書いてください。"),
        Rule("value.required", _B, "必ず書く列が空でない", "値を書いてください。"),
        Rule(
            "value.unique", _B, "IDがほかの行と重ならない", "どちらかのIDを変えてください。使ったIDは使い回しません。"
        ),
        Rule(
            "value.personal", _B, "個人に関する値をのせない", "この列は公開できません。データの元を見直してください。"
        ),
        Rule(
            "value.formula",
            _B,
            "値が数式（=、+、-、@）で始まらない",
            "表計算ソフトで開くと式になります。先頭の記号を取ってください。",
        ),
        Rule("value.line_break", _B, "一つのセルに改行を入れない", "1行に書くか、行を分けてください。"),
        Rule("value.spaces", _W, "値の前後や、体裁のための空白がない", "空白を取ってください。"),
        Rule("value.same_as_above", _B, "「同上」「〃」で省かない", "省いた値を書いてください。"),
        Rule("value.full_width", _W, "数字と英字は半角で書く", "半角にしてください。"),
        Rule(
            "value.platform_characters",
            _W,
            "機種に依存する文字（①、㈱、㎡など）を使わない",
            "ふつうの文字に書きかえてください。",
        ),
        Rule("value.vocabulary", _B, "決められた語のどれかである", "列の説明にある語から選んでください。"),
        Rule("number.form", _B, "数値の列には数字だけを書く", "数字だけにしてください。分からないときは空欄にします。"),
        Rule("number.unit", _B, "数値に単位や言葉を付けない", "単位は列の説明に書き、数字だけにしてください。"),
        Rule("number.comma", _B, "数値を「,」で区切らない", "「,」を取ってください。"),
        Rule("number.whole", _B, "整数の列に小数を書かない", "整数にしてください。"),
        Rule("date.form", _B, "日付はYYYY-MM-DDで書く", "西暦の年-月-日（例：2026-04-01）で書いてください。"),
        Rule("time.form", _B, "時刻はHH:MMで書く", "24時間の時:分（例：09:00）で書いてください。"),
        Rule("mark.form", _B, "該当は1、そうでなければ空欄", "○や有・無ではなく、1か空欄にしてください。"),
        Rule(
            "code.check_digit", _B, "団体コードは6桁で、検査数字が合う", "先頭の0と最後の検査数字を確かめてください。"
        ),
        Rule("place.number", _B, "緯度・経度は十進の度で書く", "度分秒ではなく、34.8751のように書いてください。"),
        Rule(
            "place.pair",
            _B,
            "緯度と経度が両方ある",
            "片方だけでは地図に出せません。両方書くか、両方空欄にしてください。",
        ),
        Rule("place.swapped", _B, "緯度と経度が入れかわっていない", "緯度と経度を入れかえてください。"),
        Rule("place.japan", _B, "緯度・経度が日本の中にある", "値を確かめてください。"),
        Rule(
            "place.far",
            _W,
            "緯度・経度が団体の近くにある",
            "団体から遠く離れています。桁の写しまちがいを確かめてください。",
        ),
        Rule("phone.form", _W, "電話番号は半角の数字と「-」で、市外局番から書く", "例：054-625-0128"),
        Rule("postcode.form", _W, "郵便番号は7桁（000-0000）", "例：425-0041"),
        Rule("url.form", _W, "URLはhttp(s)で始まる一つのアドレス", "空白や説明を取り、https://… だけにしてください。"),
        Rule("email.form", _W, "メールアドレスの形である", "例：info@example.lg.jp"),
        Rule("kana.form", _W, "カナは全角カタカナで書く", "全角カタカナにしてください。"),
        Rule("source.old", _W, "更新の頻度よりも古くない", "元の台帳を見直してから公開し直してください。"),
    )
}
