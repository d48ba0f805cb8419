"""One encrypted archive of everything: every table at one point in time, the files, the keys.

The form does not depend on PostgreSQL's version: tables travel as COPY text and are loaded into tables that migrations
made, so 18 goes to 15 and back.
"""

from kakehashi.site.archive.contents import (
    FOLDERS,
    Contents,
    Head,
    NotRestorable,
    compare,
    journal_roots,
    row_counts,
    table_names,
)
from kakehashi.site.archive.loading import ArchiveReader
from kakehashi.site.archive.sealing import (
    NotReadable,
    RecoveryKey,
    backup_public_key,
    fingerprint,
    key_of_the_way_back,
    recovery_key,
)
from kakehashi.site.archive.writing import Progress, Selection, write_archive

__all__ = [
    "FOLDERS",
    "ArchiveReader",
    "Contents",
    "Head",
    "NotReadable",
    "NotRestorable",
    "Progress",
    "RecoveryKey",
    "Selection",
    "backup_public_key",
    "compare",
    "fingerprint",
    "journal_roots",
    "key_of_the_way_back",
    "recovery_key",
    "row_counts",
    "table_names",
    "write_archive",
]
