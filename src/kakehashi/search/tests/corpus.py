"""A small in-memory index and corpus for judging the quality of the ranking without a database."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from kakehashi.search.domain.analysis import IndexedText, analyse
from kakehashi.search.domain.bm25 import term_score
from kakehashi.search.domain.query import Query, QueryTerm, parse_query

TEXTS = {
    "tennyu": ("転入届", "ほかの市区町村からの引越しの届出です。引っ越した日から14日以内に届け出てください。"),
    "tentaiten": ("転出届・転居届", "引っ越しをする方の手続。転出証明書を交付します。"),
    "suido": ("水道使用開始届", "引越のとき、水道の使用を始める、または止めるための届出です。"),
    "tokyo": ("東京都の補助金の案内", "東京都が行う移住支援の補助金です。"),
    "kyoto": ("京都との友好都市事業", "京都の団体との交流事業に参加する方を募集します。"),
    "jidou": ("児童手当認定請求", "児童手当を受け取るための請求です。出生の日の翌日から15日以内。"),
    "kosodate": ("子育て支援センターの利用申込み", "子育ての相談と一時預かり。"),
    "risai": ("罹災証明書の発行申請", "地震や台風などで住家に被害を受けた方に証明書を交付します。"),
    "gomi": ("粗大ごみの収集申込み", "粗大ごみの戸別収集を申し込む手続です。"),
    "inu": ("犬の登録申請・死亡届", "飼い犬の登録と狂犬病予防注射の届出。"),
    "mynumber": ("マイナンバーカードの交付申請", "マイナンバーカードを受け取る予約ができます。"),
    "server": ("庁内サーバー更新の相談", "古いサーバーの保守期限が切れる。"),
    "paper": ("紙の申請書の転記をやめた", "紙の申請書をExcelへ転記する作業を廃止し、入力は1回だけにした。"),
    "kouen": ("公園の使用許可申請", "公園を使って催しを行う方の手続です。"),
    "kouenkai": ("講演会の参加申込み", "人権に関する講演の参加者を募集します。"),
}


@dataclass
class Corpus:
    """The corpus indexed; `find` ranks exactly as `search.selectors` does, in Python."""

    documents: dict[str, IndexedText]

    def find(self, text: str) -> list[str]:
        """Return the keys of the documents found, best first."""
        return [key for _, key in self.scores(text)]

    def scores(self, text: str) -> list[tuple[float, str]]:
        """Return the scores with the keys, best first."""
        query = parse_query(text)
        return self._ranked(query, query.by_word) or self._ranked(query, query.by_pair)

    def _ranked(self, query: Query, terms: tuple[QueryTerm, ...]) -> list[tuple[float, str]]:
        count = Counter(term for document in self.documents.values() for term in document.terms)
        names = {term.term for term in terms}
        hits = [d.length for d in self.documents.values() for term in names & d.terms.keys()]
        scored = []
        for key, document in self.documents.items():
            scores: dict[int, list[float]] = defaultdict(list)
            for term in terms:
                if weight := document.terms.get(term.term, 0):
                    score = term_score(
                        weight=weight,
                        length=document.length,
                        average_length=sum(hits) / len(hits),
                        documents=len(self.documents),
                        documents_with_term=count[term.term],
                    )
                    scores[term.concept].append(term.factor * score)
            allowed = query.required <= document.terms.keys() and not query.excluded & document.terms.keys()
            if scores and allowed:
                best = sum(sum(found) if concept < 0 else max(found) for concept, found in scores.items())
                scored.append((best * len(scores) / max(len(query.concepts), 1), key))
        return sorted(scored, reverse=True)


def corpus() -> Corpus:
    """Return the fifteen texts above, indexed."""
    return Corpus({key: analyse(title, {"body": body}) for key, (title, body) in TEXTS.items()})
