"""What a consultation is about, for assignment by skill, and what is to be checked for each theme."""

from __future__ import annotations

from enum import StrEnum


class Theme(StrEnum):
    """The theme of a consultation and of a supporter's skill."""

    PAPERLESS = "paperless"
    ONLINE = "online"
    LEDGER = "ledger"
    AUTOMATION = "automation"
    AI = "ai"
    SHARING = "sharing"
    INQUIRIES = "inquiries"
    SYSTEMS = "systems"
    DATA = "data"
    RULES = "rules"
    PEOPLE = "people"
    OTHER = "other"


LABELS: dict[Theme, str] = {
    Theme.PAPERLESS: "紙・押印をなくす",
    Theme.ONLINE: "オンライン申請",
    Theme.LEDGER: "台帳・表計算",
    Theme.AUTOMATION: "自動化・RPA",
    Theme.AI: "AIの利用",
    Theme.SHARING: "情報共有・会議",
    Theme.INQUIRIES: "問合せ対応",
    Theme.SYSTEMS: "システムの更新・標準化",
    Theme.DATA: "データ活用",
    Theme.RULES: "規程・手順の見直し",
    Theme.PEOPLE: "人・引継ぎ",
    Theme.OTHER: "そのほか",
}
CHECKLISTS: dict[Theme, tuple[str, ...]] = {
    Theme.PAPERLESS: (
        "その紙・押印を求めている規程の条を確かめる",
        "保存年限と電子での保存の可否を文書管理規程で確かめる",
        "紙を受け取る相手（住民・他課・国県）に困る人がいないか聞く",
    ),
    Theme.ONLINE: (
        "根拠の法令・条例が書面を求めていないか確かめる",
        "本人確認の方法を決める",
        "手数料と通知の渡し方を決める",
    ),
    Theme.LEDGER: ("同じ台帳がほかの課・システムにないか探す", "個人情報ファイル簿に載っているか確かめる"),
    Theme.AUTOMATION: ("自動化の前に、なくせる手順を先になくす", "例外の件数を数える", "止まったときの手作業を決める"),
    Theme.AI: ("入力してよい情報の決まりを確かめる", "結果をだれが確かめるかを決める"),
    Theme.SYSTEMS: ("契約の終わりと更新の条件を確かめる", "標準化の対象業務か確かめる"),
    Theme.RULES: ("規程の所管課に、変える手順と時期を聞く",),
}
LEVELS: dict[int, str] = {1: "やったことがある", 2: "一人でできる", 3: "人に教えられる"}
