"""A small in-memory index and corpus for judging the quality of the ranking without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from kakehashi.search.domain.analysis import analyse
from kakehashi.search.domain.query import parse_query
from kakehashi.search.domain.ranking import Collection, Occurrences, Settings, find
from kakehashi.search.domain.thesaurus import Group, thesaurus

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


class Corpus:
    """The corpus indexed; `find` ranks with the same code as `search.selectors`, without a database."""

    def __init__(self, documents: Mapping[str, tuple[str, str]], own: tuple[Group, ...] = ()) -> None:
        self.keys = list(documents)
        self._titles = [title for title, _ in documents.values()]
        self._thesaurus = thesaurus(own)
        postings: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        indexed = [analyse(title, {"body": body}) for title, body in documents.values()]
        for position, document in enumerate(indexed):
            for term, (title, body) in document.terms.items():
                postings[term].append((position, title, body))
        self._postings = {term: _occurrences(found) for term, found in postings.items()}
        self._collection = Collection(
            np.ones(len(indexed), dtype=bool),
            np.array([each.title_length for each in indexed], dtype=np.float32),
            np.array([each.body_length for each in indexed], dtype=np.float32),
        )

    def find(self, text: str, limit: int = 20) -> list[str]:
        """Return the keys of the documents found, best first."""
        return [key for _, key in self.scores(text, limit)]

    def scores(self, text: str, limit: int = 20, settings: Settings | None = None) -> list[tuple[float, str]]:
        """Return the scores with the keys, best first."""
        query = parse_query(text, self._thesaurus)
        found = find(query, self._collection, self._look_up, self._titles_of, limit, settings=settings)
        return [(each.score, self.keys[each.position]) for each in found]

    def _look_up(self, terms: Iterable[str]) -> dict[str, Occurrences]:
        return {term: self._postings[term] for term in terms if term in self._postings}

    def _titles_of(self, positions: list[int]) -> dict[int, str]:
        return {position: self._titles[position] for position in positions}


def _occurrences(found: list[tuple[int, int, int]]) -> Occurrences:
    table = np.array(found, dtype=np.int64)
    return Occurrences(table[:, 0], table[:, 1], table[:, 2])


def corpus() -> Corpus:
    """Return the fifteen texts above, indexed."""
    return Corpus(TEXTS)
