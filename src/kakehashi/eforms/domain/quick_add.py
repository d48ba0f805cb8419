"""「/」で足す: the kind of a question from a few typed words, so that nobody looks through a list of fifteen."""

from __future__ import annotations

from kakehashi.eforms.domain.catalogue import CATALOGUE
from kakehashi.eforms.domain.definition import DefinitionError
from kakehashi.kernel.folding import fold

__all__ = ["read_words"]

# What people call the kinds, beside the names the editor shows.
_ALSO = {
    "name": ("名前", "なまえ", "氏"),
    "birth_date": ("誕生日", "たんじょうび"),
    "address": ("じゅうしょ", "郵便番号", "所在地"),
    "phone": ("でんわ", "携帯", "tel"),
    "email": ("mail", "eメール"),
    "text": ("テキスト", "自由記述", "記述", "一行", "理由"),
    "choice": ("ラジオ", "一つ選ぶ", "ひとつ選ぶ", "はい いいえ"),
    "choices": ("チェック", "複数選択", "いくつでも選ぶ"),
    "number": ("数字", "人数", "件数"),
    "money": ("円", "費用", "お金"),
    "date": ("年月日", "日にち"),
    "file": ("ファイル", "写真", "書類"),
    "consent": ("確認", "誓約"),
    "declaration": ("サイン", "宣誓", "誓約書", "自署"),
    "bank_account": ("口座", "銀行", "ゆうちょ", "振込先", "金融機関"),
    "corporate_number": ("会社番号",),
    "location": ("場所", "地図", "緯度経度", "位置"),
    "household": ("家族", "世帯", "同居"),
    "calc": ("計算", "自動計算", "合計", "補助額", "手数料"),
    "table": ("一覧", "繰り返し"),
    "note": ("注意書き", "案内"),
}


def read_words(words: str) -> tuple[str, str]:
    """The code of the kind and the question, of 「住所」 or 「住所 あたらしい住所」. Raises DefinitionError with what may be typed.

    An exact name wins, then the beginning of one, then any part of one; among several the catalogue's order decides, except
    that two kinds are never confused by a part of their names.
    """
    wanted, _, label = words.replace("\u3000", " ").strip().partition(" ")
    key = fold(wanted)
    names = {code: [fold(word) for word in (type_.label, *_ALSO.get(code, ()))] for code, type_ in CATALOGUE.items()}
    if key:
        for fits in (str.__eq__, str.startswith):
            found = [code for code, known in names.items() if any(fits(name, key) for name in known)]
            if found:
                return found[0], label.strip()
        found = [code for code, known in names.items() if any(key in name for name in known)]
        if len(found) == 1:
            return found[0], label.strip()
    kinds = "、".join(type_.label for type_ in CATALOGUE.values())
    raise DefinitionError(f"「{wanted}」という種類はありません。次のどれかを打ってください：{kinds}")
