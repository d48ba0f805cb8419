"""A form as a file: documented JSON with a digest and the signature of whoever wrote it (docs/develop/form-file.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kakehashi.eforms.domain.carried import digest_of, open_carried
from kakehashi.eforms.domain.checks import my_number_problems
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import DefinitionError, FormDefinition, from_json, to_json

__all__ = ["KIND", "FormFile", "UnreadableFormFileError", "content_of", "read_form_file"]

KIND, FORMAT = "kakehashi.form", 1
_NOT_A_FORM = "様式のファイルではありません。「ファイルに書き出す」で作ったファイルを選んでください。"


class UnreadableFormFileError(ValueError):
    """The file cannot be taken; the message says why, in Japanese."""


@dataclass(frozen=True)
class FormFile:
    """What a file holds: the title, the form, who wrote it, the digest that was checked, and the signed note if there is one."""

    title: str
    definition: FormDefinition
    source: str
    digest: str
    note: str = ""
    signer: str = ""


def content_of(title: str, definition: FormDefinition, source: str) -> dict[str, Any]:
    """What the digest is of. Blocks of this government are no part of it: elsewhere nobody has them."""
    return {
        "kind": KIND,
        "format": FORMAT,
        "title": title[:200],
        "source": source[:200],
        "form": to_json(replace(definition, blocks=())),
    }


def read_form_file(raw: bytes) -> FormFile:
    """Read a file that anybody may have made; raises UnreadableFormFileError with a sentence."""
    data = open_carried(raw, kind=KIND, number=FORMAT, refused=UnreadableFormFileError, stranger=_NOT_A_FORM)
    return _checked(data)


def _checked(data: dict[str, Any]) -> FormFile:
    content = {name: data.get(name) for name in ("kind", "format", "title", "source", "form")}
    try:
        digest = digest_of(content)
    except (ValueError, RecursionError) as error:
        raise UnreadableFormFileError(_NOT_A_FORM) from error
    if data.get("digest") != f"sha256:{digest}":
        raise UnreadableFormFileError("ファイルの中身が、書き出したときと違います。もう一度受け取ってください。")
    title, source = (_words(content[name]) for name in ("title", "source"))
    try:
        definition = replace(from_json(content["form"]), blocks=())
        compile_form(definition)
    except DefinitionError as error:
        # What stands behind the colon is a key or a type of the file: no person can do anything with it.
        said = str(error).partition("：")[0].rstrip("。")
        raise UnreadableFormFileError(f"この様式は読み取れません。{said}。") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFormFileError("この様式は読み取れません。項目の設定が正しくありません。") from error
    if found := my_number_problems(definition):
        raise UnreadableFormFileError(found[0].message)
    note, signer = (_words(data.get(name, "")) for name in ("note", "signer"))
    return FormFile(title, definition, source, digest, note, signer)


def _words(value: object) -> str:
    if not isinstance(value, str) or len(value) > 2_000:
        raise UnreadableFormFileError(_NOT_A_FORM)
    if any(letter == "\x00" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise UnreadableFormFileError("使えない文字が入っています。")
    return value
