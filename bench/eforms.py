"""How long the server thinks about answers: `python bench/eforms.py`. Needs no database; CPU time, not wall time.

With `--post`: what the web spends on the whole last POST (server's handler, middleware, judging, rows, COMMIT) of the long form
with and without calculations, and of the twenty fields of `make bench`, each in a town and a database of its own.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.site.settings_test")
LIMIT_MS = 1.0
POST_LIMIT_MS = 10.0
TURNS, EACH = 10, 50


def milliseconds(work, times=2_000):
    work()
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times * 1_000


def twenty_fields():
    """Every kind of question once, and lines of text up to twenty."""
    from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
    from kakehashi.eforms.testing import EVERY_FIELD, GOOD_POST

    extra = tuple(Field(f"line_{at}", "text", f"質問{at}", required=True) for at in range(20 - len(EVERY_FIELD) + 1))
    post = dict(GOOD_POST) | {one.key: "ひばり町のさくら公園の東側" for one in extra}
    return FormDefinition(steps=(Step("page_1", "申請の内容", EVERY_FIELD + extra),)), post


def hundred_fields():
    from kakehashi.eforms.domain.definition import FormDefinition, Step
    from kakehashi.eforms.domain.edits import add_field

    made = FormDefinition(steps=(Step("page_1", "頁"),), next_number=2)
    for _ in range(100):
        made, _ = add_field(made, "page_1", "choice")
    return made


def sixty_fields():
    """Sixty questions, every third only shown for an answer given before, and a table with ten rows of five columns."""
    from kakehashi.eforms.domain.conditions import Condition
    from kakehashi.eforms.domain.definition import Field, FormDefinition, Option, Step

    yes_no = (Option("yes", "はい"), Option("no", "いいえ"))
    shown = Condition("equals", "choice_0", "yes")
    fields = []
    for at in range(0, 57, 3):
        fields += [
            Field(f"choice_{at}", "choice", "選択", required=True, options=yes_no),
            Field(f"text_{at}", "text", "説明", required=True),
            Field(f"number_{at}", "number", "数", required=True, condition=shown),
        ]
    columns = tuple(Field(f"column_{at}", "text", f"列{at}", required=True) for at in range(5))
    fields += [
        Field("mail", "email", "メール"),
        Field("phone", "phone", "電話"),
        Field("rows", "table", "内訳", columns=columns),
    ]
    answers = {one.key: "yes" for one in fields if one.type == "choice"}
    answers |= {one.key: "玄関の手すりを取り付けます。" for one in fields if one.type == "text"}
    answers |= {one.key: 12 for one in fields if one.type == "number"}
    answers |= {"mail": "megumi@example.jp", "phone": "090-1234-5678"}
    answers["rows"] = [{one.key: "手すり一式" for one in columns} for _ in range(10)]
    assert len(fields) == 60
    return FormDefinition(steps=(Step("page_1", "申請の内容", tuple(fields)),)), answers


def with_sums(definition, answers):
    """Ten questions more that add up half of every number."""
    from kakehashi.eforms.domain.definition import Field, FormDefinition, Step

    numbers = [field.key for _, field in definition.walk() if field.type == "number"]
    terms = [{"source": {"kind": "answer", "field": key}, "denominator": 2} for key in numbers][:12]
    sums = [Field(f"sum_{at}", "calc", "合計", settings={"formula": {"terms": terms}}) for at in range(10)]
    fields = (*definition.steps[0].fields, *sums)
    return FormDefinition(steps=(Step("page_1", "申請の内容", fields),)), answers


def measure():
    from kakehashi.eforms.domain.catalogue import Context, PlainRaw
    from kakehashi.eforms.domain.compiled import compile_form
    from kakehashi.eforms.domain.definition import from_json, to_json
    from kakehashi.eforms.domain.validation import check_all, check_step

    context = Context(date(2026, 11, 21))
    definition, post = twenty_fields()
    hundred = hundred_fields()
    form = compile_form(definition)
    step = form.definition.steps[0]
    answers = check_step(form, step, PlainRaw(post), context).values
    assert not check_all(form, answers, context).problems
    whole = milliseconds(lambda: check_all(form, answers, context))
    yield "judge a whole application of 20 fields", whole
    long, answers_60 = sixty_fields()
    form_60 = compile_form(long)
    assert not (found := check_all(form_60, answers_60, context)).problems, found.problems
    assert len(found.values) == 60
    yield (
        "judge a whole application of 60 fields, 19 of them conditional, a table of 10 × 5 (goal 10 ms)",
        milliseconds(lambda: check_all(form_60, answers_60, context), 300),
    )
    sums, answers_sums = with_sums(long, answers_60)
    form_sums = compile_form(sums)
    assert check_all(form_sums, answers_sums, context).values["sum_0"] == 72
    yield (
        "the same with ten calculations over twelve answers each (goal 10 ms)",
        milliseconds(lambda: check_all(form_sums, answers_sums, context), 300),
    )
    yield "judge one posted step of 20 fields", milliseconds(lambda: check_step(form, step, PlainRaw(post), context))
    yield "compile 20 fields (first answer to a version)", milliseconds(lambda: compile_form(definition), 50)
    yield "compile 100 fields", milliseconds(lambda: compile_form(hundred), 20)
    yield "write and read a draft of 100 fields", milliseconds(lambda: from_json(to_json(hundred)), 50)
    yield (
        "everything a save of 100 fields thinks: read, write, check, compile, compare (goal 1,000 ms with the database)",
        milliseconds(lambda: save_of(hundred), 10),
    )


def save_of(definition):
    """What the editor does around the database when one property of a long form is saved."""
    from kakehashi.eforms.domain.changes import describe_changes
    from kakehashi.eforms.domain.checks import check_definition, my_number_problems
    from kakehashi.eforms.domain.compiled import compile_form
    from kakehashi.eforms.domain.definition import from_json, to_json

    kept = from_json(to_json(definition))
    compile_form(kept)
    my_number_problems(kept)
    check_definition(kept)
    describe_changes(definition, kept)


def forms_to_post():
    """The forms that `--post` hands in: definition and kept answers, both None for the twenty fields of `town`."""
    long, answers = sixty_fields()
    return {
        "20 fields": (None, None),
        "60 fields, 19 conditional, a table of 10 × 5": (long, answers),
        "the same with ten calculations": with_sums(long, answers),
    }


def post_one(name: str) -> None:
    """Hand in this form again and again through the product's handler; one median a line of standard output."""
    import town

    from kakehashi.site.cli.console import django_and_database

    with town.folder("bench-eforms") as home, (home / "log").open("w", buffering=1) as log:
        os.environ.update(KAKEHASHI_HOME=str(home), DJANGO_SETTINGS_MODULE="kakehashi.site.settings")
        sys.stderr = log
        try:
            with django_and_database("none"):
                spent = costs_of_posts(name)
        finally:
            sys.stderr = sys.__stderr__
    print(f"{statistics.median(spent):8.3f} ms CPU  {min(spent):.2f}–{max(spent):.2f}  the whole last POST: {name}")
    if statistics.median(spent) > POST_LIMIT_MS:
        raise SystemExit(f"more than {POST_LIMIT_MS:.0f} ms")


