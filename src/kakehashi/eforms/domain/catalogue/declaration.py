"""署名・宣言: a statement that somebody signs by typing the name; a drawn signature may stand beside it."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from kakehashi.eforms.domain.catalogue.base import (
    Context,
    FieldType,
    Input,
    Setting,
    Wrong,
    line,
    shape_problem,
    typed_parts,
    typed_text,
)
from kakehashi.eforms.domain.definition import Field
from kakehashi.eforms.domain.problems import Problem, gettext_noop, pgettext

__all__ = ["DRAWING_HEIGHT", "DRAWING_WIDTH", "DeclarationType"]

DRAWING_WIDTH, DRAWING_HEIGHT, LONGEST_DRAWING = 600, 200, 8_000
# Strokes as whole points: enough for a signature, and nothing but figures can ever stand in the picture.
_DRAWING = r"^(M[0-9]{1,3} [0-9]{1,3}(L[0-9]{1,3} [0-9]{1,3})*)*$"
_DRAWING_PATTERN = re.compile(_DRAWING)
_LABELS = {
    "name": pgettext("form part", "署名（氏名を入力）"),
    "drawing": pgettext("form part", "手書きの署名"),
}
SIGN = gettext_noop("「%(label)s」：内容を確かめて、氏名を入力してください。")
BAD_DRAWING = gettext_noop("手書きの署名を読み取れませんでした。もう一度書くか、氏名だけを入力してください。")


class DeclarationType(FieldType):
    """署名・宣言: ``{"name", "drawing"}``. The typed name signs; the drawing is optional and never needed, for hands that cannot draw."""

    code = "declaration"
    label = "署名・宣言"
    parts = ("name", "drawing")
    is_group = True
    takes_free_text = False
    required_message = SIGN
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("drawing", "手書きの署名もできるようにする（なくてもよい）", "bool", default=False),
    )

    def parse(self, field_: Field, raw: object, context: Context) -> dict[str, str] | None:
        """The name and the strokes, None when no name is there."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, dict) or not raw.keys() <= set(self.parts):
            raise shape_problem(field_)
        name = line(raw.get("name"), 60, "name")
        drawing = raw.get("drawing") or ""
        if not isinstance(drawing, str) or len(drawing) > LONGEST_DRAWING or not _DRAWING_PATTERN.fullmatch(drawing):
            raise Wrong(Problem(BAD_DRAWING, part="drawing"))
        if not name:
            if drawing:
                raise Wrong(Problem(SIGN, {"label": field_.label}, part="name"))
            return None
        return {"name": name, "drawing": drawing if field_.settings.get("drawing") else ""}

    def schema(self, field_: Field) -> dict[str, Any]:
        """A name and strokes."""
        return {
            "type": "object",
            "required": ["name", "drawing"],
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 60},
                "drawing": {"type": "string", "maxLength": LONGEST_DRAWING, "pattern": _DRAWING},
            },
            "additionalProperties": False,
        }

    def inputs(self, field_: Field, typed: object, language: str, prefix: str = "") -> list[Input]:
        """The name; the drawing where the form asks for it."""
        values = typed_parts(typed)
        name = f"{prefix}{field_.key}"
        found = [
            Input(
                name=f"{name}.name",
                part="name",
                label=_LABELS["name"],
                value=typed_text(values.get("name")),
                autocomplete="name",
                maxlength=60,
                required=field_.required,
            )
        ]
        if field_.settings.get("drawing"):
            drawing = typed_text(values.get("drawing"))
            kept = drawing if len(drawing) <= LONGEST_DRAWING and _DRAWING_PATTERN.fullmatch(drawing) else ""
            found.append(
                Input(name=f"{name}.drawing", part="drawing", label=_LABELS["drawing"], control="drawing", value=kept)
            )
        return found

    @staticmethod
    def strokes(drawing: str) -> list[list[tuple[int, int]]]:
        """The points of a kept drawing, stroke by stroke."""
        lines = [part.replace("L", " ").split() for part in drawing.split("M") if part]
        return [[(int(x), int(y)) for x, y in zip(line[::2], line[1::2], strict=True)] for line in lines]

    def describe(self, field_: Field, value: Any, language: str = "ja") -> str:
        """The name, and whether it was drawn as well."""
        drawn = " (with a drawn signature)" if language == "en" else "（手書きの署名つき）"
        return f"{value['name']}{drawn if value.get('drawing') else ''}"
