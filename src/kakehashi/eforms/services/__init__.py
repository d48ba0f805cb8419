"""Writing forms: drafts are compared and set, versions are only ever added, papers become drafts."""

from kakehashi.eforms.services.banks import import_banks
from kakehashi.eforms.services.form_files import export_form, import_form
from kakehashi.eforms.services.forms import (
    create_form,
    keep_uploads,
    publish_form,
    receive_version,
    redo_draft,
    save_draft,
    undo_draft,
)
from kakehashi.eforms.services.many_forms import NewForm, make_forms, take_back_forms, touched_forms
from kakehashi.eforms.services.papers import (
    adopt_form,
    drop_papers,
    judge_field,
    read_dropped,
    read_waiting,
)

__all__ = [
    "NewForm",
    "adopt_form",
    "create_form",
    "drop_papers",
    "export_form",
    "import_banks",
    "import_form",
    "judge_field",
    "keep_uploads",
    "make_forms",
    "publish_form",
    "read_dropped",
    "read_waiting",
    "receive_version",
    "redo_draft",
    "save_draft",
    "take_back_forms",
    "touched_forms",
    "undo_draft",
]