def costs_of_posts(name: str) -> list[float]:
    """Milliseconds of the web's processor time for one, for each turn; the first turns warm it up."""
    import overhead
    import town

    from kakehashi.site.cli.migrate import migrate
    from kakehashi.site.wsgi import application

    migrate(verbosity=0)
    definition, answers = forms_to_post()[name]
    town._make_town(definition)
    waiting = overhead.posts(application, town._make_drafts((TURNS + 2) * EACH, answers))
    turns = [[next(waiting) for _ in range(EACH)] for _ in range(TURNS + 2)]
    return [overhead.cost(application, some) for some in turns][2:]


def main() -> int:
    if "--post" in sys.argv[1:]:
        # One process for each form: a database belongs to a process.
        code = "import sys; sys.path.insert(0, sys.argv[1]); import eforms; eforms.post_one(sys.argv[2])"
        folder = str(Path(__file__).resolve().parent)
        return max(
            subprocess.run([sys.executable, "-c", code, folder, one], check=False).returncode for one in forms_to_post()
        )

    import django

    django.setup()
    rows = list(measure())
    for name, spent in rows:
        print(f"{spent:8.3f} ms CPU  {name}")
    slow = rows[0][1] > LIMIT_MS
    print(f"limit for a whole application: {LIMIT_MS} ms — {'EXCEEDED' if slow else 'kept'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
