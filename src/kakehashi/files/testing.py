"""What the tests of this room and of the rooms above share: small true files, and a purpose for tests."""

from __future__ import annotations

import io
import zipfile

from kakehashi.files.hooks import register_access
from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor, ActorKind

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
PURPOSE = "files.test"
SEALED_PURPOSE = "files.test_sealed"


def _staff_only(actor: Actor, stored_file: StoredFile) -> bool:
    return actor.kind is ActorKind.STAFF


def docx(*, with_macro: bool = False) -> bytes:
    """The least zip that is a Word document."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
        if with_macro:
            archive.writestr("word/vbaProject.bin", b"\x00")
    return made.getvalue()


register_access(PURPOSE, _staff_only, max_bytes=2_000_000)
register_access(SEALED_PURPOSE, _staff_only, max_bytes=2_000_000, is_sealed=True)
