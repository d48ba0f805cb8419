"""Writing a form to a file and reading one."""

from __future__ import annotations

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from kakehashi.eforms.domain.carried import digest_of
from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.domain.form_file import FormFile, UnreadableFormFileError, content_of, read_form_file
from kakehashi.eforms.models import Form
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.services.forms import save_draft
from kakehashi.governments.selectors import get_government
from kakehashi.journal.adapters.signing_key import load_forms_key
from kakehashi.journal.domain.notes import BadNoteError, VerifierKey, open_note, sign_note, verifier_key
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["export_form", "import_form", "signer_words"]

NAME = "kakehashi-form"


def export_form(*, actor: Actor, form: Form, source: str) -> bytes:
    """The draft as a file, signed by the form's government; ``source`` is its name. Needs ``eforms.form:edit``."""
    require(actor, EformsPermission.EDIT)
    content = content_of(form.title, from_json(form.draft), source)
    digest, key = digest_of(content), _own_key()
    signed = {
        **content,
        "digest": f"sha256:{digest}",
        "note": sign_note(f"{NAME}\nsha256:{digest}\n", NAME, key),
        "signer": str(verifier_key(NAME, key)),
    }
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()


def _own_key() -> Ed25519PrivateKey:
    return load_forms_key(settings.JOURNAL_KEY, get_government(current_government_id()).code)


@service
def import_form(*, actor: Actor, form: Form, content: bytes, expected_revision: int) -> FormFile:
    """Make what a file holds the draft of a form; it can be undone like any other act.

    Raises DomainError with what is wrong with the file, Stale, PermissionRefused.
    """
    try:
        read = read_form_file(content)
        signer_words(read)
    except UnreadableFormFileError as error:
        raise DomainError(str(error), field="file", code="unreadable") from error
    save_draft(
        actor=actor,
        form=form,
        definition=read.definition,
        expected_revision=expected_revision,
        act=f"ファイル「{read.title[:100]}」を読み込んだ",
    )
    return read


def signer_words(read: FormFile) -> str:
    """Who signed a file, for staff. Raises UnreadableFormFileError when the signature does not belong to the file."""
    if not read.note:
        return "署名のないファイルです。だれが作ったか、確かめてください。"
    try:
        signer = VerifierKey.parse(read.signer)
        said = open_note(read.note, signer)
    except (BadNoteError, ValueError) as error:
        raise UnreadableFormFileError("ファイルの署名が正しくありません。もう一度受け取ってください。") from error
    if said != f"{NAME}\nsha256:{read.digest}\n":
        raise UnreadableFormFileError("ファイルの署名が、中身のものではありません。もう一度受け取ってください。")
    if signer.public == verifier_key(NAME, _own_key()).public:
        return "この団体が書き出したファイルです。"
    return f"ほかの団体が署名したファイルです（{read.source or '団体名なし'}、鍵 {signer.key_id.hex()}）。"
