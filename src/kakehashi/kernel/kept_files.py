"""Nothing uploaded is lost: the files of a form of staff that was refused, or came too late, are held and come back with it.

They are held sealed for an hour, for the person who sent them in the browser that sent them (`HoldsFiles`, see the people room), and
nobody opens them on the way: when the form is sent again they pass the same door as any upload, which looks at kind and size and
has them scanned. Whoever chooses another file in their place sends that one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from kakehashi.kernel.registry import Registry

__all__ = ["DROP", "FIELD", "MOST_BYTES", "HeldFile", "HoldsFiles", "bring_back", "holders", "let_go", "show_held"]

#: The hidden field that names what is held, and the tick that says it is not wanted any more.
FIELD, DROP = "_kept_files", "_drop_files"
#: Larger files come in parts beforehand, and their receipts stay in the form.
MOST_BYTES = 10 * 1024 * 1024
_MOST_FILES = 20
_REFUSED = (409, 422)
_INPUT = re.compile(r"<input\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class HeldFile:
    """One file of a form: the name of its field, its own name, the kind the browser called it, and its content."""

    field: str
    name: str
    media_type: str
    content: bytes


class HoldsFiles(Protocol):
    """Who holds files for a person."""

    def hold(self, request: HttpRequest, files: Sequence[HeldFile]) -> UUID | None:
        """Hold them for whoever sends this request; None when they cannot be held."""

    def held(self, request: HttpRequest, held_id: UUID) -> Sequence[HeldFile]:
        """The files again, for their owner in the browser that sent them; nothing for anybody else."""


holders: Registry[HoldsFiles] = Registry("holders of files")


def files_in(request: HttpRequest) -> list[HeldFile]:
    """The files of a request that can be held, the smallest first as long as there is room."""
    sent = [(field, each) for field, many in request.FILES.lists() for each in many]
    found, room = [], MOST_BYTES
    for field, each in sorted(sent, key=lambda one: one[1].size or 0)[:_MOST_FILES]:
        if 0 < (each.size or 0) <= room:
            each.seek(0)
            found.append(HeldFile(field, str(each.name), each.content_type or "", each.read()))
            room -= each.size or 0
    return found


def bring_back(request: HttpRequest) -> None:
    """Put the files that are held for this form into it, where the person chose no others."""
    if request.method != "POST" or FIELD not in request.POST:
        return
    unwanted, chosen = set(request.POST.getlist(DROP)), set(request.FILES)
    for text in request.POST.getlist(FIELD)[:5]:
        try:
            held_id = UUID(text)
        except ValueError:
            continue
        for _, holder in holders.items():  # noqa: PERF102 - a registry
            for one in holder.held(request, held_id):
                if one.field not in unwanted and one.field not in chosen:
                    request.FILES.appendlist(one.field, SimpleUploadedFile(one.name, one.content, one.media_type))


def let_go(request: HttpRequest) -> None:
    """Say that the files of this form were taken in, though the form itself is refused: they are not held besides."""
    request.takes_files_itself = True  # type: ignore[attr-defined]


def show_held(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Hold the files of a form that was refused, and say so beside each place where files are chosen."""
    if (
        response.status_code not in _REFUSED
        or request.method != "POST"
        or not isinstance(response, HttpResponse)
        or not response.get("Content-Type", "").startswith("text/html")
        or getattr(request, "takes_files_itself", False)
    ):
        return response
    receipts = _receipts(request)
    if not (request.FILES or receipts):
        return response
    page = response.content.decode()
    places = _places(page)
    held = [one for one in files_in(request) if one.field in places]
    held_id = next((found for _, one in holders.items() if (found := one.hold(request, held))), None) if held else None
    told = {one.field for one in held} if held_id is not None else set()
    added: dict[str, SafeString] = {}
    for field in places:
        names = [one.name for one in held if one.field == field and field in told]
        beforehand = [value for value in receipts.get(field, ()) if escape(value) not in page]
        if names or beforehand:
            added[field] = _told(field, names, held_id, beforehand)
    if added:
        response.content = _INPUT.sub(lambda found: found[0] + added.get(_field_of(found[0]), ""), page)
    return response


def _receipts(request: HttpRequest) -> dict[str, list[str]]:
    """What came in parts beforehand, by the field it was chosen in."""
    ending = ".uploaded"
    return {name.removesuffix(ending): values for name, values in request.POST.lists() if name.endswith(ending)}


def _places(page: str) -> list[str]:
    return list(dict.fromkeys(field for tag in _INPUT.findall(page) if (field := _field_of(tag))))


def _field_of(tag: str) -> str:
    """The name of the field where files are chosen; nothing for another input."""
    name = re.search(r'\bname="([^"]+)"', tag) if re.search(r'\btype="file"', tag) else None
    return name[1] if name else ""


def _told(field: str, names: Sequence[str], held_id: UUID | None, receipts: Sequence[str]) -> SafeString:
    shown = format_html_join("", "<li>選択済み：{}</li>", ((name,) for name in names))
    carried = format_html_join(
        "", '<input type="hidden" name="{}.uploaded" value="{}">', ((field, one) for one in receipts)
    )
    if receipts:
        shown += format_html("<li>選択済み：送り終わったファイル {}件</li>", len(receipts))
    if names:
        carried += format_html(
            '<label class="dads-choice"><input class="dads-checkbox__input" type="checkbox" name="{}" value="{}">'
            '<span>選択済みのファイルを使わない</span></label><input type="hidden" name="{}" value="{}">',
            DROP, field, FIELD, held_id,
        )  # fmt: skip
    return format_html(
        '<div data-held-files><ul class="dads-list">{}</ul>'
        '<p class="dads-u-muted">もう一度選ばなくても、このまま送れます。ほかのファイルを選ぶと、入れかわります。</p>{}</div>',
        shown, carried,
    )  # fmt: skip
