"""Background work of records."""

from __future__ import annotations

from uuid import UUID

from kakehashi.governments.selectors import who_has
from kakehashi.kernel.queue import enqueue, sweep, task
from kakehashi.records.models import DisposalList, Mailbox
from kakehashi.records.services.disposal_lists import gather_piece
from kakehashi.records.services.executing import execute_piece
from kakehashi.records.services.mails import look_into
from kakehashi.records.services.record_files import fold_names
from kakehashi.records.services.words import read_words


@task(name="records.read_words")
def read_words_of(government_id: UUID, document_id: str) -> None:
    """Read the words inside a document's files into the index."""
    read_words(document_id=UUID(document_id))


@task(name="records.gather_disposal_list")
def gather(government_id: UUID, list_id: str) -> None:
    """Put the next files on a disposal list; each piece is a transaction of its own, so that the page sees how far it is."""
    if gather_piece(disposal_list=DisposalList.objects.get(id=list_id)):
        enqueue("records.gather_disposal_list", government_id=government_id, list_id=list_id)


@task(name="records.execute_disposal_list")
def execute(government_id: UUID, list_id: str, label: str) -> None:
    """Carry out the next approved items of a list."""
    if execute_piece(disposal_list=DisposalList.objects.get(id=list_id), label=label):
        enqueue("records.execute_disposal_list", government_id=government_id, list_id=list_id, label=label)


@sweep(name="records.look_into_mailboxes", seconds=60, waiting=who_has("records_mailbox", "is_on"))
def look_into_mailboxes(government_id: UUID) -> None:
    """Take what is new in the mailboxes of one government."""
    for mailbox in Mailbox.objects.filter(is_on=True).order_by("id"):
        look_into(mailbox=mailbox)


@sweep(name="records.fold_names", seconds=3600)
def fold_names_of(government_id: UUID) -> None:
    """Fill in the folded names of the files an earlier version wrote."""
    fold_names()
