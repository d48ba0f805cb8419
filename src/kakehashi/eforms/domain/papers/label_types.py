"""Which type of the catalogue a label asks for, by its words and the unit behind its blank."""

from __future__ import annotations

import re

from kakehashi.eforms.domain.papers.words import plain

__all__ = ["type_of_label"]

_FIXED_TYPES: tuple[tuple[str, str], ...] = (
    (r"メール|mail|ﾒｰﾙ", "email"),
    (r"電話|でんわ|TEL|携帯|FAX|ファックス|ファクシミリ|連絡先$|連絡先\(?(自宅|勤務先|携帯|日中|昼間)|内線", "phone"),
    (r"(?<!発)生年月日|誕生日", "birth_date"),
    (r"(番号|コード|記号|No\.?)(\(.*\))?$|番号", "text"),
    (
        r"(開始|終了|完了|予定|申請|届出|請求|交付|許可|設立|発生|異動|転入|転出|転居|変更|廃止|使用|利用|記入|提出|取得|死亡|出生|離職|就職|入所|希望|着手|着工|完成|竣工|決定|登録|届|委任|発行|実施|事業|開業|閉業|認定|喪失|接種|購入|開催|工事|り災|罹災|被災|契約|引越|引越し)(予定)?(した)?(年月)?日\)?$|年月日|^日付$|期日$|期限$|^[一-龥]{1,6}(?<![曜休平祝毎終当前翌業半労])日$",
        "date",
    ),
    (r"(名称|名|勤務先|機関|施設)[・、及と].{0,2}(所在地|住所)", "text"),
    (r"住所|所在地|居所|地名地番|アドレス$|送付先$", "address"),
    (
        r"法人名|団体名|会社名|商号|屋号|事業所名|事業者名|名称|施設名|学校名|金融機関|支店|店名|名義|犬の名|物件名|品名",
        "text",
    ),
    (
        r"^(名義人|世帯主|筆頭者|配偶者|保護者|代表者|担当者|責任者|使用責任者|連絡責任者|委任者|受任者|代理人|飼い主|自署|署名|申請者|届出人|届出者|請求者|保証人)$",
        "name",
    ),
    (
        r"議員$|医師名$|獣医師$|技術者$|現場代理人$|(申請|記入|実務|連絡)担当者$|責任者$|署名$|自署$|氏名|名前|なまえ|(世帯主|保護者|担当者|代表者|責任者|申請者|届出人|届出者|請求者|筆頭者|児童|本人|委任者|受任者|父|母)名$",
        "name",
    ),
)
_MONEY = re.compile(
    r"(金|予算|決算|収入|支出|申請|請求|交付|補助|見積|事業|所得|売上|税|対象|限度|総|月|年|日|差引|合計|精算|借入|寄附|給与|賃金)額|額$|価格|料金|単価|円|費$|経費$|資本金|売上|年収|月収|家賃|所得$|収入$|手数料"
)
_NUMBER = re.compile(
    r"人数|人員|員数|面積|年齢|台数|枚数|部数|通数|回数|件数|戸数|棟数|頭数|匹数|個数|数量|延長|幅員|幅$|高さ|重量|体重|身長|世帯数|日数|時間数|車両数|本数|階数|定員|口径|容量|距離|長さ|深さ|年数|数$|歳$"
)
_LONG = re.compile(
    r"理由|目的|内容|概要|状況|経過|方法|備考|事項|意見|要望|計画|効果|事由|原因|経緯|症状|特徴|動機|説明|条件|その他|程度|趣旨"
)
_UNIT_NUMBER = re.compile(
    r"^(cc|㎜|㎝|㎏|脚|張|足|着|膳|双|缶|袋|束|曲|kW|人|名|㎡|m2|m²|平方メートル|平米|m|km|cm|mm|台|部|通|枚|件|歳|才|回|日間|時間|箇所|か所|ヶ所|カ所|頭|匹|羽|kg|g(?![a-z])|t|%|パーセント|戸|室|か月|ヶ月|カ月|月間|週間|週|本|個|冊|世帯|坪|ha|a|L|リットル|立方メートル|m3|㎥|年間|年度|年|学年|組|畳|区画|基|棟|事業所|店舗|店|期|時間程度|泊|口|株|品|級|℃|°C|度$|階)"
)
_MONEY_UNIT = re.compile(r"^(円|千円|万円|億円|百万円)")


def type_of_label(label: str, unit: str = "") -> tuple[str, dict[str, object], float]:
    """The catalogue's type for a label and the unit after its blank, its settings, and how sure that is (0–1)."""
    said, unit = plain(label), plain(unit)
    if money := _MONEY_UNIT.match(unit):
        return ("money", {}, 0.95) if money[0] == "円" else ("number", {"unit": money[0]}, 0.9)
    for pattern, code in _FIXED_TYPES:
        if re.search(pattern, said, re.IGNORECASE):
            if code == "address" and _UNIT_NUMBER.match(unit) and not re.match(r"[番号階]|期", unit):
                # 「住所地からの距離　　　km」
                break
            if code == "name" and re.search(r"名称|団体|法人|会社|商号|犬", said):
                return "text", {}, 0.7
            return code, {}, 0.92
    if unit and (number := _UNIT_NUMBER.match(unit)):
        return "number", {"unit": number[0]}, 0.9
    if in_brackets := re.search(r"\((円|千円|万円|㎡|m2|m|人|歳|台|%|kg)\)$", said):
        return type_of_label(re.sub(r"\([^()]*\)$", "", said), in_brackets[1])
    if re.search(r"(比率|割合|率)(\(.*\))?$", said):
        return "number", {"unit": "%"}, 0.7
    if re.search(r"円\)?$|円\)", said) or (
        _MONEY.search(said) and not re.search(r"種類|名|内訳|理由|方法|費目|区分|番号|積算|有無", said)
    ):
        return "money", {}, 0.8
    if _NUMBER.search(said) and not re.search(r"内訳|区分|方法|番号|内容|名", said):
        return "number", {}, 0.8
    if _LONG.search(said):
        return "text", {"multiline": True}, 0.8
    return "text", {}, 0.7
