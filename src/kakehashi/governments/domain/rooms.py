"""The rooms a government may switch on or off, in the words of its staff."""

from typing import NamedTuple


class RoomWords(NamedTuple):
    """What a room is called, what it is for, and how the work goes on without it."""

    label: str
    purpose: str
    without: str


ROOM_WORDS: dict[str, RoomWords] = {
    "procedures": RoomWords(
        "手続・申請",
        "手続の台帳を持ち、住民がスマートフォンから申請し、職員が受け付けて審査します。",
        "申請の受付は今の方法のまま続けます。",
    ),
    "approvals": RoomWords(
        "起案・決裁",
        "申請や相談から起案し、職ごとの順路で承認・決裁して施行します。",
        "起案の内容をPDFとCSVで渡し、今の決裁の番号を書きとめます。",
    ),
    "records": RoomWords(
        "文書管理",
        "決裁した文書を簿冊にまとめ、保存期間と満了日を理由とともに管理します。",
        "文書をPDFとCSVで渡し、今の文書管理の番号を書きとめます。",
    ),
    "desk": RoomWords(
        "業務DX相談・解決事例",
        "職員の困りごとを目的から聞き、支援担当を決め、解決したら事例として共有します。",
        "相談は今の窓口のまま続けます。",
    ),
    "plans": RoomWords(
        "DX計画",
        "基本方針・施策・取組と指標を木で示し、今年の目標と実績を並べます。",
        "指標は「指標」のページで見られます。",
    ),
    "meetings": RoomWords(
        "庁議・会議",
        "会議体と次第を整え、資料を配り、同じページを見ながら話し、決めたことと会議録を残します。",
        "会議は今のやり方のまま、紙の資料で続けます。",
    ),
    "shelters": RoomWords(
        "避難場所・避難所",
        "指定緊急避難場所と指定避難所の一覧を整え、住民が地区と災害の種類で探せるようにし、オープンデータにします。",
        "避難場所は今の方法のまま知らせます。",
    ),
}
