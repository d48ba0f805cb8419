"""Translation catalogues: `python scripts/messages.py [--check] [room …]`.

Msgids are Japanese. Every room keeps `locale/{en,ja_Easy}/LC_MESSAGES/django.po`; this program reads the room's templates and
Python files, adds what is new, drops what is gone and compiles. With --check nothing is written: a missing or fuzzy entry is an error.
No gettext programs are needed.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "kakehashi"
LANGUAGES = ("en", "ja_Easy")
_PYTHON_CALLS = {
    "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "_": 1,
    "pgettext": -1, "pgettext_lazy": -1,
    "ngettext": 2, "ngettext_lazy": 2, "npgettext": -2, "npgettext_lazy": -2,
}  # fmt: skip
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL)
# A form's field and a service's refusal are shown to residents too; staff views are not.
_STAFF_ONLY = ("tests/", "migrations/", "views/staff", "management/", "testing.py")

Key = tuple[str | None, str, str | None]
"""Context, msgid, plural msgid."""


def rooms() -> list[str]:
    """Rooms that have a `locale` folder, or text that asks for one."""
    return sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists())


def wanted(room: str) -> set[Key]:
    """All messages that the room's templates and Python files ask for."""
    folder = PACKAGE / room
    keys: set[Key] = set()
    for path in folder.rglob("*.html"):
        keys |= _of_template(path.read_text())
    for path in folder.rglob("*.txt"):
        if "templates" in path.parts:
            keys |= _of_template(path.read_text())
    for path in folder.rglob("*.py"):
        if not any(part in path.relative_to(folder).as_posix() for part in _STAFF_ONLY):
            keys |= _of_python(path.read_text())
    return keys


def _of_template(source: str) -> set[Key]:
    from django.utils.translation.template import templatize

    keys: set[Key] = set()
    for name, arguments in _TEMPLATE_CALL.findall(templatize(source)):
        texts = [ast.literal_eval(literal) for literal in re.findall(_LITERAL, arguments, re.DOTALL)]
        context = texts.pop(0) if "p" in name.replace("gettext", "") and len(texts) > 1 else None
        keys.add((context, texts[0], texts[1] if name.startswith("n") and len(texts) > 1 else None))
    return keys


def _of_python(source: str) -> set[Key]:
    keys: set[Key] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        shape = _PYTHON_CALLS.get(name)
        texts = [value.value for value in node.args if isinstance(value, ast.Constant) and isinstance(value.value, str)]
        if shape is None or not texts:
            continue
        context = texts.pop(0) if shape < 0 and len(texts) > 1 else None
        keys.add((context, texts[0], texts[1] if abs(shape) == 2 and len(texts) > 1 else None))
    return keys


def catalogue(room: str, language: str) -> polib.POFile:
    """The room's catalogue, empty when there is none."""
    path = _path(room, language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=0)
    file = polib.POFile(wrapwidth=0)
    plural = "nplurals=2; plural=(n != 1);" if language == "en" else "nplurals=1; plural=0;"
    file.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": plural,
    }
    return file


def _path(room: str, language: str) -> Path:
    return PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def _key(entry: polib.POEntry) -> Key:
    return (entry.msgctxt, entry.msgid, entry.msgid_plural or None)


def _complete(entry: polib.POEntry) -> bool:
    return entry.translated() and not entry.fuzzy and not entry.obsolete


def missing(room: str, language: str) -> list[str]:
    """Msgids without a finished translation. A message of the kernel's catalogue serves every room."""
    known = {_key(entry) for source in {room, "kernel"} for entry in catalogue(source, language) if _complete(entry)}
    return sorted(key[1] for key in wanted(room) - known)


def update(room: str) -> None:
    """Bring the room's catalogues up to date and compile them. Django's own (English) msgids are kept."""
    asked = wanted(room)
    for language in LANGUAGES:
        file = catalogue(room, language)
        elsewhere = {_key(entry) for entry in catalogue("kernel", language)} if room != "kernel" else set()
        present = {_key(entry): entry for entry in file}
        for key in sorted(asked - present.keys() - elsewhere, key=lambda each: each[1]):
            file.append(_entry(key, language))
        for key, entry in present.items():
            if key not in asked and not entry.msgid.isascii():
                file.remove(entry)
        if len(file):
            path = _path(room, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            file.save(str(path))
            file.save_as_mofile(str(path.with_suffix(".mo")))


def _entry(key: Key, language: str) -> polib.POEntry:
    context, msgid, plural = key
    if plural is None:
        return polib.POEntry(msgctxt=context, msgid=msgid, msgstr="")
    forms = {0: "", 1: ""} if language == "en" else {0: ""}
    return polib.POEntry(msgctxt=context, msgid=msgid, msgid_plural=plural, msgstr_plural=forms)


def main() -> int:
    """Update or check the named rooms, or all."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)
        django.setup()
    chosen = [name for name in sys.argv[1:] if not name.startswith("-")] or rooms()
    wrong = 0
    for room in chosen:
        if "--check" not in sys.argv:
            update(room)
        for language in LANGUAGES:
            for msgid in missing(room, language):
                wrong += 1
                print(f"{room} {language}: {msgid!r}")
    print(f"{wrong} messages lack a translation")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
