"""What in a citizen's sentence is politeness and question, not subject.

People write 「〜について教えていただけますでしょうか」 around three words that matter. The frames below are cut before the
words are weighed, and words that stand in every question (方法, 必要, 場合) weigh little.
"""

from __future__ import annotations

import re

from .tokens import Part, Token

_PLEASE = "(?:下さい|ください|くださ|頂けますか|いただけますか|頂けませんか|いただけませんか|頂きたい|いただきたい|貰えますか|もらえますか|もらえませんか|欲しい|ほしい|頂ければ|いただければ)?"
_FRAMES = re.compile(
    "|".join(
        (
            f"(?:を|が|も)?(?:詳しく|くわしく|具体的に)?(?:お教え|教えて|おしえて|ご教示|御教示|聞かせて|お聞かせ|お知らせ){_PLEASE}",
            "(?:を|が|も)?(?:詳しく|くわしく)?(?:知りたい|しりたい|伺いたい|うかがいたい|聞きたい|お聞きし|お尋ねし|お伺いし|お尋ねします|質問です|質問があります|質問させて)",
            "(?:について|に関して|につきまして|に関する|のことで|の件で)",
            "(?:どうすれば|どうしたら|どのようにすれば|どのようにしたら|どうやって|どのように|どうなり|いかが)(?:よろしい|宜しい|よい|良い|いい)?",
            "(?:何を|なにを)(?:すれば|したら)(?:よろしい|宜しい|よい|良い|いい)?",
            "(?:どこ|何処)(?:に|で|へ)?(?:聞けば|きけば|行けば|いけば|言えば|連絡すれば|相談すれば|問い合わせれば|問い合わせたら|聞いたら|頼めば)(?:よろしい|宜しい|よい|良い|いい)?",
            "(?:どんな|どのような|どういう|どういった|どの)(?:こと|もの|手続き?|方法|書類)?が?(?:必要|いり|要り)",
            "(?:すみません|すいません|こんにちは|こんばんは|初めまして|はじめまして|お世話になって(?:おり|い)?ます|お世話になります)",
            "(?:よろしく|宜しく)?(?:お願い|おねがい)(?:します|いたします|致します|したい)",
            "(?:ありがとうございます|お手数ですが|恐れ入りますが|恐縮ですが|可能でしょうか|可能ですか)",
            "(?:と|を)?(?:思って(?:い|おり)?ます|思います|思うのですが|考えて(?:い|おり)?ます)",
        )
    )
)

# Dictionary forms that stand in every question, with what is left of their weight.
_WORTH = {
    **dict.fromkeys(
        ["教える", "知る", "聞く", "尋ねる", "質問", "思う", "考える", "願う", "付く", "就く", "つく", "因る", "於く", "関する", "下さる", "頂く", "宜しい", "良い", "分かる", "困る", "済む", "ところ", "事", "物", "為", "筈", "訳", "つもり", "とき", "時", "際", "どう", "如何", "何故", "いつ", "回", "件", "点", "様", "よう", "風", "的", "等", "など", "御", "とても", "大変", "少し", "もう", "まだ", "また", "是非", "一番", "他", "皆", "人"],
        0.05,
    ),
    **dict.fromkeys(
        ["場合", "必要", "方法", "遣り方", "やり方", "仕方", "方", "手続き", "手順", "流れ", "何処", "今", "現在", "最近", "今度", "来月", "今月", "今年", "来年", "去年", "先日", "今日", "明日", "予定", "自分", "自身", "本人", "詳細", "内容", "情報", "案内", "可能", "行う", "為さる", "行なう", "出来る", "持つ", "違う", "言う", "居る", "成る", "遣る", "入る", "取る", "欲しい", "場所", "市", "町", "村", "区", "市内", "町内", "市役所", "役所", "役場", "町役場", "所", "日", "月", "年", "間", "前", "後", "中", "上", "下", "以上", "以下", "一", "二", "三", "友人", "知人"],
        0.3,
    ),
    **dict.fromkeys(
        ["受ける", "使う", "利用", "連絡", "電話", "相談", "窓口", "書類", "申請", "申し込み", "申し込む", "届け", "届け出", "届け出る", "提出", "確認", "期限", "期間", "時間", "対象", "条件", "資格", "制度", "費用", "料金", "金額", "担当", "希望", "変更", "登録", "紹介", "問い合わせ", "問い合わせる", "支払い", "払う", "貰う", "出す", "家族", "子供", "父", "母", "夫", "妻", "家", "自宅"],
        0.65,
    ),
}  # fmt: skip
_BASE = {
    Part.NOUN: 1.0,
    Part.NAME: 1.0,
    Part.VERB: 0.65,
    Part.ADJECTIVE: 0.6,
    Part.ADVERB: 0.25,
    Part.NUMBER: 0.4,
    Part.SUFFIX: 0.3,
}


def frame_spans(text: str) -> list[tuple[int, int]]:
    """Return where the frames of a question stand, as (start, end)."""
    return [match.span() for match in _FRAMES.finditer(text)]


def without_frames(text: str) -> str:
    """Return the text with every frame replaced by a line break, which also ends phrases; positions are not kept."""
    return _FRAMES.sub("\n", text)


def word_weight(token: Token) -> float:
    """Return how much a word of a question tells, 0 to 1, before its rarity is known: by its part of speech and by use."""
    return _BASE[token.part] * _WORTH.get(token.normalised, 1.0)
