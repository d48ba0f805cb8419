"""What a record file held, in lines of ids and digests: it can be proved after the content is gone, and not read."""

from collections.abc import Iterable
from uuid import UUID


def content_lines(documents: Iterable[tuple[UUID, str, UUID, str]], files: Iterable[tuple[UUID, str, int]]) -> str:
    """One line a document (id, source kind, source id, number) and one a file (its document, SHA-256, bytes), in order."""
    lines = [f"document {one} {kind} {source} {number}" for one, kind, source, number in documents]
    lines += [f"file {document} {sha256} {size}" for document, sha256, size in files]
    return "\n".join(lines)
