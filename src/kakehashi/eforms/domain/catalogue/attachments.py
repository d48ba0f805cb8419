"""添付: files that are already in the content store, kept in answers as references."""

from __future__ import annotations

import re
from typing import Any

from kakehashi.eforms.domain.catalogue.base import (
    Context,
    FieldType,
    Input,
    Raw,
    Setting,
    Wrong,
    int_setting,
    line,
    shape_problem,
)
from kakehashi.eforms.domain.definition import Field, localized
from kakehashi.eforms.domain.problems import Problem, gettext_noop

__all__ = ["AttachmentType"]

REQUIRED_FILE = gettext_noop("「%(label)s」のファイルを選んでください。")
TOO_MANY_FILES = gettext_noop("ファイルは%(limit)d個までです。")
_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_ID_PATTERN = re.compile(_ID)
# What the browser's file chooser offers first; the content store decides by content, not by this list. HEIC is taken but not
# offered: a telephone that is not asked for it sends a JPEG, which every PC of an office opens.
ACCEPTS = {
    "": ".pdf,.jpg,.jpeg,.png,.docx,.xlsx",
    "image": "image/jpeg,image/png",
    "pdf": "application/pdf",
}


class AttachmentType(FieldType):
    """添付: a list of ``{"id", "name", "size"}``; the id is the stored file's."""

    code = "file"
    label = "添付ファイル"
    required_message = REQUIRED_FILE
    settings = (
        Setting("max_files", "最高いくつ（ふつうは3）", "int"),
        Setting(
            "accept",
            "種類",
            "choice",
            choices=(("", "PDF・写真・Word・Excel"), ("image", "写真だけ"), ("pdf", "PDFだけ")),
        ),
    )

    def most(self, field_: Field) -> int:
        """The greatest number of files."""
        return max(1, min(int_setting(field_, "max_files") or 3, 20))

    def gather(self, field_: Field, raw: Raw, prefix: str = "") -> object:
        """References only: text posted under the name is never taken for one."""
        return raw.attached(f"{prefix}{field_.key}")

    def parse(self, field_: Field, raw: object, context: Context) -> list[dict[str, Any]] | None:
        """The references, None when there is none."""
        if raw is None or raw in ("", []):
            return None
        if not isinstance(raw, list) or len(raw) > 100:
            raise shape_problem(field_)
        if len(raw) > self.most(field_):
            raise Wrong(Problem(TOO_MANY_FILES, {"limit": self.most(field_)}))
        return [self._reference(field_, item) for item in raw]

    def _reference(self, field_: Field, item: object) -> dict[str, Any]:
        if not isinstance(item, dict):
            raise shape_problem(field_)
        id_, size = item.get("id"), item.get("size")
        if not isinstance(id_, str) or not _ID_PATTERN.fullmatch(id_):
            raise shape_problem(field_)
        if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < 10**12:
            raise shape_problem(field_)
        return {"id": id_, "name": line(item.get("name"), 255), "size": size}

    def schema(self, field_: Field) -> dict[str, Any]:
        """A list of references."""
        return {
            "type": "array",
            "minItems": 1,
            "maxItems": self.most(field_),
            "items": {
                "type": "object",
                "required": ["id", "name", "size"],
                "properties": {
                    "id": {"type": "string", "pattern": _ID},
                    "name": {"type": "string", "maxLength": 255},
                    "size": {"type": "integer", "minimum": 0},
                },
                "additionalProperties": False,
            },
        }

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """One file input; the page lists the files already kept above it."""
        kept = [item for item in typed if isinstance(item, dict)] if isinstance(typed, list) else []
        accept = field_.settings.get("accept", "")
        return [
            Input(
                name=f"{prefix}{field_.key}",
                label=localized(field_, "label", language),
                control="file",
                value=kept,
                accept=ACCEPTS.get(accept if isinstance(accept, str) else "", ACCEPTS[""]),
                required=field_.required and not kept,
                maxlength=self.most(field_),
            )
        ]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """Names with sizes."""
        return "、".join(f"{item['name']}（{readable_size(item['size'])}）" for item in value)


def readable_size(size: int) -> str:
    """A size in bytes as people read it: 820 B, 12 KB, 3.4 MB."""
    if size < 1_000:
        return f"{size} B"
    return f"{size // 1_000} KB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
