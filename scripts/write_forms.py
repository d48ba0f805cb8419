"""Write the labelled set of self-made municipal forms (.docx, .xlsx, .pdf with truths) into a folder, for score-forms.

python scripts/write_forms.py FOLDER && kakehashi score-forms FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))


def main(folder: Path) -> None:
    """Every layout in every format, with its truth beside it."""
    from kakehashi.eforms.tests.papers.layouts import DEVELOPMENT
    from kakehashi.eforms.tests.papers.sheets import names, page_of, source_of, write_docx, write_xlsx
    from kakehashi.eforms.tests.papers.truths import truth_of
    from kakehashi.eforms.tests.papers.unseen import UNSEEN
    from kakehashi.eforms.tests.papers.unseen_eighth import EIGHTH
    from kakehashi.eforms.tests.papers.unseen_fifth import FIFTH
    from kakehashi.eforms.tests.papers.unseen_fourth import FOURTH
    from kakehashi.eforms.tests.papers.unseen_nineteenth import NINETEENTH
    from kakehashi.eforms.tests.papers.unseen_nineteenth_more import NINETEENTH_MORE
    from kakehashi.eforms.tests.papers.unseen_ninth import NINTH
    from kakehashi.eforms.tests.papers.unseen_second import SECOND
    from kakehashi.eforms.tests.papers.unseen_seventh import SEVENTH
    from kakehashi.eforms.tests.papers.unseen_sixth import SIXTH
    from kakehashi.eforms.tests.papers.unseen_tenth import TENTH
    from kakehashi.eforms.tests.papers.unseen_third import THIRD
    from kakehashi.eforms.tests.papers.writers import WRITERS

    folder.mkdir(parents=True, exist_ok=True)
    sets = {
        "": DEVELOPMENT | UNSEEN | SECOND,
        "third_": THIRD,
        "fourth_": FOURTH,
        "fifth_": FIFTH,
        "sixth_": SIXTH,
        "seventh_": SEVENTH,
        "eighth_": EIGHTH,
        "ninth_": NINTH,
        "tenth_": TENTH,
        "nineteenth_": NINETEENTH | NINETEENTH_MORE,
    }
    layouts = {f"{begins}{name}": one for begins, layouts in sets.items() for name, one in layouts.items()}
    for name, (blocks, truth) in layouts.items():
        for ending, write in WRITERS.items():
            (folder / f"{name}.{ending}").write_bytes(write(blocks))
        (folder / f"{name}.truth.json").write_text(
            json.dumps(truth_of(truth), ensure_ascii=False, indent=1), encoding="utf-8"
        )
    for name in names():
        (folder / f"sheet_{name}.docx").write_bytes(write_docx(name))
        (folder / f"sheet_{name}.xlsx").write_bytes(write_xlsx(name))
        (folder / f"sheet_{name}.html").write_text(page_of(name), encoding="utf-8")
        (folder / f"sheet_{name}.truth.json").write_text(
            json.dumps(truth_of(source_of(name)[1]), ensure_ascii=False, indent=1), encoding="utf-8"
        )
    print(f"{folder}: {len(layouts)} forms in {len(WRITERS)} formats")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
