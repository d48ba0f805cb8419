"""The twelve tables of a rule pack: their sheets, their columns, and what names one of their rows."""

from __future__ import annotations

from dataclasses import dataclass

from kakehashi.approvals.domain.packs.columns import Column, Kind, Row

LOW_WORDS = {"ge": "以上", "gt": "を超える"}
HIGH_WORDS = {"le": "以下", "lt": "未満"}
SCHOOLS = {"opinion": "意見を聴く", "consent": "同意を要する"}
TITLE_KINDS = {"head": "首長", "title": "職の名", "post": "特定の職"}
RESETS = {"fiscal": "会計年度", "calendar": "暦年", "era_year": "元号の年", "session": "会期", "never": "通し番号"}
SERIES = {
    "proposal": "起案番号",
    "document": "文書番号",
    "receipt": "収受番号",
    "ordinance": "条例",
    "rule": "規則",
    "notice": "告示",
    "instruction": "訓令",
    "bill": "議案",
}
PERIOD_KINDS = {"years": "年", "under_one_year": "1年未満", "permanent": "永年", "in_continuous_use": "常用"}
ANCHORS = {"created": "作成・取得", "completed": "完結", "event": "事由の発生"}
DISPOSITIONS = {"destroy": "廃棄", "transfer": "移管", "undecided": "未定"}
STAGE_SCOPES = {"all": "すべて", "destroy": "廃棄", "transfer": "移管", "extend": "延長"}
REGULATIONS = {"decision": "決裁の規程", "records": "文書の規程"}


@dataclass(frozen=True)
class Part:
    """A table: `key` in code, `label` on the sheet's tab. `naming` are the columns that name a row."""

    key: str
    label: str
    noun: str
    help: str
    columns: tuple[Column, ...]
    naming: tuple[str, ...]

    def column(self, key: str) -> Column:
        """The column of that key."""
        return next(column for column in self.columns if column.key == key)

    def name_of(self, row: Row) -> tuple[str, ...]:
        """What tells a row from its neighbours."""
        return tuple("、".join(value) if isinstance(value := row.get(key), list) else str(value) for key in self.naming)

    def title_of(self, row: Row) -> str:
        """The row's name in a sentence."""
        words = [str(self.column(key).write(row.get(key)) or "") for key in self.naming]
        return "・".join(word for word in words if word) or "（名のない行）"

    def empty_row(self) -> Row:
        """A row nobody has filled."""
        return {column.key: column.empty for column in self.columns}


_CLAUSE = Column("clause", "条項", required=True, help="例：別表第1 総務の部 第3項")
_LOW = Column("low", "金額の下限", Kind.MONEY, help="円。下限がないときは空のままにします。")
_LOW_WORD = Column("low_word", "下限の語", Kind.CHOICE, choices={"": ""} | LOW_WORDS)
_HIGH = Column("high", "金額の上限", Kind.MONEY, help="円。上限がないときは空のままにします。")
_HIGH_WORD = Column("high_word", "上限の語", Kind.CHOICE, choices={"": ""} | HIGH_WORDS)
_MATTER = Column("matter", "決裁事項の記号", required=True)
_DEPARTMENTS = Column(
    "departments",
    "課",
    Kind.LIST,
    help="この課だけの特例のとき、課の名か符号を「、」で並べます。空ならすべての課です。",
)

