"""Mails in files are read by nobody but the operator's account."""

from __future__ import annotations

import stat

from django.core import mail
from django.core.mail import EmailMessage


def test_the_folder_of_mails_is_closed_to_others_also_where_it_was_open(tmp_path):
    folder = tmp_path / "home" / "mail"
    folder.mkdir(parents=True, mode=0o755)
    post = mail.get_connection("kakehashi.site.mail_files.EmailBackend", file_path=str(folder))
    EmailMessage("確認コード", "123456", "town@example.jp", ["hana@example.jp"], connection=post).send()
    (written,) = folder.iterdir()
    assert "Subject" in written.read_text()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_settings_write_mails_through_it(settings):
    import kakehashi.site.settings as written

    assert written.EMAIL_BACKEND == "kakehashi.site.mail_files.EmailBackend"
