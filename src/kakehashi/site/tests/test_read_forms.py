import json

from click.testing import CliRunner

from kakehashi.eforms.tests.papers.layouts import DEVELOPMENT
from kakehashi.eforms.tests.papers.truths import truth_of
from kakehashi.eforms.tests.papers.writers import WRITERS
from kakehashi.site.cli import main


def test_the_commands_print_and_score(tmp_path):
    blocks, truth = DEVELOPMENT["koza"]
    (tmp_path / "koza.docx").write_bytes(WRITERS["docx"](blocks))
    (tmp_path / "koza.truth.json").write_text(json.dumps(truth_of(truth)), encoding="utf-8")
    read = CliRunner().invoke(main, ["read-form", str(tmp_path), "--json"])
    fields = json.loads(read.output)["fields"]
    assert {"label", "type", "required", "confidence", "source"} <= fields[0].keys()
    scored = CliRunner().invoke(main, ["score-forms", str(tmp_path)])
    assert "found 100.0%" in scored.output
