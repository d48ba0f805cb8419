"""The 20 designated cities (政令指定都市) of 昭和31年政令第254号, with the five digits of their codes.

Postal data names their wards only, so a list derived from it needs the cities themselves from here.
"""

from typing import NamedTuple


class DesignatedCity(NamedTuple):
    """Five digits of the code, the name and its kana."""

    code5: str
    name: str
    kana: str


DESIGNATED_CITIES: tuple[DesignatedCity, ...] = (
    DesignatedCity("01100", "札幌市", "サッポロシ"),
    DesignatedCity("04100", "仙台市", "センダイシ"),
    DesignatedCity("11100", "さいたま市", "サイタマシ"),
    DesignatedCity("12100", "千葉市", "チバシ"),
    DesignatedCity("14100", "横浜市", "ヨコハマシ"),
    DesignatedCity("14130", "川崎市", "カワサキシ"),
    DesignatedCity("14150", "相模原市", "サガミハラシ"),
    DesignatedCity("15100", "新潟市", "ニイガタシ"),
    DesignatedCity("22100", "静岡市", "シズオカシ"),
    DesignatedCity("22130", "浜松市", "ハママツシ"),
    DesignatedCity("23100", "名古屋市", "ナゴヤシ"),
    DesignatedCity("26100", "京都市", "キョウトシ"),
    DesignatedCity("27100", "大阪市", "オオサカシ"),
    DesignatedCity("27140", "堺市", "サカイシ"),
    DesignatedCity("28100", "神戸市", "コウベシ"),
    DesignatedCity("33100", "岡山市", "オカヤマシ"),
    DesignatedCity("34100", "広島市", "ヒロシマシ"),
    DesignatedCity("40100", "北九州市", "キタキュウシュウシ"),
    DesignatedCity("40130", "福岡市", "フクオカシ"),
    DesignatedCity("43100", "熊本市", "クマモトシ"),
)
