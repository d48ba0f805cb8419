"""`kakehashi eval-search`."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from kakehashi.site.cli.console import django_and_database, fail, progress

if TYPE_CHECKING:
    from kakehashi.search.domain.evaluation import EvaluationSet, Scores

KIND = "site.evaluation"
DEPTH = 100
# Bars go beside the results, so that the results can be piped.
_quiet = Console(stderr=True, highlight=False)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NAMES = {
    "ndcg_at_10": "nDCG@10",
    "mrr": "MRR",
    "sr_at_1": "SR@1",
    "sr_at_5": "SR@5",
    "recall_at_10": "Recall@10",
}


@click.command("eval-search")
@click.option("--corpus", type=_FILE, required=True, help='文書 / Documents: {"id","title","body"} の JSONL')
@click.option("--queries", type=_FILE, required=True, help='質問 / Questions: {"id","text"} の JSONL')
@click.option("--qrels", type=_FILE, required=True, help='判定 / Judgements: {"query_id","doc_id","grade"} の JSONL')
@click.option("--baseline", type=click.Choice(["bm25"]), help="比べる相手も測る / Measure a plain BM25 as well")
@click.option("--embeddings", help="意味で探すモデル / A model: http://host/v1 (OpenAI-compatible) or module:function")
@click.option("--embeddings-model", default="", help="モデルの名前 / Name of the model")
@click.option("--embeddings-key", default="", help="鍵 / Key sent with each request")
@click.option("--embeddings-prefixes", default="", help="質問|文書 の前に置く文字 / Prefixes, as 'query: |passage: '")
@click.option("--json", "as_json", is_flag=True, help="JSON で表示する / Print JSON")
@click.option("--run", "run_path", type=click.Path(path_type=Path), help="順位を JSONL に書く / Write the rankings")
def command(
    corpus: Path,
    queries: Path,
    qrels: Path,
    baseline: str | None,
    as_json: bool,
    run_path: Path | None,
    **embeddings: str | None,
) -> None:
    """検索の質を測る：渡した文書を製品と同じ索引に入れ、質問で引き、判定と比べる。

    Measure the search: index the documents as the product does, ask every question, compare with the judgements. Runs in
    a temporary database of its own; nothing of this installation is touched.
    """
    from kakehashi.search.domain.evaluation import evaluation_set, mean_scores

    given = evaluation_set(_records(corpus), _records(queries), _records(qrels))
    if not given.corpus or not given.questions:
        fail("文書か質問が 1 件もありません。", "There is no document or no question.")
    with _temporary_home(embeddings):
        rankings, speed = _rankings(given)
    if run_path:
        with run_path.open("w", encoding="utf-8") as file:
            for question, ranked in rankings.items():
                file.write(json.dumps({"query_id": question, "doc_ids": ranked}, ensure_ascii=False) + "\n")
    scores = {"kakehashi": mean_scores(rankings, given.judgements)}
    if baseline:
        scores["bm25"] = mean_scores(_plain_rankings(given), given.judgements)
    _show(given, scores, speed, as_json=as_json)


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                fail(f"{path} の {number} 行目が JSON ではありません。", f"{path}, line {number}: not JSON.")
            if isinstance(row, dict):
                yield row


@contextmanager
def _temporary_home(embeddings: dict[str, str | None]) -> Iterator[None]:
    """Point the settings at an empty folder with an embedded database of its own, and remove it afterwards.

    `embeddings` gives the settings of the model by the names of the options; an empty one is switched off.
    """
    home = Path(tempfile.mkdtemp(prefix="kakehashi-eval-"))
    # The database runs as another user where this one is root: it must be able to walk through.
    home.chmod(0o755)
    wanted = {f"KAKEHASHI_{name.upper()}": value or "" for name, value in embeddings.items()}
    wanted |= {"DATABASE_URL": "", "DATABASE_ADMIN_URL": "", "KAKEHASHI_HOME": str(home)}
    kept = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        shutil.rmtree(home, ignore_errors=True)


def _rankings(given: EvaluationSet) -> tuple[dict[str, list[str]], dict[str, float]]:
    """Index and ask; return the rankings, and documents per second with the median and p95 of a question in ms."""
    with django_and_database("none"):
        from kakehashi.kernel.ids import uuid7
        from kakehashi.search.hooks import SearchKind, register_kind
        from kakehashi.site.cli.migrate import migrate

        migrate(verbosity=0)
        register_kind(KIND, SearchKind("評価", lambda object_id: f"/{object_id}/"))
        town = uuid7()
        names = {uuid7(): key for key in given.corpus}
        started = time.perf_counter()
        _index(town, given, {key: object_id for object_id, key in names.items()})
        per_second = len(given.corpus) / (time.perf_counter() - started)
        rankings, times = _ask(town, given, {str(object_id): key for object_id, key in names.items()})
    times.sort()
    return rankings, {
        "documents_per_second": round(per_second, 1),
        "question_ms_median": round(times[len(times) // 2], 1),
        "question_ms_p95": round(times[int(len(times) * 0.95)], 1),
    }


def _index(town: Any, given: EvaluationSet, ids: dict[str, Any]) -> None:
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.search.domain.embedding import embedder
    from kakehashi.search.services import embed_pending, index_pending, index_texts

    with tenant_scope(town):
        rows = [(ids[key], title, {"body": body}, True) for key, (title, body) in given.corpus.items()]
        index_texts(government_id=town, kind=KIND, rows=rows)
    with progress(to=_quiet) as bars:
        bar = bars.add_task("索引 / Index", total=len(given.corpus))
        while True:
            with tenant_scope(town):
                done = index_pending()
            if not done:
                break
            bars.advance(bar, done)
        bar = bars.add_task("ベクトル / Vectors", total=len(given.corpus), visible=embedder() is not None)
        while True:
            with tenant_scope(town):
                done = embed_pending()
            if not done:
                break
            bars.advance(bar, done)


def _ask(town: Any, given: EvaluationSet, names: dict[str, str]) -> tuple[dict[str, list[str]], list[float]]:
    from kakehashi.kernel.actor import system_actor
    from kakehashi.kernel.tenancy import tenant_scope
    from kakehashi.search.selectors import search_texts

    actor = system_actor(town)
    rankings: dict[str, list[str]] = {}
    times: list[float] = []
    with tenant_scope(town), progress(to=_quiet) as bars:
        bar = bars.add_task("質問 / Ask", total=len(given.questions))
        for question, text in given.questions.items():
            started = time.perf_counter()
            hits = search_texts(actor=actor, query=text, kinds=[KIND], limit=DEPTH)
            times.append((time.perf_counter() - started) * 1000)
            rankings[question] = [names[str(hit.object_id)] for hit in hits]
            bars.advance(bar)
    return rankings, times


def _plain_rankings(given: EvaluationSet) -> dict[str, list[str]]:
    from kakehashi.search.domain.evaluation import PlainBM25
    from kakehashi.search.domain.tokens import tokenise

    def words(text: str) -> list[str]:
        return [token.normalised.casefold() for token in tokenise(text)]

    plain = PlainBM25({key: f"{title}\n{body}" for key, (title, body) in given.corpus.items()}, words)
    return {question: plain.rank(text, DEPTH) for question, text in given.questions.items()}


def _show(given: EvaluationSet, scores: dict[str, Scores], speed: dict[str, float], *, as_json: bool) -> None:
    if as_json:
        found = {name: each.as_dict() for name, each in scores.items()}
        size = {"documents": len(given.corpus), "questions": len(given.questions)}
        print(
            json.dumps({**found["kakehashi"], **size, **found, **speed, "remarks": given.remarks}, ensure_ascii=False)
        )
        return
    print(f"文書 / documents {len(given.corpus)}, 質問 / questions {scores['kakehashi'].questions}")
    print("\t".join(["", *scores]))
    for name, label in _NAMES.items():
        print("\t".join([label, *(f"{getattr(each, name):.4f}" for each in scores.values())]))
    for name, value in speed.items():
        print(f"{name}\t{value}")
    for remark in given.remarks:
        print(f"注意 / note\t{remark}")
