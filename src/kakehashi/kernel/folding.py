"""Folding of Japanese text, so that what people mean is found whatever they typed.

A folded text is for comparing and searching only. It is never shown and never stored in place of what was typed:
a person's name is written as the person writes it.
"""

import re
import unicodedata

# Characters of names with a common form that is used for matching. NFKC already maps the compatibility
# ideographs (塚 U+FA10, 神 U+FA19); these are unified ideographs of their own, so a table is needed.
_VARIANTS = (
    "髙高 﨑崎 嵜崎 碕崎 𠮷吉 邊辺 邉辺 齋斉 齊斉 斎斉 濱浜 濵浜 澤沢 廣広 國国 嶋島 嶌島 櫻桜 龍竜 瀧滝 眞真 惠恵 德徳 萬万 冨富 桒桑 舘館 曻昇 "
    "栁柳 槗橋 𣘺橋 鷗鴎 巖巌 條条 壽寿 榮栄 圓円 關関 學学 會会 鐵鉄 藏蔵 寶宝 豐豊 靜静 淺浅 勳勲 薗園 渕淵 渊淵 籔薮 藪薮 舩船 峯峰 吞呑 "
    "埜野 彌弥 禰祢 稻稲 莊荘 繩縄 曾曽 增増 黑黒 橫横 步歩 凛凜 煕熙 亙亘 遙遥 堯尭 槇槙 瑤瑶 與与 來来 兒児 內内 淸清 靑青 緖緒 絲糸 鄕郷 恆恒 檜桧 "
    "穗穂 縣県 區区 驛駅 齡齢 塲場 諫諌 祿禄 晧皓 髮髪 濟済 濤涛 燈灯 應応 戶戸 鹽塩 總総 纖繊 賴頼 釋釈 隱隠 靈霊 飮飲"
)
_VARIANT_TABLE = str.maketrans({pair[0]: pair[1] for pair in _VARIANTS.split()})

# Variation selectors: U+FE00–FE0F, and U+E0100–E01EF of the Ideographic Variation Database (葛󠄀, 辻󠄀).
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200d\u2060\ufeff]")
_DASHES = "\\-‐‑‒–—―−─━ー〜~"
_DASH_RUN = re.compile(f"[{_DASHES}]+")
_KATAKANA = re.compile("[\u30a1-\u30fa]")
_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}

_SMALL_TO_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_SAME_SOUND = str.maketrans("ヂヅヲヰヱ", "ジズオイエ")
_ROWS = {
    "ア": "アカサタナハマヤラワガザダバパ",
    "イ": "イキシチニヒミリギジビピ",
    "ウ": "ウクスツヌフムユルグズブプヴ",
    "エ": "エケセテネヘメレゲゼデベペ",
    "オ": "オコソトノホモヨロゴゾドボポ",
}
_VOWEL_OF = {kana: vowel for vowel, row in _ROWS.items() for kana in row}
_LONG = {("オ", "ウ"): "オ", ("エ", "イ"): "エ"}


def to_katakana(text: str) -> str:
    """Return ``text`` with hiragana and half-width katakana as full-width katakana; nothing else is changed.

    >>> to_katakana("やまだ ﾊﾅｺ")
    'ヤマダ ハナコ'
    """
    widened = re.sub("[\uff66-\uff9f]+", lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return widened.translate(_HIRAGANA_TO_KATAKANA)


def fold(text: str) -> str:
    """Return the form of ``text`` for searching: NFKC, lower case, katakana, common kanji, one kind of dash, single spaces.

    Variation selectors and zero-width characters are dropped. A dash after kana is the long vowel mark (サ−バ), any other
    is a hyphen (1ー2). Folding twice changes nothing more.
    """
    plain = _SELECTORS.sub("", unicodedata.normalize("NFKC", _SELECTORS.sub("", text))).casefold()
    plain = unicodedata.normalize("NFKC", plain)
    plain = plain.translate(_HIRAGANA_TO_KATAKANA).translate(_VARIANT_TABLE)
    return " ".join(_DASH_RUN.sub(_one_kind_of_dash, plain).split())


def fold_name(text: str) -> str:
    """Return the form of a person's name or its kana for matching. Stronger than fold: also without spaces and marks.

    Long vowels are one (ユウコ = ユーコ, オオノ = オーノ, コウイチ = コーイチ, ケイコ = ケーコ), small kana are large (old systems print シヨウ),
    ヂ = ジ, ヅ = ズ, ヲ = オ. Two different names may fold alike, so a match is a candidate for a person to decide.
    """
    letters = [character for character in fold(text) if character.isalnum() or character == "ー"]
    plain = "".join(letters).translate(_SMALL_TO_LARGE).translate(_SAME_SOUND)
    return _lengthen(plain)


def _one_kind_of_dash(run: re.Match[str]) -> str:
    before = run.string[run.start() - 1 : run.start()]
    return ("ー" if _KATAKANA.fullmatch(before) else "-") * len(run[0])


def _lengthen(kana: str) -> str:
    """Write every long vowel as the vowel repeated."""
    written: list[str] = []
    for character in kana:
        vowel = _VOWEL_OF.get(written[-1]) if written else None
        if character == "ー":
            if vowel:
                written.append(vowel)
        else:
            written.append(_LONG.get((vowel, character), character) if vowel else character)
    return "".join(written)