PARTS: tuple[Part, ...] = (
    Part(
        "settings", "基本", "基本の定め", "規程の名と、全体にかかる定めです。",
        (
            Column("key", "項目の記号", required=True),
            Column("name", "項目"),
            Column("value", "定め", Kind.LONG),
            Column("clause", "条項"),
        ),
        ("key",),
    ),
    Part(
        "titles", "決裁の職", "決裁の職", "専決の表が呼ぶ職の名と、組織のどの職を指すかです。",
        (
            Column("name", "職の名", required=True),
            Column("kind", "指し方", Kind.CHOICE, required=True, choices=TITLE_KINDS),
            Column("posts", "当たる職", Kind.LIST, help="「職の名」は末尾の一致（課長 → 総務課長）、「特定の職」は名の一致で探します。"),
            Column("rank", "上下の順", Kind.WHOLE, required=True, help="小さいほど上の職です。"),
            Column("clause", "条項"),
        ),
        ("name",),
    ),
    Part(
        "matters", "決裁事項", "決裁事項", "何を決裁するかの一覧です。分類は、決裁後に文書をしまう先です。",
        (
            Column("code", "記号", required=True),
            Column("group", "部", help="例：共通、総務、財務"),
            Column("name", "決裁事項", required=True),
            Column("class_code", "分類の記号", required=True),
            Column("notice_title", "通知の題名", help="外へ通知を出さない事項は空のままにします。"),
            Column("batch", "一括決裁", Kind.FLAG, help="軽易で定型のものだけ、まとめて決裁できます。"),
        ),
        ("code",),
    ),
    Part(
        "rules", "専決", "専決の定め", "どの事項を、いくらまで、だれが決裁するかです。首長の決裁も1行に書きます。",
        (
            _MATTER,
            _DEPARTMENTS,
            Column("decider", "決裁する職", required=True),
            _LOW, _LOW_WORD, _HIGH, _HIGH_WORD,
            Column("restricted", "代決の制限", Kind.FLAG, help="代決してはならない事項に○を付けます。"),
            Column("self_decision", "自己決裁", Kind.FLAG, help="起案者が自ら決裁してよい軽易な事項に○を付けます。"),
            _CLAUSE,
            Column("text", "条文", Kind.LONG, help="表に書かれているとおりの文です。"),
        ),
        ("matter", "departments", "decider"),
    ),
    Part(
        "consults", "合議", "合議の定め", "決裁の前に、ほかの課へ合議する事項です。",
        (
            _MATTER,
            Column("post", "合議する職", required=True, help="例：財政課長"),
            _LOW, _LOW_WORD, _HIGH, _HIGH_WORD,
            Column("school", "合議の性質", Kind.CHOICE, choices={"": ""} | SCHOOLS, help="空なら、基本の定めによります。"),
            Column("after", "先に合議する職", Kind.LIST, help="この職の合議が済んでから回すとき、職を並べます。空なら並行です。"),
            _CLAUSE,
        ),
        ("matter", "post"),
    ),
    Part(
        "deputies", "代決", "代決の順序", "不在のときに代わって決裁する職を、順に並べます。",
        (
            Column("post", "不在の職", required=True),
            Column("order", "順位", Kind.WHOLE, required=True),
            Column("deputy", "代決する職", required=True),
            Column("except_matters", "代決できない事項", Kind.LIST, help="決裁事項の記号を「、」で並べます。"),
            Column("condition", "条件", help="例：急を要するものに限る。"),
            _CLAUSE,
        ),
        ("post", "deputy"),
    ),
    Part(
        "numbering", "番号", "番号の列", "起案番号・収受番号・文書番号などの列です。",
        (
            Column("kind", "番号の種類", Kind.CHOICE, required=True, choices=SERIES),
            _DEPARTMENTS,
            Column("symbol", "記号", required=True, help="「{課}」は課の文書記号に置きかわります。例：ひ{課}"),
            Column("reset", "始まりの区切り", Kind.CHOICE, required=True, choices=RESETS),
            _CLAUSE,
        ),
        ("kind", "departments"),
    ),
    Part(
        "retention", "保存期間", "保存期間の区分", "文書の種類ごとの保存期間、数え始める日、満了後の措置です。",
        (
            Column("code", "区分", required=True, help="例：第1種"),
            Column("period_kind", "保存期間の種類", Kind.CHOICE, required=True, choices=PERIOD_KINDS),
            Column("years", "年数", Kind.WHOLE),
            Column("anchor", "起算の基準", Kind.CHOICE, required=True, choices=ANCHORS),
            Column("disposition", "満了後の措置", Kind.CHOICE, required=True, choices=DISPOSITIONS),
            _CLAUSE,
            Column("text", "当たる文書", Kind.LONG),
        ),
        ("code",),
    ),
    Part(
        "classes", "分類", "分類", "大分類・中分類・小分類と標準ファイルです。記号は1行に一つです。",
        (
            Column("code", "記号", required=True),
            Column("large", "大分類", required=True),
            Column("middle", "中分類", required=True),
            Column("small", "小分類", required=True),
            Column("file", "標準ファイルの名", required=True),
            Column("retention", "保存期間の区分", required=True),
            Column("period", "保存期間", required=True, help="例：5年、1年未満、永年、常用"),
            Column("disposition", "満了後の措置", Kind.CHOICE, choices={"": ""} | DISPOSITIONS, help="空なら、区分の措置によります。"),
            _CLAUSE,
        ),
        ("code",),
    ),
    Part(
        "stages", "廃棄の段階", "廃棄の段階", "保存期間が満了したファイルを、だれがどの順に確かめるかです。",
        (
            Column("order", "順", Kind.WHOLE, required=True),
            Column("scope", "措置", Kind.CHOICE, required=True, choices=STAGE_SCOPES),
            Column("name", "段階", required=True),
            Column("post", "確かめる職", required=True),
            _CLAUSE,
        ),
        ("scope", "order"),
    ),
    Part(
        "labels", "呼び名", "呼び名", "この団体での呼び方です。画面と帳票に出ます。",
        (
            Column("word", "記号", required=True),
            Column("label", "呼び名", required=True),
            Column("note", "備考"),
        ),
        ("word",),
    ),
    Part(
        "articles", "条文", "条文", "規程の条文です。その日の条文として、決裁や保存の根拠に示します。",
        (
            Column("regulation", "規程", Kind.CHOICE, required=True, choices=REGULATIONS),
            Column("number", "条", required=True, help="例：第3条"),
            Column("heading", "見出し"),
            Column("text", "本文", Kind.LONG, required=True),
        ),
        ("regulation", "number"),
    ),
)  # fmt: skip

BY_KEY = {part.key: part for part in PARTS}
BY_LABEL = {part.label: part for part in PARTS}
