"""The 47 prefectures (都道府県), in the order of their codes. They have not changed since 1972, so they are written here."""

from typing import NamedTuple


class PrefectureName(NamedTuple):
    """The two-digit code, the name and its kana."""

    code2: str
    name: str
    kana: str


PREFECTURES: tuple[PrefectureName, ...] = (
    PrefectureName("01", "北海道", "ホッカイドウ"),
    PrefectureName("02", "青森県", "アオモリケン"),
    PrefectureName("03", "岩手県", "イワテケン"),
    PrefectureName("04", "宮城県", "ミヤギケン"),
    PrefectureName("05", "秋田県", "アキタケン"),
    PrefectureName("06", "山形県", "ヤマガタケン"),
    PrefectureName("07", "福島県", "フクシマケン"),
    PrefectureName("08", "茨城県", "イバラキケン"),
    PrefectureName("09", "栃木県", "トチギケン"),
    PrefectureName("10", "群馬県", "グンマケン"),
    PrefectureName("11", "埼玉県", "サイタマケン"),
    PrefectureName("12", "千葉県", "チバケン"),
    PrefectureName("13", "東京都", "トウキョウト"),
    PrefectureName("14", "神奈川県", "カナガワケン"),
    PrefectureName("15", "新潟県", "ニイガタケン"),
    PrefectureName("16", "富山県", "トヤマケン"),
    PrefectureName("17", "石川県", "イシカワケン"),
    PrefectureName("18", "福井県", "フクイケン"),
    PrefectureName("19", "山梨県", "ヤマナシケン"),
    PrefectureName("20", "長野県", "ナガノケン"),
    PrefectureName("21", "岐阜県", "ギフケン"),
    PrefectureName("22", "静岡県", "シズオカケン"),
    PrefectureName("23", "愛知県", "アイチケン"),
    PrefectureName("24", "三重県", "ミエケン"),
    PrefectureName("25", "滋賀県", "シガケン"),
    PrefectureName("26", "京都府", "キョウトフ"),
    PrefectureName("27", "大阪府", "オオサカフ"),
    PrefectureName("28", "兵庫県", "ヒョウゴケン"),
    PrefectureName("29", "奈良県", "ナラケン"),
    PrefectureName("30", "和歌山県", "ワカヤマケン"),
    PrefectureName("31", "鳥取県", "トットリケン"),
    PrefectureName("32", "島根県", "シマネケン"),
    PrefectureName("33", "岡山県", "オカヤマケン"),
    PrefectureName("34", "広島県", "ヒロシマケン"),
    PrefectureName("35", "山口県", "ヤマグチケン"),
    PrefectureName("36", "徳島県", "トクシマケン"),
    PrefectureName("37", "香川県", "カガワケン"),
    PrefectureName("38", "愛媛県", "エヒメケン"),
    PrefectureName("39", "高知県", "コウチケン"),
    PrefectureName("40", "福岡県", "フクオカケン"),
    PrefectureName("41", "佐賀県", "サガケン"),
    PrefectureName("42", "長崎県", "ナガサキケン"),
    PrefectureName("43", "熊本県", "クマモトケン"),
    PrefectureName("44", "大分県", "オオイタケン"),
    PrefectureName("45", "宮崎県", "ミヤザキケン"),
    PrefectureName("46", "鹿児島県", "カゴシマケン"),
    PrefectureName("47", "沖縄県", "オキナワケン"),
)

CODE2_OF = {prefecture.name: prefecture.code2 for prefecture in PREFECTURES}
