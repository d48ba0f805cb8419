"""台帳の列: the columns of the inventory as a table, going out and coming in, with the words other towns' tables use for them."""

from __future__ import annotations

from kakehashi.exchange.domain.columns import Column

__all__ = ["ACTS", "CLEAR", "COLUMNS", "KEYS", "LABELS", "TEXT_KEYS"]

CLEAR = "（消す）"
"""An empty cell leaves a value as it is; this word empties it."""

COLUMNS = (
    Column("name", "手続名", True, ("手続の名称", "手続等の名称", "申請名", "様式名", "事務名", "手続名称", "補助金名", "名称", "件名")),
    Column("kind", "種類", False, ("手続の種類", "手続種別", "区分", "類型"), "届出・申込・証明・処分"),
    Column(
        "legal_basis",
        "根拠法令・条例",
        False,
        ("根拠法令等", "根拠法令", "根拠規程", "根拠例規", "根拠", "法令名", "条例・規則・要綱", "根拠条例"),
    ),
    Column("basis", "根拠の区分", False, (), "法令、または条例・規則・要綱"),
    Column("founding", "創設した団体", False, ("制定主体", "設置主体"), "国の法令、都道府県の条例等、自団体の条例・要綱等"),
    Column("department", "所管課", False, ("担当課", "主管課", "所管部署", "担当部署", "所属", "課名", "所管", "課")),
    Column(
        "volume",
        "年間件数",
        False,
        ("年間申請件数", "年間受付件数", "年間処理件数", "申請件数", "受付件数", "処理件数", "件数/年", "件数", "年間件数全体", "年間件数合計", "年間件数計"),
    ),
    Column(
        "online_volume",
        "うちオンライン",
        False,
        ("うちオンライン件数", "オンライン件数", "電子申請件数", "年間件数オンライン", "うち電子", "年間件数うちオンライン", "年間件数電子"),
    ),
    Column("paper_volume", "うち紙", False, (), "年間件数が紙と電子に分かれている表のための列。年間件数の欄がなければ、足して年間件数にします"),
    Column("post_volume", "うち郵送", False, (), "窓口と郵送に分かれている表のための列。うち紙と同じように足します"),
    Column("fee", "手数料", False, ("手数料等", "手数料の有無", "手数料(円)", "費用")),
    Column("attachments", "添付書類", False, ("添付書類等", "添付", "必要書類", "提出書類", "添付資料")),
    Column("identity_note", "本人確認の方法", False, ("本人確認", "本人確認方法", "本人確認の有無", "本人確認書類")),
    Column("seal", "押印", False, ("押印の要否", "押印の有無", "押印要否", "印鑑", "認印"), "要・不要"),
    Column("seal_reason", "押印が要る理由", False, ("押印の理由", "押印理由", "押印の根拠", "押印根拠", "押印を求める根拠")),
    Column("visit", "対面", False, ("対面の要否", "対面要否", "来庁の要否", "来庁", "対面手続"), "要・不要"),
    Column("visit_reason", "対面が要る理由", False, ("対面の理由", "対面理由", "来庁が必要な理由", "対面の根拠")),
    Column(
        "processing",
        "処理期間",
        False,
        ("標準処理期間", "標準処理期間(日)", "標準処理日数", "処理日数", "処理期間(日)", "交付までの日数"),
        "例：14開庁日、30日、2週間",
    ),
    Column("channels", "手続の方法", False, ("受付方法", "申請方法", "提出方法"), "オンライン・窓口・郵送"),
    Column("needs", "必要なもの", False, ("持ち物",)),
    Column("institutions", "提出先", False, ("受付窓口", "提出窓口", "申請先")),
    Column("target_year", "目標年度", False, ("オンライン化予定年度", "オンライン化目標", "実施予定年度", "オンライン化時期", "予定年度")),
    Column("online_basis", "オンライン化の根拠", False, ("オンライン根拠", "手続条例", "電子申請の根拠")),
    Column("online_elsewhere", "ほかのシステムでの受付", False, ("電子申請システム", "受付システム", "オンライン窓口")),
    Column("online_state", "オンライン化の状況", False, ("オンライン化状況", "オンライン化", "電子化状況", "オンライン対応", "電子申請の可否")),
    Column("exclusion_rule", "対象外のルール", False, ("対象外区分", "対象外の区分"), "ルールの記号か名前"),
    Column("excluded_reason", "対象外の理由", False, ("対象外理由", "対象外とする理由")),
    Column("contact", "問合せ先", False, ("問い合わせ先", "連絡先", "電話番号", "電話", "内線")),
    Column("retention_class", "文書分類", False, ("分類記号", "簿冊分類", "保存分類")),
    Column("privacy_purpose", "個人情報の利用目的", False, ("利用目的",)),
    Column("identity_check", "オンラインの本人確認", False, ()),
    Column("matter_code", "決裁事項", False, ("専決区分", "決裁区分")),
    Column("life_events", "できごと", False, ("ライフイベント", "イベント")),
    Column("ja.name", "案内文の名前", False, ()),
    Column("ja.what_for", "案内文", False, ("制度の概要", "手続の概要", "手続内容", "概要", "内容"), "何のための手続か"),
    Column("ja.who_may", "できる人", False, ("対象者", "申請者", "申請できる人")),
    Column("ja-easy.name", "やさしい日本語の名前", False, ()),
    Column("ja-easy.what_for", "やさしい日本語の案内文", False, ()),
    Column("en.name", "英語の名前", False, ("English name",)),
    Column("en.what_for", "英語の案内文", False, ("English description",)),
    Column("note", "備考", False, ("備考欄", "メモ", "特記事項")),
    Column(
        "form_from",
        "様式のもと",
        False,
        ("様式の元", "様式ファイル", "様式ファイル名", "様式のもとになるもの"),
        "ひな形、部品：名前、手続：名前か台帳ID、下書き：変換した様式のファイル名。様式のない手続に下書きを作ります",
    ),
    Column("stage", "段階", False, (), "書き出した表を読みもどすための列。段階は「操作」で変えます"),
    Column("survey_id", "手続ID", False, ("調査の手続ID",), "国の棚卸調査の番号"),
    Column("id", "台帳ID", False, (), "書き出した表を読みもどすための列"),
    Column("act", "操作", False, (), "公開・停止・対象外・対象に戻す"),
)  # fmt: skip
"""Every column that is understood, in the order of the table that goes out."""

LABELS = {column.key: column.label for column in COLUMNS}
KEYS = tuple(LABELS)
TEXT_KEYS = tuple(key for key in KEYS if "." in key)
"""Columns of the texts residents read: language and name, joined by a dot."""

ACTS = {
    "open": ("公開", "公開する", "開始", "オンライン公開"),
    "close": ("停止", "公開を止める", "公開停止", "休止"),
    "exclude": ("対象外", "対象外にする", "除外"),
    "include": ("対象に戻す", "対象", "戻す"),
}
"""What the column 操作 may say, the label first."""
