"""The words of Japanese forms: which labels ask for what, which areas are the office's, which are only seals or notes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = [
    "FIELD_WORD",
    "GROUP_WORD",
    "OPTION_WORDS",
    "clean_label",
    "fold",
    "is_field_word",
    "is_group_word",
    "is_marked_note",
    "is_note",
    "is_office",
    "is_seal",
    "plain",
]

_SAME_LENGTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(letter): "-" for letter in "‐‑‒–—―−－ｰ─━"},
    **{ord(letter): "~" for letter in "〜～∼"},
    ord("･"): "・",
    ord("∕"): "/",
    ord("⁄"): "/",
    ord("\xa0"): " ",
    ord("\u2003"): "　",
    ord("〇"): "○",
    ord("◯"): "○",
    ord("＿"): "_",
    ord("﹍"): "_",
    ord("☐"): "□",
    ord("◻"): "□",
    ord("▢"): "□",
    ord("⬜"): "□",
    ord("❏"): "□",
    ord("❑"): "□",
    ord("☑"): "□",
    ord("☒"): "□",
    ord("✓"): "□",
}


# 「□□□□□□□」 is room for a letter each, no box to tick.
_DIGIT_BOXES = re.compile(r"□{3}-□{4}|□{4,}")


def fold(text: str) -> str:
    """Full width to half, one hyphen, one box, digit boxes as a line: the same number of letters, so that places still fit."""
    return _DIGIT_BOXES.sub(lambda run: "_" * len(run[0]), text.translate(_SAME_LENGTH))


def plain(text: str) -> str:
    """A label for comparing: compatibility forms folded, without spaces and control letters."""
    kept = "".join(letter for letter in text if not 0xE000 <= ord(letter) <= 0xF8FF)
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", kept))


# Labels that stand alone on a line and mean "write it here".
_FIELDS = (
    "住所又は所在地|住所または所在地|住所及び氏名|住所・氏名|住所|現住所|所在地|主たる事務所の所在地|事務所の所在地|居所|郵便番号|本籍|前住所|新住所|旧住所|転出先|"
    "氏名又は名称|氏名または名称|氏名及び名称|申請者氏名|申請者名|届出者氏名|氏名・名称|氏名|名前|お名前|ご氏名|ご住所|世帯主氏名|世帯主名|世帯主|保護者氏名|保護者名|筆頭者氏名|筆頭者の氏名|筆頭者|代表者職氏名|代表者職・氏名|代表者の職氏名|代表者氏名|"
    "代表者名|代表者の氏名|代表者|職氏名|職・氏名|役職名|役職|職名|職業|勤務先|名称|法人名|団体名|団体の名称|会社名|商号又は名称|商号|屋号|事業所名|事業者名|施設名|学校名|学年|組織名|"
    "電話番号|電話|電話(自宅)|携帯電話番号|携帯電話|携帯番号|日中の連絡先|緊急連絡先|連絡先電話番号|連絡先|連絡先(電話番号)|ファックス番号|ファックス|ファクシミリ|FAX番号|FAX|TEL|メールアドレス|電子メールアドレス|電子メール|Eメール|E-mail|E-mailアドレス|eメール|メール|"
    "生年月日|性別|年齢|続柄|申請者との続柄|本人との続柄|本人との関係|申請者との関係|関係|担当者氏名|担当者名|担当者|担当部署|部署名|部署|所属|事務担当者|"
    "フリガナ|ふりがな|品目|品名|数量|講座名|医療機関名|病院名|保険者名|使用目的|利用目的|提出先|宛名|使用場所|使用日時|使用人員|目的|理由|内容|事業名|事業の名称|事業の目的|補助事業の名称|件名|備考|申請年月日|届出年月日|申請日|届出日|記入日|提出日|日付|"
    "金融機関名|支店名|口座番号|口座名義|口座名義人|預金種別|口座種別|被保険者番号|登録番号|許可番号|個人番号|法人番号|交付番号|通知番号|お客様番号|使用者番号|車両番号|"
    "行事名|行事の名称|開催日時|開催場所|会場|主催者名|主催者|参加人数|参加予定人数|対象者|請求金額|申請金額|申請額|交付申請額|補助金交付申請額|金額|委任者|受任者|自署|署名"
)
FIELD_WORD = frozenset(plain(word) for word in _FIELDS.split("|"))
_ROLES = (
    "申請者|申込者|申込人|届出者|届出人|請求者|請求人|委任者|委任者（本人）|委任者(本人)|受任者|受任者(代理人)|代理人|代理申請者|保護者|使用者|設置者|所有者|占有者|管理者|施工者|工事施工者|施工業者|提出者|報告者|主催者|承継人|被保険者|対象者|対象児童|児童|"
    "利用者|本人|頼む人|頼まれた人|窓口に来た人|窓口に来られた方|来庁者|必要な方|証明が必要な方|請求に来た人|申請人|誓約者|同意者|連帯保証人|保証人|納税義務者|納税者|相続人代表者|口座名義人|送付先|送付先住所|罹災者|り災者|事業者|団体|申請団体|世帯主|"
    "配偶者|父|母|緊急連絡先|連絡責任者|使用責任者|責任者|担当者|連絡担当者|事務担当者|現地責任者|甲|乙|飼い主|犬の所有者|転入者|異動者|異動した人|新世帯主|旧世帯主|契約者|振込先|振込先口座|補助事業者|法人|会社|異動前|異動後|変更前|変更後"
)
GROUP_WORD = frozenset(plain(word) for word in _ROLES.split("|"))
_SEAL = re.compile(
    r"^[(（\[〔]?(印|㊞|実印|認印|捺印|押印|代表者印|公印|印鑑|届出印|銀行届出印|お届け印|捨印|訂正印|金融機関届出印|銀行届印|届印|印欄|押印欄|写真(貼付|貼り付け|はりつけ)?(欄|位置|箇所|台紙)?|収入証紙(貼付)?欄?|切手)[)）\]〕]?$"
)
_OFFICE = re.compile(
    r"自治体(記入|使用)欄|行政(記入|使用)欄|庁内(記入|使用)欄|経過欄|事務処理|受付印|受付欄|受付番号|受付年月日|受付日|受理|処理欄|職員(記入|使用|記載)|役場(記入|使用|記載|処理)|[市町村区課]記入欄|[市町村区]使用欄|[市町村区]処理欄|[市町村区]役?[場所]?(記入|使用|記載|処理)欄|[課係局館園署校]使用欄|[館園署局室会校]記入欄|センター(記入|使用)欄|"
    r"決裁|起案|供覧|合議欄?$|整理番号|審査欄|確認欄|担当課|担当課記入|課長|係長|局長|部長|主査|主任(?![(（]?監理|技術者|介護|ケア|児童)|主事|係員|収受|入力欄|入力者|照合者|金融機関(使用|記入|処理)欄|銀行(使用|記入)欄|不備返却|検印|印鑑照合|受付者|(?<![物品])取扱者|事務局(記入|使用|処理)欄|"
    r"医師の?(記入|署名|所見)|医療機関の?記入欄|公簿|台帳(記入|登載)|交付番号|交付年月日欄|本人確認(書類|欄|方法)?$|記入しないで|この欄には|以下は記入"
)
_NOTE_START = re.compile(
    r"^([(（\[【]?)(※|注(?:意|[\s　:：.．、0-9０-９①-⑳)）】]|$)|\*|＊|備考[\s　:：]|例[:：)）]|記入上|記載上|留意|裏面|以下|上記|次の|この|下記|なお|ただし)"
)
# Words that stand for a choice among a few.
OPTION_WORDS = frozenset(
    [
        "男",
        "女",
        "有",
        "無",
        "あり",
        "なし",
        "ある",
        "ない",
        "有り",
        "無し",
        "はい",
        "いいえ",
        "該当",
        "非該当",
        "同じ",
        "異なる",
        "違う",
        "該当する",
        "該当しない",
        "可",
        "否",
        "要",
        "不要",
        "必要",
        "必要ない",
        "する",
        "しない",
        "希望する",
        "希望しない",
        "希望",
        "普通",
        "当座",
        "貯蓄",
        "総合",
        "明治",
        "大正",
        "昭和",
        "平成",
        "令和",
        "西暦",
        "新規",
        "継続",
        "変更",
        "更新",
        "廃止",
        "再交付",
        "新設",
        "増設",
        "改造",
        "撤去",
        "修繕",
        "中止",
        "再開",
        "開始",
        "休止",
        "自己",
        "借家",
        "持家",
        "持ち家",
        "借間",
        "賃貸",
        "同居",
        "別居",
        "個人",
        "法人",
        "団体",
        "課税",
        "非課税",
        "午前",
        "午後",
        "雄",
        "雌",
        "オス",
        "メス",
        "おす",
        "めす",
        "本人",
        "代理人",
        "世帯主",
        "配偶者",
        "夫",
        "妻",
        "子",
        "父",
        "母",
        "その他",
        "公用",
        "私用",
        "昼",
        "夜",
        "平日",
        "休日",
        "全部",
        "一部",
        "木造",
        "鉄骨造",
        "未",
        "済",
        "初回",
        "屋内",
        "屋外",
        "単身",
        "国保",
        "社保",
        "国民健康保険",
        "後期高齢者医療",
        "同意する",
        "同意しない",
        "同意します",
        "同意しません",
        "承諾する",
        "承諾しない",
        "届出済",
        "未届",
        "銀行",
        "信用金庫",
        "金庫",
        "組合",
        "信用組合",
        "農協",
        "労働金庫",
        "漁協",
        "信金",
        "信組",
        "本店",
        "支店",
        "出張所",
        "本所",
        "支所",
        "ゆうちょ銀行",
        "全部事項",
        "個人事項",
        "謄本",
        "抄本",
        "専用",
        "共用",
        "既婚",
        "未婚",
        "健在",
        "死亡",
        "入院",
        "入所",
        "在宅",
        "就労",
        "無職",
        "自営",
        "常勤",
        "非常勤",
        "正規",
        "パート",
        "全壊",
        "大規模半壊",
        "中規模半壊",
        "半壊",
        "準半壊",
        "一部損壊",
        "床上浸水",
        "床下浸水",
        "転入",
        "転居",
        "転出",
        "出生",
        "家庭用",
        "営業用",
        "業務用",
        "一般用",
        "工事用",
        "戸建",
        "集合",
        "集合住宅",
        "アパート",
        "水洗",
        "浄化槽",
        "汲取",
        "窓口",
        "郵送",
        "有料",
        "無料",
        "男性",
        "女性",
        "回答しない",
        "実施済",
        "未実施",
        "済み",
        "室内",
        "室外",
        "要する",
        "要しない",
        "現金",
        "振込",
        "口座振替",
        "納付書",
    ]
)


def is_seal(text: str) -> bool:
    """Whether a text is only the place for a seal."""
    return bool(_SEAL.match(plain(text)))


_ADDRESSEE = re.compile(r"(?m)[市町村区都道府県]?長[ 　]*(様|殿|宛て?|あて)[ 　]*$")


def is_office(text: str) -> bool:
    """Whether a label names an area that the office fills in."""
    said = plain(text).lstrip("※*")
    if _ADDRESSEE.search(text):
        # 「（受付印）　令和　年　月　日　ひばり市長　様」 in one cell: the stamp has room there, the paper is not the office's.
        return False
    return bool(said) and len(said) < 60 and bool(_OFFICE.search(said))


def is_note(text: str) -> bool:
    """Whether a text explains instead of asking."""
    said = text.strip(" 　\n")
    if _NOTE_START.match(said):
        return True
    return len(said) > 60 or (said.endswith(("。", "。）", "ください", "こと")) and len(said) > 14)


_NAMED = re.compile(
    r"(氏名|名称|住所|所在地|地番|電話番号|連絡先|生年月日|メールアドレス|ふりがな|フリガナ|団体名|代表者名|担当者名|業者名|(登録|許可|免状|免許|免許証|会員|資格|証書)番号|職・氏名|職氏名|署名|自署|との続柄|との関係|との間柄)$"
)


def is_field_word(text: str) -> bool:
    """Whether a text is a label that asks even without a visible blank."""
    said = clean_label(text)[0]
    bare = re.sub(r"\(.*?\)", "", plain(said))
    if plain(said) in FIELD_WORD or bare in FIELD_WORD:
        return True
    return (
        len(bare) <= 20
        and bool(_NAMED.search(bare))
        and not re.search(r"[をはがで、。]|記入|記載|場合", bare.replace("又は", ""))
    )


def is_group_word(text: str) -> bool:
    """Whether a text names the person or thing that the labels after it are about."""
    said = plain(clean_label(text)[0])
    return said in GROUP_WORD or re.sub(r"\([^()]*\)$", "", said) in GROUP_WORD


_NUMBERING = re.compile(
    r"^\s*(?:[(（]\s*[0-9０-９一二三四五六七八九十ア-コa-zａ-ｚ]{1,2}\s*[)）]|[①-⑳⑴-⒇Ⅰ-Ⅻⅰ-ⅻ]|第?[0-9０-９]{1,2}(?:[-－][0-9０-９]{1,2})?\s*[.．、:：)）]|[0-9０-９]{1,2}(?=[ 　])|[0-9０-９]{1,2}(?=[^0-9０-９年月日時分か人歳番期次号%％円回級台つ割枚名])|[一二三四五六七八九十](?=[ 　.．、])|[ア-コ](?=[ 　.．、)）])|[a-zA-Z](?=[.．、]))[ 　.．、]*"
)
_HELP = re.compile(r"[(（【\[〔]([^()（）【】\[\]〔〕]*)[)）】\]〕]")
_HELPFUL = re.compile(
    r"□|例|記入|記載|場合|ください|下さい|場合|者のみ|のみ|必須|任意|ない|複数|該当|○|チェック|レ点|以内|文字|全角|半角|選択|選ん|右詰|西暦|和暦|単位|ときは|ハイフン|桁|けた|添付|限る|可$|税込|税抜|写し|※|参照|より|から|^姓"
)
_REQUIRED = re.compile(r"[(（【\[]?(必須記入|記入必須|必須|必ず記入)[)）】\]]?|^[＊*]|[＊*]$")
_MARKS = " 　\n\t:：・■●◎◆◇▼▲▶►★☆＊*※<>＜＞〈〉…‥.．_＿,、"


def clean_label(text: str) -> tuple[str, str]:
    """A label as a question and what stood in brackets as help: 「１ 住 所（都道府県から記入）」→ 住所, 都道府県から記入."""
    said = "".join(" " if 0xE000 <= ord(letter) <= 0xF8FF else letter for letter in text)
    said, helps = said.strip(_MARKS), []
    said = re.sub(r"に[☑✓✔]$", "", said)
    said = re.sub(r"※\s*[0-9０-９]+|[＊*][0-9０-９]|[注]\s?[0-9０-９]+[)）]?", "", said)
    for _ in range(2):
        said = _NUMBERING.sub("", said).strip(_MARKS)
    for match in _HELP.finditer(said):
        inside = match[1].strip(_MARKS)
        if not inside or _HELPFUL.search(inside) or len(inside) > 12:
            said = said.replace(match[0], "")
            if inside and not _REQUIRED.fullmatch(inside):
                helps.append(inside)
    said, _, note = said.partition("※")
    if note.strip():
        helps.append(note.strip(_MARKS))
    said = re.sub(r"[(（]\s*[)）]", "", said)
    first = said.strip(_MARKS)
    if first[:1] in "(（" and not re.search(r"[)）]", first):
        first = first[1:]
    first = re.sub(
        r"(を記入|を記載|について記入|をご記入|を具体的に記入)(して)?(ください|下さい|する|すること)。?$", "", first
    )
    first = re.sub(r"(に|を)(○|〇|✓|レ|チェック|丸).{0,8}(ください|下さい|すること)。?$", "", first)
    first = re.sub(r"\n+", "", first)
    return _unspaced(first), "。".join(helps)


def _unspaced(text: str) -> str:
    """Spaces inside of a Japanese label only stretch it."""
    if re.search(r"[A-Za-z]{2}\s[A-Za-z]{2}", text):
        return re.sub(r"\s+", " ", text)
    return re.sub(r"[\s　]+", "", text)


_MARKED_NOTE = re.compile(r"[(【]?(※|[*]|注(?:意|[\s　:.、0-9①-⑳)】]|$))")


def is_marked_note(text: str) -> bool:
    """Whether a text says itself that it is a note: 「※…」, 「注１…」; 「注射」 does not."""
    return bool(_MARKED_NOTE.match(fold(text).strip(" 　")))


def is_required_mark(text: str) -> bool:
    """Whether a label carries 必須 or an asterisk."""
    return bool(_REQUIRED.search(text.strip()))


def is_optional(text: str) -> bool:
    """Whether a label says that it need not be filled in."""
    said = plain(text)
    return bool(
        re.search(
            r"任意|場合|ある方|あれば|希望者|必要に応じ|法人のみ|備考|その他|FAX|ファ[クッ]|メール|mail|方書|内線|勤務先|旧姓|通称",
            said,
            re.IGNORECASE,
        )
    )


def all_options(words: Iterable[str]) -> bool:
    """Whether every word is one that stands for a choice."""
    said = [re.sub(r"\(.*?\)", "", plain(word)) for word in words]
    return len(said) > 1 and (all(word in OPTION_WORDS or _OPTION.match(word) for word in said) or _opposed(said))


_OPTION = re.compile(
    r"^(未[^\s]{1,5}|[^\s]{1,5}済み?|[^\s]{0,6}(する|しない|した|していない|できる|できない|いる|いない|います|いません|あります|ありません))$"
)
_ENDING = re.compile(
    r"(わない|らない|かない|たない|ていない|てない|でいない|ない|ません|う|る|く|つ|た|だ|い|ます|ました)$"
)


def _opposed(words: list[str]) -> bool:
    """「受けた・受けない」, 「思う・思わない」: a word and its negation."""
    if len(words) != 2 or not re.search(r"(ない|ません)$", words[1]):
        return False
    first, second = (_ENDING.sub("", word) for word in words)
    return bool(first) and first == second
