"""`kakehashi eval-search`: reading, reporting; the ranking itself is measured by `make eval-search`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kakehashi.site.cli import eval_search


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    texts = {
        "corpus": '{"id": 1, "title": "転入届"}\n\n{"id": 2, "title": "転出届", "body": "引っ越し"}\n',
        "queries": '\ufeff{"id": "q", "text": "転出"}\n',
        "qrels": '{"query_id": "q", "doc_id": 2, "grade": 3}\n{"query_id": "q", "doc_id": 5, "grade": 3}\n',
    }
    options = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        options += [f"--{name}", str(tmp_path / name)]
    return options


def test_scores_as_json_and_as_text(files: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eval_search, "_rankings", lambda given, *rest: ({"q": ["1", "2"]}, {"question_ms_p95": 1.0}))
    result = CliRunner().invoke(eval_search.command, [*files, "--json", "--baseline", "bm25"])
    found = json.loads(result.stdout)
    assert (found["mrr"], found["recall_at_10"], found["bm25"]["mrr"]) == (0.5, 1.0, 1.0)
    assert found["remarks"] == ["qrels: unknown doc_id, left out: 1"]
    assert "Recall@10\t1.0000" in CliRunner().invoke(eval_search.command, files).stdout


def test_a_line_that_is_not_json_is_named(files: list[str]) -> None:
    with Path(files[1]).open("a") as file:
        file.write("{oops\n")
    result = CliRunner().invoke(eval_search.command, files)
    assert result.exit_code == 1
    assert "4 行目" in result.output
